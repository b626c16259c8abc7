"""What the practice services note, and the settings that lead to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import yaml

from core.practice.services import PracticeServices
from core.settings.config import check_config
from core.settings.credentials import Credentials
from tests.builders import NOON
from tests.practice.client import Client

SOON = NOON + timedelta(hours=2)


def test_calls_are_noted_in_order_without_secrets(
    services: PracticeServices, client: Client
) -> None:
    client.token()
    client.log_in(password="wrong")
    client.alma("G00000000")
    assert [(one.name, one.service, one.outcome) for one in services.calls] == [
        ("token", "LibCal", "200"),
        ("login", "PassagePoint", "401"),
        ("user", "Alma", "400"),
    ]
    noted = repr(services.calls)
    assert not any(secret in noted for _, secret in services.secrets())
    assert "wrong" not in noted


def test_calls_can_be_forgotten(services: PracticeServices, client: Client) -> None:
    client.token()
    services.clear_calls()
    assert services.calls == []


def test_a_call_forgotten_while_it_hangs_stays_forgotten(
    services: PracticeServices, client: Client
) -> None:
    services.faults.add("token", "hang")
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(client.token)
        assert services.wait_for_calls("token")
        services.clear_calls()
        services.faults.release()
        hanging.result()
    assert services.calls == []


def test_waiting_for_a_call_that_never_comes_ends(services: PracticeServices) -> None:
    assert not services.wait_for_calls("token", seconds=0.01)


def test_the_config_names_all_three_on_this_port(services: PracticeServices) -> None:
    config = services.config()
    assert {config.libcal.url, config.alma.url, config.passagepoint.url} == {services.url}
    assert config.alma.zones == ("Main", "Law")
    assert config.libcal.questions_of("10332") == ("q12777",)
    assert config.libcal.destination_of("11200") is None


def test_the_config_takes_single_settings(services: PracticeServices) -> None:
    config = services.config(Alma={"zones": ["Main"]}, Sync={"every_seconds": 60})
    assert config.alma.zones == ("Main",)
    assert config.alma.url == services.url
    assert config.sync.every_seconds == 60


def test_the_config_text_says_the_same(services: PracticeServices) -> None:
    text = services.config_text(Cache={"keep_days": 5})
    assert check_config(yaml.safe_load(text)) == services.config(Cache={"keep_days": 5})


def test_the_store_holds_what_the_services_take(services: PracticeServices, client: Client) -> None:
    credentials = Credentials(services.config(), services.store())
    assert client.token(client_secret=credentials.secret("LibCal")).status_code == 200
    assert client.log_in(password=credentials.secret("PassagePoint")).status_code == 200
    for zone in ("Main", "Law"):
        key = credentials.secret("Alma", zone)
        assert client.alma("operation/test", key=key).status_code == 200


def test_every_secret_can_be_printed(services: PracticeServices) -> None:
    names = [name for name, _ in services.secrets()]
    assert names == ["LibCal", "Alma Main", "Alma Law", "PassagePoint"]
