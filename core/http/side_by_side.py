"""Calls done side by side, their results in order of arrival."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(
    work: Callable[[Item], Result], items: Sequence[Item], threads: int
) -> Generator[Result, None, None]:
    """``work`` of every item, in a small pool of threads.

    They are daemon threads: one that hangs in a network call doesn't hold the program's exit.
    What ``work`` raises comes out here, and nothing new is begun then; the same goes when the
    caller stops reading.
    """
    waiting: queue.SimpleQueue[Item] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[list[Result], BaseException | None]] = queue.SimpleQueue()
    left = threading.Event()
    for item in items:
        waiting.put(item)

    def labour() -> None:
        while not left.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put(([work(item)], None))
            except BaseException as error:  # noqa: BLE001 (it is raised again in the caller)
                done.put(([], error))

    for _ in range(min(threads, len(items))):
        threading.Thread(target=labour, daemon=True, name="side by side").start()
    try:
        for _ in items:
            results, error = done.get()
            if error is not None:
                raise error
            yield from results
    finally:
        left.set()
