"""The small faults that can be put into a module: one at a time, by its place in the tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_AROUND = 50
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is, and how the source reads before and after."""

    number: int
    line: int
    place: str
    """The function it is in; "" at the top."""
    before: str
    after: str
    lines: range
    """The statement's own lines, without those of the statements in it."""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}`{self.before}` → `{self.after}`"


def faults_of(source: str) -> list[Fault]:
    """Every fault that can be put into this module."""
    count = sum(1 for _ in _changes(ast.parse(source)))
    return [_put(ast.parse(source), number) for number in range(count)]


def with_fault(source: str, number: int) -> ast.Module:
    """The module with the fault of this number."""
    tree = ast.parse(source)
    _put(tree, number)
    return ast.fix_missing_locations(tree)


_Change = tuple[ast.stmt, str, Callable[[], None]]
"""The statement, the function it is in, and what puts the fault into it."""


def _put(tree: ast.Module, number: int) -> Fault:
    for at, (statement, place, put) in enumerate(_changes(tree)):
        if at == number:
            line, lines, before = statement.lineno, _lines_of(statement), _head(statement)
            put()
            differ = _where_they_differ(before, _head(statement))
            return Fault(number, line, place, *differ, lines)
    raise LookupError("no such fault")


def _lines_of(statement: ast.stmt) -> range:
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if isinstance(body, list):
        first = body[0]
        inside = first.lineno if isinstance(first, ast.stmt) else first.pattern.lineno
        return range(statement.lineno, max(inside, statement.lineno + 1))
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def _head(statement: ast.stmt) -> str:
    """How it reads, without the statements in it."""
    for name in ("test", "iter", "subject"):
        head = getattr(statement, name, None)
        if isinstance(head, ast.expr):
            return ast.unparse(head)
    return ast.unparse(statement)


def _changes(tree: ast.Module) -> Iterator[_Change]:
    """Lazily: what was yielded may be put in before the next one is asked for."""
    yield from _within(tree.body, "")


def _within(body: list[ast.stmt], place: str) -> Iterator[_Change]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            inside = f"{place}.{statement.name}" if place else statement.name
            yield from _within(statement.body, inside)
        elif not _is_left_alone(statement):
            yield from _of_statement(statement, place)
            for name in ("body", "orelse", "finalbody"):
                yield from _within(getattr(statement, name, []), place)
            for handler in getattr(statement, "handlers", []):
                yield from _within(handler.body, place)
            for case in getattr(statement, "cases", []):
                yield from _within(case.body, place)


def _is_left_alone(statement: ast.stmt) -> bool:
    """Imports, doc strings, what the type checker alone reads, and the log's lines."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test) == "TYPE_CHECKING"
    if isinstance(statement, ast.Expr):
        text = ast.unparse(statement.value)
        return isinstance(statement.value, ast.Constant) or text.startswith(("log", "assert_never"))
    return False


def _of_statement(statement: ast.stmt, place: str) -> Iterator[_Change]:
    yield from _left_out(statement, place)
    for holder, name, expression in _expressions(statement):
        for put in _of_expression(holder, name, expression):
            yield statement, place, put
    test = getattr(statement, "test", None)
    if isinstance(test, ast.expr) and not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield statement, place, partial(setattr, statement, "test", ast.UnaryOp(ast.Not(), test))


def _left_out(statement: ast.stmt, place: str) -> Iterator[_Change]:
    """A step that isn't done: a call, a raise, something kept."""
    kept = isinstance(statement, ast.Assign) and not isinstance(statement.targets[0], ast.Name)
    if isinstance(statement, ast.Expr | ast.AugAssign | ast.Raise) or kept:
        yield statement, place, partial(setattr, statement, "__class__", ast.Pass)
    is_return = isinstance(statement, ast.Return) and statement.value is not None
    if is_return and not isinstance(getattr(statement, "value", None), ast.Constant):
        yield statement, place, partial(setattr, statement, "value", ast.Constant(None))


def _expressions(statement: ast.stmt) -> Iterator[tuple[object, str, ast.expr]]:
    """Every expression of a statement, without the statements in it and without annotations."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.expr):
                    yield (value if isinstance(value, list) else node), name, one
                if isinstance(one, ast.AST) and not isinstance(one, ast.stmt | ast.excepthandler):
                    stack.append(one)


def _of_expression(holder: object, name: str, node: ast.expr) -> Iterator[Callable[[], None]]:
    def become(other: ast.expr) -> None:
        ast.copy_location(other, node)
        if isinstance(holder, list):
            holder[next(at for at, one in enumerate(holder) if one is node)] = other
        else:
            setattr(holder, name, other)

    for other in _others(node):
        yield partial(become, other)


def _others(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left, ops, rights):
            for at, op in enumerate(ops):
                for kind in _COMPARED.get(type(op), ()):
                    yield ast.Compare(left, [*ops[:at], kind(), *ops[at + 1 :]], rights)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            yield from (
                ast.BoolOp(op, [one for one in values if one is not out])
                for out in values
                if len(values) > 2
            )
            if len(values) == 2:
                yield from values
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.BinOp(left, op, right) if type(op) in _COUNTED:
            yield ast.BinOp(left, _COUNTED[type(op)](), right)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Call(ast.Name(called), args, keywords) if called in _CALLED:
            yield ast.Call(ast.Name(_CALLED[called], ast.Load()), args, keywords)
        case ast.GeneratorExp(elt, [generator]) | ast.ListComp(elt, [generator]) if generator.ifs:
            every = ast.comprehension(generator.target, generator.iter, [], generator.is_async)
            yield type(node)(elt, [every])


def _where_they_differ(before: str, after: str) -> tuple[str, str]:
    """Both in one line, and where that is long only the part around the difference."""
    before, after = " ".join(before.split()), " ".join(after.split())
    pairs = zip(before, after, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), len(before))
    start = max(same - _AROUND, 0) if max(len(before), len(after)) > 2 * _AROUND else 0
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    end = start + 2 * _AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
