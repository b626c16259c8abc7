"""The day as a table: rows, columns, cells, what is selected and what is shown."""
