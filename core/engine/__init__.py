"""What an engine can do, one computer's, the read-only one, and the one loop of passes.

Sharing, setup, cli and the window import it.
"""
