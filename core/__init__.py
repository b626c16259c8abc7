"""LibCal2PP without its window: the services, the cache, the rules. No Qt anywhere in it."""

from __future__ import annotations

import os

VERSION = "0.2.0"

# No other package may have a say in what pydantic checks, and looking for such ones takes time.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
