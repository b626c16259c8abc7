"""The command line, and passes without a window. Only ``main.py`` imports it."""
