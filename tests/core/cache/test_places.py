from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from core.cache import places
from core.cache.places import is_on_network, refuse_network_drive
from core.domain.errors import CacheMisplaced
from tests.core.on_windows import load_on_windows

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/homes /home nfs4 rw 0 0
/dev/sda2 /home/local ext4 rw 0 0
//files/desk /mnt/our\\040share cifs rw 0 0
library@files: /mnt/files fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("/var/lib/cache.db", False),
        ("/home/jo/cache.db", True),
        ("/home/local/cache.db", False),
        ("/homes/cache.db", False),
        ("/mnt/our share/cache.db", True),
        ("/mnt/files/cache.db", True),
    ],
)
def test_the_mount_above_a_file_decides(tmp_path: Path, place: str, expected: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert is_on_network(Path(place), mounts) is expected


@pytest.mark.parametrize(
    ("kind", "is_network"),
    [
        *((kind, True) for kind in ("gpfs", "beegfs", "9p", "ocfs2", "gfs2", "panfs", "virtiofs")),
        *((f"fuse.{kind}", True) for kind in ("sshfs", "beegfs", "mfs", "s3fs", "juicefs")),
        *((kind, False) for kind in ("btrfs", "xfs", "zfs", "overlay", "fuseblk", "fuse.ntfs-3g")),
    ],
)
def test_a_cluster_file_system_counts_as_a_network_drive(
    tmp_path: Path, kind: str, is_network: bool
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nscratch /scratch {kind} rw 0 0\n")
    assert is_on_network(Path("/scratch/cache.db"), mounts) is is_network


def test_a_link_counts_as_what_it_leads_to(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path.resolve()}/far nfs rw 0 0\n")
    (tmp_path / "near").symlink_to(tmp_path / "far")
    assert is_on_network(tmp_path / "near" / "cache.db", mounts)


def test_where_nothing_is_known_nothing_is_refused(tmp_path: Path) -> None:
    assert not is_on_network(Path("/home/jo/cache.db"), tmp_path / "missing")


class FakeDrive:
    """A path on Windows, as far as it is asked."""

    def __init__(self, drive: str) -> None:
        self.drive = drive

    def resolve(self) -> FakeDrive:
        return self


@pytest.mark.parametrize(
    ("drive", "kind", "expected"),
    [("C:", 3, False), ("H:", 4, True), ("\\\\files\\desk", 0, True)],
)
def test_on_windows_the_drive_decides(
    monkeypatch: pytest.MonkeyPatch, drive: str, kind: int, expected: bool
) -> None:
    kernel = SimpleNamespace(GetDriveTypeW=lambda _root: kind)
    ctypes = SimpleNamespace(windll=SimpleNamespace(kernel32=kernel))
    windows = load_on_windows(monkeypatch, places, ctypes=ctypes)
    assert windows.is_on_network(FakeDrive(drive)) is expected


def test_a_cache_on_a_network_drive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "is_on_network", lambda _path: True)
    with pytest.raises(CacheMisplaced, match="shared cache on PostgreSQL"):
        refuse_network_drive(Path("cache.db"))
