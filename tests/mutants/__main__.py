"""``python -m tests.mutants [MODULE…]``: puts one small fault after the other into the modules
that the promise hangs on, and says which of them no test noticed.

By hand, for it takes long. The survivors, and why they may survive, stand in docs/mutants.md.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.faults import faults_of
from tests.mutants.run import Unsound, unnoticed
from tests.mutants.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = ROOT / "docs" / "mutants.md"
SIDE_BY_SIDE = os.cpu_count() or 1
_ENOUGH = 0.95


def main(names: Sequence[str]) -> int:
    """0 where enough are noticed and every survivor has its reason; 2 for a module that is none."""
    unknown = set(names) - {one.module for one in TARGETS}
    if unknown:
        print(f"There are: {', '.join(one.module for one in TARGETS)}.", file=sys.stderr)
        return 2
    accepted = ACCEPTED.read_text(encoding="utf-8") if ACCEPTED.exists() else ""
    noticed = total = 0
    unexplained = []
    for target in [one for one in TARGETS if not names or one.module in names]:
        begun = time.monotonic()
        path = target.path(ROOT)
        faults = faults_of(path.read_text(encoding="utf-8"))
        try:
            alive = unnoticed(target, path, faults, SIDE_BY_SIDE)
        except Unsound:
            print(f"{target.module}: its tests fail without any fault")
            return 1
        survivors = [one for one in faults if one.number in alive]
        noticed, total = noticed + len(faults) - len(survivors), total + len(faults)
        share = 100 * (len(faults) - len(survivors)) / max(len(faults), 1)
        seconds = time.monotonic() - begun
        print(f"{target.module}: {share:.0f} % of {len(faults)} noticed, {seconds:.0f} s")
        for fault in survivors:
            is_known = str(fault) in accepted
            unexplained += [] if is_known else [fault]
            print(f"  {'known   ' if is_known else 'SURVIVES'} line {fault.line}, {fault}")
        sys.stdout.flush()
    print(f"{noticed} of {total} noticed, {100 * noticed / max(total, 1):.1f} %")
    return 0 if noticed >= _ENOUGH * total and not unexplained else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
