"""The background work: the engine in its thread, and how the window hears of it. The one thread."""
