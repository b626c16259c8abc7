"""``--once`` on a practice day without bookings: what the start alone costs."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from tests.benchmarks.once import SECRETS
from tests.benchmarks.results import Measure
from tests.benchmarks.services import services_with

_TIMES = 5


def measure() -> Iterator[Measure]:
    with services_with(0) as services, tempfile.TemporaryDirectory() as home:
        content = {**services.content, "Cache": {"path": f"{home}/cache.db"}}
        file = Path(home) / "config.yml"
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        own = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        secrets = json.dumps(services.entries(services.config()))
        environment = {**own, "HOME": home, SECRETS: secrets}
        command = [sys.executable, "-m", "tests.benchmarks.once", str(file)]
        times = [_cpu_of(command, environment) for _ in range(_TIMES)]
    yield Measure("--once on a day without bookings: CPU", statistics.median(times), 0.8, "s")


def _cpu_of(command: list[str], environment: Mapping[str, str]) -> float:
    before = _spent()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return _spent() - before


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
