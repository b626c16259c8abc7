"""Trust inside the bundle: a campus authority is named in the settings, or isn't trusted."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

import trustme
import yaml

from tests.core.local_server import Visit, serving
from tests.packaging.package import Package, Served, served, settings_file


def believes_the_systems_authorities(package: Package) -> None:
    """An unknown certificate is said to be one; named in the settings, the login goes through."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with tempfile.TemporaryDirectory() as folder, served(package) as services:
        known = Path(folder) / "authorities.pem"
        authority.cert_pem.write_to_path(str(known))
        with serving(_passagepoint, context) as server:
            settings = _moved(services, server.url)
            # Whoever sets the environment must not be able to add an authority.
            unknown = _said_of_passagepoint(package, settings, {"SSL_CERT_FILE": str(known)})
            settings = _moved(services, server.url, ca_bundle=str(known))
            trusted = _said_of_passagepoint(package, settings, {})
    assert "certificate is not trusted by this computer" in unknown, unknown
    assert "PassagePoint accepts the login" in trusted, trusted


def _passagepoint(visit: Visit) -> None:
    if visit.path.endswith("/login"):
        visit.answer({"token": "t"})
    else:
        visit.answer({"data": ["Main Desk", "Annex Desk"]})


def _moved(services: Served, url: str, ca_bundle: str | None = None) -> str:
    content = yaml.safe_load(services.settings)
    content["PassagePoint"]["url"] = url
    content["Network"] = {"proxy": "none", "ca_bundle": ca_bundle}
    text: str = yaml.safe_dump(content)
    return text


def _said_of_passagepoint(package: Package, settings: str, environment: dict[str, str]) -> str:
    with settings_file(settings) as config:
        package.run("--config", config, "--set-secret", "PassagePoint", given="pw")
        done = package.run("--config", config, "--check", environment=os.environ | environment)
    return "\n".join(line for line in done.stdout.splitlines() if "PassagePoint" in line)
