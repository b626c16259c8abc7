"""One computer's engine, the one that only shows, and how their parts are put together."""
