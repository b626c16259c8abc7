"""Two builds of one commit are the same, whoever built them where."""

from __future__ import annotations

from pathlib import Path

import pytest
from finish import digest, finish


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folder = tmp_path / "LibCal2PP"
    (folder / "inside").mkdir(parents=True)
    (folder / "LibCal2PP").write_text("program")
    (folder / "LibCal2PP-console").symlink_to("LibCal2PP")
    (folder / "inside" / "text").write_text("text")
    return folder


def test_rights_and_times_are_the_same_wherever_it_was_built(built: Path) -> None:
    (built / "inside" / "text").chmod(0o775)
    (built / "LibCal2PP").chmod(0o600)
    finish(built)
    assert (built / "inside" / "text").stat().st_mode & 0o777 == 0o644
    assert (built / "LibCal2PP").stat().st_mode & 0o777 == 0o755
    assert {path.lstat().st_mtime for path in built.rglob("*")} == {1700000000}


@pytest.mark.parametrize("change", ["content", "name", "rights", "link"])
def test_the_digest_tells_every_difference(built: Path, change: str) -> None:
    before = digest(built)
    assert digest(built) == before
    text = built / "inside" / "text"
    if change == "content":
        text.write_text("texts")
    elif change == "name":
        text.rename(built / "inside" / "other")
    elif change == "rights":
        text.chmod(0o755)
    else:
        (built / "LibCal2PP-console").unlink()
        (built / "LibCal2PP-console").symlink_to("inside/text")
    assert digest(built) != before
