"""When nobody looks: who is told, by mail or web hook, that bookings aren't registered."""
