"""The packaged program, run as a library's IT person and its desk would run it."""
