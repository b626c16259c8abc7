"""The question of a ledger that isn't the one known before, where nobody has a window."""

from __future__ import annotations

import pytest

from core.domain.errors import OpenQuestion
from tests.e2e.library import Library


def test_without_a_window_too_the_question_says_how_many_it_is_about(library: Library) -> None:
    library.books(3)
    program = library.open()
    program.log_new_bookings()
    library.close(program)
    for file in library.folder.glob("cache.db*"):
        file.unlink()
    program = library.open()
    program.log_new_bookings()
    with pytest.raises(OpenQuestion, match="earlier bookings, 3 of today's so far"):
        program.require_answer()
