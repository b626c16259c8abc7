"""Above the table, and the lowest line: date, search, services, chips, arrivals, strips."""
