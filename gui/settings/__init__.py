"""The assistant and the settings, page by page."""
