"""Calls side by side: results as they come, and nothing new once nobody listens."""

from __future__ import annotations

import threading

import pytest

from core.http.side_by_side import side_by_side


def join_workers() -> None:
    for thread in threading.enumerate():
        if thread.name == "side by side":
            thread.join(20)


def test_results_come_in_order_of_arrival() -> None:
    second_is_done = threading.Event()

    def work(item: str) -> str:
        if item == "first":
            second_is_done.wait(20)
        return item

    found = side_by_side(work, ["first", "second"], 2)
    assert next(found) == "second"
    second_is_done.set()
    assert list(found) == ["first"]
    join_workers()


def test_an_error_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        list(side_by_side(lambda item: 1 / item, [0], 4))
    join_workers()


def test_nothing_new_is_begun_once_the_reader_leaves() -> None:
    begun: list[int] = []
    left = threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item > 0:
            left.wait(20)
        return item

    found = side_by_side(work, range(9), 1)
    assert next(found) == 0
    found.close()
    left.set()
    join_workers()
    assert begun in ([0], [0, 1])
