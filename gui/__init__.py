"""The window, in PySide6. It imports the core; the core never imports it."""
