"""Secrets from the service manager: one credential each, and no password store behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import CredentialsError, SecretMissing, UsageError
from core.settings.service_credentials import ServiceCredentials
from tests.builders import a_config


def credentials(folder: Path | None, **given: str) -> ServiceCredentials:
    for name, secret in given.items():
        assert folder is not None
        (folder / f"libcal2pp.{name.replace('__', '.')}").write_text(secret)
    environment = {"CREDENTIALS_DIRECTORY": str(folder)} if folder is not None else {}
    config = a_config(Alma={"zones": ["Main", "Zone 2", "A/B"]})
    return ServiceCredentials(config, environment)


@pytest.mark.parametrize(
    ("service", "zone", "name"),
    [
        ("LibCal", None, "LibCal"),
        ("PassagePoint", None, "PassagePoint"),
        ("Alma", "Main", "Alma.Main"),
        ("Alma", None, "Alma.Main"),
        ("Alma", "Zone 2", "Alma.Zone_2"),
        ("Alma", "A/B", "Alma.A_B"),
        ("Cache", "somebody", "Cache"),
        ("Proxy", None, "Proxy"),
        ("Alerts", "mail", "Alerts.mail"),
        ("Alerts", "webhook", "Alerts.webhook"),
    ],
)
def test_each_secret_is_one_credential(
    tmp_path: Path, service: str, zone: str | None, name: str
) -> None:
    found = credentials(tmp_path, **{name: "s3cret\n"})
    assert found.secret(service, zone) == "s3cret"


def test_one_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing, match=r"libcal2pp\.Alma\.Zone_2") as caught:
        credentials(tmp_path).secret("Alma", "Zone 2")
    assert "LoadCredentialEncrypted=libcal2pp.Alma.Zone_2" in caught.value.hint


def test_all_that_are_missing_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing) as caught:
        credentials(tmp_path).require_all()
    said = str(caught.value)
    assert "LoadCredentialEncrypted=libcal2pp.LibCal:" in said
    assert "LoadCredentialEncrypted=libcal2pp.PassagePoint:" in said


def test_an_empty_one_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing):
        credentials(tmp_path, LibCal="\n").secret("LibCal")


def test_without_a_service_manager_there_are_none() -> None:
    with pytest.raises(CredentialsError, match="gave this program no credentials"):
        credentials(None).secret("LibCal")


def test_what_can_not_be_read_is_told(tmp_path: Path) -> None:
    found = credentials(tmp_path)
    (tmp_path / "libcal2pp.LibCal").write_bytes(b"\xff\xfe")
    with pytest.raises(CredentialsError, match="can't be read"):
        found.secret("LibCal")


def test_they_are_not_changed_from_here(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be changed"):
        credentials(tmp_path).set_secret("LibCal", "s3cret")
