"""What the environment may not change, and what the operating system may not keep of us."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_AUTHORITIES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_SET_DUMPABLE = 4
"""``PR_SET_DUMPABLE`` in <linux/prctl.h>."""
_NO_CRASH_REPORT = 0x0001 | 0x0002
"""``SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX`` in <errhandlingapi.h>."""


def trust_only_the_system() -> None:
    """OpenSSL takes these for the system's own list: whoever may set them could add an authority.

    To be called before anything is verified; whoever needs another authority names it in
    ``Network.ca_bundle``.
    """
    for name in _AUTHORITIES:
        os.environ.pop(name, None)


def leave_no_core_dump() -> None:
    """A core dump holds the memory, and so the secrets; where it can't be forbidden, it isn't."""
    with suppress(OSError, AttributeError, ValueError):
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.kernel32.SetErrorMode(_NO_CRASH_REPORT)
        else:
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def keep_memory_private() -> None:
    """The limit alone doesn't keep a collector out that the kernel pipes dumps into (core(5)): on
    Linux the process says itself that it isn't to be dumped, nor read by others of its account.

    From then on the desktop's portal doesn't answer it either, for it looks into ``/proc`` to see
    who asks: a window asks for the system's colours first.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
