"""The outcome matrix: each call of the three services × each way it can end.

A cell says what is recorded, what the desk reads and what happens next:

``ok``       it goes on: the visit is made and recorded in the same pass
``later``    nothing is recorded; the desk reads which service failed; it is tried again by itself
``blocked``  the same, and nothing is sent by itself before PassagePoint was asked how it is
``secret``   nothing is recorded; the desk reads that the login was refused; no call with this
             secret goes out by itself until a person acts
``refused``  recorded as refused; the desk reads PassagePoint's words; sent again only if changed
``-``        this call can't end so
``unclear``  recorded as unclear; the desk is asked to try the card; never sent again by itself
"""

from __future__ import annotations

from typing import NamedTuple

_TABLE = """
how it ends        token    bookings  user     login    createVisitor  byUniqueId  createPreReg

good               ok       ok        ok       ok       ok             ok          ok
name               later    later     later    later    later          later       later
connect            later    later     later    later    later          later       later
handshake          later    later     later    later    later          later       later

redirect           later    later     later    later    later          later       blocked
400                later    later     later    secret   refused        later       refused
400_html           later    later     later    later    later          later       blocked
401                secret   later     later    secret   later          later       later
403                secret   later     secret   secret   later          later       later
404                later    later     later    later    later          later       blocked
404_json           later    later     later    later    refused        later       refused
408                later    later     later    later    later          later       unclear
409                later    later     later    later    later          later       unclear
422                later    later     later    later    refused        later       refused
422_html           later    later     later    later    later          later       blocked
429                later    later     later    later    later          later       later
500                later    later     later    later    later          later       unclear
502                later    later     later    later    later          later       unclear
503                later    later     later    later    later          later       unclear
504                later    later     later    later    later          later       unclear

cut_before         later    later     later    later    later          later       unclear
cut_within         later    later     later    later    later          later       unclear
tls_after          later    later     later    later    later          later       unclear
timeout_after      later    later     later    later    later          later       unclear

empty              later    later     later    later    later          later       unclear
html               later    later     later    later    later          later       unclear
truncated          later    later     later    later    later          later       unclear
wrong_type         later    later     later    later    later          later       unclear
without_id         later    later     later    later    later          later       unclear
error_200          secret   later     later    secret   later          later       unclear
somebody_else      -        -         later    -        -              later       -
id:0               -        -         -        -        later          later       unclear
id:-1              -        -         -        -        later          later       unclear
id:pending         -        -         -        -        later          later       unclear

killed_before      ok       ok        ok       ok       ok             ok          unclear
killed_between     ok       ok        ok       ok       ok             ok          unclear
killed_after       ok       ok        ok       ok       ok             ok          unclear
"""


class Cell(NamedTuple):
    """One call, one way it can end, and what is expected then."""

    call: str
    ending: str
    expected: str

    def __str__(self) -> str:
        return f"{self.call} {self.ending}"


def _cells() -> list[Cell]:
    head, *lines = [line.split() for line in _TABLE.splitlines() if line]
    calls = head[3:]  # after "how it ends"
    return [
        Cell(call, line[0], expected)
        for line in lines
        for call, expected in zip(calls, line[1:], strict=True)
        if expected != "-"
    ]


def fault_of(ending: str) -> str:
    """What the practice services call it: an HTTP status with its look, or the same word."""
    status, _, look = ending.partition("_")
    return f"{status} {look}" if status.isdigit() and look else ending


CELLS = _cells()
SERVICE_OF = {
    "token": "LibCal",
    "bookings": "LibCal",
    "user": "Alma",
    "login": "PassagePoint",
    "createVisitor": "PassagePoint",
    "byUniqueId": "PassagePoint",
    "createPreReg": "PassagePoint",
}
