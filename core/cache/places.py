"""Where a database isn't safe: SQLite's locks and its WAL don't work across a network."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from core.domain.errors import CacheMisplaced

_MOUNTS = Path("/proc/mounts")
_NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "afs", "ncpfs", "davfs", "glusterfs"}
    | {"ceph", "lustre", "gpfs", "beegfs", "fhgfs", "panfs", "pvfs2", "orangefs", "ocfs2", "gfs2"}
    | {"gfs", "9p", "afpfs", "webdav", "smb2", "cvfs", "acfs", "moosefs", "lizardfs", "virtiofs"}
    | {"vboxsf", "vmhgfs", "prl_fs", "exfs", "wekafs", "quobyte", "juicefs", "cephfs"}
)
"""Of other computers, of clusters that several computers mount, and of a virtual machine's host."""
_FUSE = "fuse."
"""Programs that mount something of theirs in front of the name, or instead of it: fuse.mfs …"""
_FUSE_NETWORK = _NETWORK_TYPES | {
    *("davfs2", "rclone", "mfs", "s3fs", "goofys", "gcsfuse", "blobfuse", "blobfuse2", "curlftpfs"),
    *("vmhgfs-fuse", "ceph-fuse", "gvfsd-fuse", "seaweedfs", "onedriver"),
}
_REMOTE_DRIVE = 4


def refuse_network_drive(path: Path) -> None:
    """Raises ``CacheMisplaced`` where ``path`` lies on a network drive."""
    if is_on_network(path):
        raise CacheMisplaced(
            f"The cache {path} lies on a network drive, where it can be damaged.",
            "Choose a folder on this computer, or let IT set up a shared cache on PostgreSQL.",
        )


def is_on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether ``path`` lies on a network drive; where that can't be told, it doesn't."""
    if sys.platform == "win32":
        return _is_remote_on_windows(path)
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False  # not Linux: opening asks SQLite itself whether WAL works there
    return _is_of_network(_type_of(os.path.realpath(path), table))


def _is_of_network(kind: str) -> bool:
    if kind.startswith(_FUSE):
        return kind.removeprefix(_FUSE) in _FUSE_NETWORK
    return kind in _NETWORK_TYPES


def _type_of(path: str, table: str) -> str:
    """The file system's type by the longest mount point above ``path``; the last one wins."""
    best, found = "", ""
    for line in table.splitlines():
        _, mount, kind, *_ = line.split(" ")
        mount = mount.replace("\\040", " ").rstrip("/")
        if (path + "/").startswith(mount + "/") and len(mount) >= len(best):
            best, found = mount, kind
    return found


if sys.platform == "win32":
    import ctypes

    def _is_remote_on_windows(path: Path) -> bool:
        drive = path.resolve().drive
        if drive.startswith("\\\\"):
            return True
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE_DRIVE)
