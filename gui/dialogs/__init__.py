"""The dialogs that menus and buttons open."""
