"""The desk window: puts the parts together, and its menus. Only ``gui.start`` imports it."""
