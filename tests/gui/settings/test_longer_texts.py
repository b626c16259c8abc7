"""The pages of Settings and of the assistant with texts that are 40 % longer: nothing is cut."""

from __future__ import annotations

import pytest

from tests.gui.longer import cut, lengthen, settle
from tests.gui.settings.conftest import Open

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support")


@pytest.mark.parametrize("first_time", [True, False])
def test_each_page_has_room_for_longer_texts(open_settings: Open, first_time: bool) -> None:
    window = open_settings(first_time=first_time).window
    found: dict[str, list[str]] = {}
    for name in list(window.pages):
        window.show_page(name)
        settle(window)
        lengthen(window.page)
        settle(window)
        found[name] = list(cut(window.page))
    assert found == {name: [] for name in found}
