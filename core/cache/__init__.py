"""What the cache is made of: one store a file, all on one small door to the database.

The statements of the stores are shared by every database; what only SQLite knows stands in
``sqlite_database``, ``schema``, ``opening`` and ``faults``.
"""
