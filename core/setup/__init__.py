"""What the assistant and the settings need, without a window. ``core.cli`` and the window import
it.
"""
