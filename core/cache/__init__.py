"""The ledger and all else that is remembered: one store a file, on one small door to the database.

Verdict and all above may import it.

The statements of the stores are shared by every database; what only SQLite knows stands in
``sqlite_database``, ``schema``, ``opening`` and ``faults``.
"""
