"""Several computers with one ledger in a shared database. Setup, cli and the window import it."""
