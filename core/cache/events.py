"""The one order of what happened to bookings: sends and decisions, by their place in the ledger.

A clock can be wrong, and be put right in between.
"""

NEXT = (
    "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM (SELECT MAX(sequence) AS sequence FROM appts"
    " UNION ALL SELECT MAX(sequence) FROM decisions) AS events)"
)
"""SQL for the number of the event that is being stored; one process stores at a time."""
BY_CLOCK = (
    "SELECT id, ROW_NUMBER() OVER (ORDER BY at, kind, position) AS number FROM ("
    "SELECT send_id AS id, COALESCE(intended_at, settled_at, '') AS at, 0 AS kind, position"
    " FROM appts UNION ALL SELECT decision_id, at, 1, position FROM decisions) AS events"
)
"""SQL for the order of what was stored before events were numbered."""
