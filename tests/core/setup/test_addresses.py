"""Addresses as they are typed and pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.setup.addresses import tidy_address

LIBCAL, ALMA = "https://booking.library.example.edu", "https://api-eu.hosted.exlibrisgroup.com"
PASSAGEPOINT = "https://passagepoint.example.edu:2444"


@pytest.mark.parametrize(
    ("section", "typed", "url", "remark"),
    [
        ("LibCal", LIBCAL, LIBCAL, ""),
        ("LibCal", f" {LIBCAL}/ ", LIBCAL, ""),
        ("LibCal", "booking.library.example.edu", LIBCAL, "https:// was put in front."),
        ("LibCal", f"{LIBCAL}/1.1/oauth/token", LIBCAL, "Cut to the service's address"),
        ("LibCal", f"{LIBCAL}/spaces?lid=8827#top", LIBCAL, "Cut to the service's address"),
        ("LibCal", f"<{LIBCAL}>", LIBCAL, ""),
        ("Alma", f"{ALMA}/almaws/v1/users/", ALMA, "Cut to the service's address"),
        ("PassagePoint", f"{PASSAGEPOINT}/pp/api/v2/auth/login", PASSAGEPOINT, "Cut to"),
        ("PassagePoint", f"{PASSAGEPOINT}/pp", PASSAGEPOINT, "Cut to"),
        ("PassagePoint", f"{PASSAGEPOINT}/gate/pp/api/v2", f"{PASSAGEPOINT}/gate", "Cut to"),
        ("PassagePoint", f"{PASSAGEPOINT}/gate", f"{PASSAGEPOINT}/gate", ""),
        ("PassagePoint", "passagepoint.example.edu:2444", PASSAGEPOINT, "https:// was put"),
        ("PassagePoint", "http://127.0.0.1:8080", "http://127.0.0.1:8080", ""),
        ("PassagePoint", "not an address", "not an address", ""),
        ("PassagePoint", "https://host:port", "https://host:port", ""),
        ("LibCal", "", "", ""),
        ("LibCal", '0"?', '0"?', ""),
    ],
)
def test_an_address_is_cut_to_what_it_means(
    section: str, typed: str, url: str, remark: str
) -> None:
    found = tidy_address(section, typed)
    assert found.url == url
    assert found.remark.startswith(remark)
    assert bool(found.remark) == bool(remark)


@given(st.sampled_from(["LibCal", "Alma", "PassagePoint"]), st.text(max_size=40))
def test_no_text_raises_and_twice_changes_nothing_more(section: str, typed: str) -> None:
    once = tidy_address(section, typed)
    assert tidy_address(section, once.url) == type(once)(once.url)
