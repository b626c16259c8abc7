"""Whom a shared database's certificate is checked against: the operating system's own list.

libpq's ``sslrootcert=system`` means the folder that its OpenSSL was built with, and the one that
comes with the driver was built with a folder that no computer has: it would trust nobody.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

from core.computer import paths
from core.computer.environment import trust_only_the_system

LISTS = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Ubuntu, Arch
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # Fedora, Red Hat
    Path("/etc/ssl/ca-bundle.pem"),  # SUSE
    Path("/etc/ssl/cert.pem"),  # macOS, Alpine
)
_COPY_NAME = "certificate-authorities.pem"


def system_roots(folder: Path | None = None) -> Path | None:
    """A file with the certificate authorities that this computer trusts; None: it has no list.

    Windows keeps them in a store of its own: what it has is copied into ``folder``, by default
    this account's config folder, anew each time.
    """
    trust_only_the_system()
    for file in LISTS:
        if file.is_file():
            return file
    return _copy_of(_known_to_windows(), folder or paths.config_folder())


def _known_to_windows() -> list[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context.get_ca_certs(binary_form=True)


def _copy_of(certificates: Sequence[bytes], folder: Path) -> Path | None:
    if not certificates:
        return None
    copy = paths.make_private(folder) / _COPY_NAME
    copy.write_text("".join(map(ssl.DER_cert_to_PEM_cert, certificates)), encoding="ascii")
    return copy
