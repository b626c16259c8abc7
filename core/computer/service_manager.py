"""Says to the service manager how this program is (systemd's sd_notify protocol)."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"
logger = logging.getLogger(__name__)


def tell_service_manager(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """One of ``READY``, ``ALIVE`` and ``STOPPING``; nothing where no service manager listens.

    What can't be told is logged and stops nothing.
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.connect("\0" + address[1:] if address.startswith("@") else address)
            door.sendall(state.encode())
    except OSError:
        logger.warning("the service manager could not be told %s", state.partition("=")[0])
