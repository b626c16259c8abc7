"""What the desk wants done: asked about, and handed to the engine."""
