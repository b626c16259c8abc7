"""Puts a fault into a function that is imported already: its code is exchanged, nothing else.

Whoever took the function by ``from … import`` has the fault, too, for it is the same object.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType

from tests.mutants.faults import with_fault


def first_line_of_function(source: str, line: int) -> int | None:
    """Where the outermost function around this line begins, decorators included; None at the top
    of a module or a class, whose statements run only once, when it is imported."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef):
            for one in node.body:
                if isinstance(one, ast.FunctionDef) and one.lineno <= line <= (one.end_lineno or 0):
                    return min([one.lineno, *(each.lineno for each in one.decorator_list)])
    return None


def swap_in(module: str, source: str, number: int, line: int) -> bool:
    """Put the fault in; False where it isn't in a function that can be found."""
    first = first_line_of_function(source, line)
    if first is None:
        return False
    path = sys.modules[module].__file__ or ""
    faulty = compile(with_fault(source, number), path, "exec")
    codes = [one for one in _codes(faulty) if one.co_firstlineno == first]
    functions = [one for one in _functions(module) if one.__code__.co_firstlineno == first]
    if len(codes) != 1 or not functions:
        return False
    if any(one.__code__.co_freevars != codes[0].co_freevars for one in functions):
        return False
    for one in functions:
        one.__code__ = codes[0]
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The functions of a module and of its classes."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & 0x2:  # has fast locals: a function's, not a class's
                yield one
            else:
                yield from _codes(one)


def _functions(module: str) -> Iterator[FunctionType]:
    loaded = sys.modules[module]
    for one in list(vars(loaded).values()):
        if getattr(one, "__module__", None) == module:
            yield from _within(one, loaded.__file__ or "")


def _within(one: object, path: str) -> Iterator[FunctionType]:
    """The function, or the class's, without what a decorator put around."""
    if isinstance(one, type):
        for inside in list(vars(one).values()):
            yield from _within(inside, path)
        return
    if isinstance(one, FunctionType) and one.__code__.co_filename == path:
        yield one
        return
    for name in ("fget", "__func__", "func", "__wrapped__"):
        inner = getattr(one, name, None)
        if inner is not None:
            yield from _within(inner, path)
