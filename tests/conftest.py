"""Set before any Qt import: without a display a test process would abort."""

from __future__ import annotations

import os

pytest_plugins = ["tests.postgres.fixtures"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
