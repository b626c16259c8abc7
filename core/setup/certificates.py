"""The library's own certificate authority: a chosen file is copied beside the settings."""

from __future__ import annotations

import ssl
import zlib
from pathlib import Path

from core.computer import paths
from core.domain.errors import ConfigError

CERTIFICATES = "authority-*.pem"
"""The copies that lie beside the settings."""
_LARGEST = 1_000_000


def keep_certificate(file: Path, folder: Path) -> Path:
    """Copy ``file`` into ``folder``; the same content is kept once.

    The binary form (DER) becomes text (PEM), which is what ``Network.ca_bundle`` takes.

    Raises:
        ConfigError: it holds no certificate, or can't be read or written.
    """
    try:
        content = file.read_bytes()[:_LARGEST]
        text = _as_pem(content)
        kept = folder / CERTIFICATES.replace("*", f"{zlib.crc32(text.encode()):08x}")
        if not kept.exists():
            paths.write_private(kept, text)
    except OSError as error:
        raise ConfigError(f"{file} can't be copied: {error.strerror or 'unknown'}.") from None
    return kept


def _as_pem(content: bytes) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if b"-----BEGIN" in content:
            text = content.decode("utf-8-sig")
        else:
            text = ssl.DER_cert_to_PEM_cert(content)
        context.load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError):
        raise ConfigError(
            "There is no certificate in this file.",
            "Ask IT for the certificate authority's file: PEM, .crt or .cer.",
        ) from None
    return text
