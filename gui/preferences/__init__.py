"""How a person likes the window, kept in a small file of their own; never in config.yml."""
