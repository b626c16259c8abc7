"""Finding text as people type it."""

from __future__ import annotations

import pytest

from core.domain.searching import has_all, searchable, wanted_words


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jörg Müller", "mueller"),
        ("Jörg Müller", "MULLER joerg"),
        ("JOERG MUELLER", "Jörg Müller"),
        ("Jorg Muller", "mueller jörg"),
        ("Bjørn Sørensen", "soerensen"),
        ("Bjoern Soerensen", "sørensen"),
        ("Åse Håkansson", "aase hakansson"),
        ("Günter Groß", "guenter gross"),
        ("Seán O’Brien", "o'brien"),
        ("Seán O’Brien", "obrien"),
        ("Kaʻiulani Kahananui", "ka'iulani"),
        ("IŞIK İbrahim", "ışık ibrahim"),
        ("Ewan McDonald", "macdonald"),
        ("Priya\u200b Patel", "priya"),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, typed: str) -> None:
    assert has_all(searchable(name), wanted_words(typed))


@pytest.mark.parametrize(
    "typed", ["G12345678", "g1234-5678", "G1234 5678", "Ｇ１２３４５６７８", "5678\u200e"]
)
def test_a_number_is_found_however_it_is_typed(typed: str) -> None:
    assert has_all(searchable("Priya Patel", "G12345678"), wanted_words(typed))


def test_every_word_must_be_there() -> None:
    hay = searchable("Priya Patel", "G12345678", None)
    assert not has_all(hay, wanted_words("priya müller"))
    assert has_all(hay, wanted_words(" "))


def test_a_letter_or_two_must_begin_a_word() -> None:
    assert has_all(searchable("Delphine Zeller"), wanted_words("zeller d"))
    assert not has_all(searchable("Bruno Zeller", "Study Room"), wanted_words("zeller d"))
