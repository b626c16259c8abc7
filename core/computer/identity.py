"""Which computer and account this is: who did something, in the log and for other computers."""

from __future__ import annotations

import getpass
import os


def account() -> str:
    """The account that is logged in on this computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # Windows without a user name looks for pwd
        return "unknown"


def computer() -> str:
    """This computer's name."""
    if os.name == "posix":
        return os.uname().nodename
    import socket  # says the same, and takes longer to load

    return socket.gethostname()


def display_name(who: str) -> str:
    """What people call the account of this name, as far as this computer knows."""
    try:
        import pwd

        full = pwd.getpwnam(who).pw_gecos.partition(",")[0].strip()
    except (ImportError, KeyError):
        return who
    return full or who
