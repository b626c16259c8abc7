"""What import-linter can't say: who may use which library, and how long things may get."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CODE = sorted([*PROJECT.glob("core/**/*.py"), *PROJECT.glob("gui/**/*.py"), PROJECT / "main.py"])
CLIENTS = ("libcal", "alma", "passagepoint")
REFERENCE = re.compile(r"docs/([\w-]+\.md)(?:, ([A-Z][\w ]+(?:\.db)?|\d+(?: and \d+)?))?")
MOST_LINES = 300
MOST_FUNCTION_LINES = 45
# Grown longer; each may shrink and none may grow. A file that isn't here has no such excuse.
LONGER_FILES = {
    "core/domain/models.py": 440,
}
# Of each service, of each kind of database, stored and done, in the window and in its dialogs.
SAID_BY_THE_FOLDER = frozenset(
    [
        "answers.py",
        "app.py",
        "base.py",
        "buttons.py",
        "cache.py",
        "check.py",
        "columns.py",
        "connection.py",
        "database.py",
        "decisions.py",
        "desk_requests.py",
        "ended.py",
        "facts.py",
        "faults.py",
        "import_files.py",
        "opening.py",
        "page.py",
        "person.py",
        "printing.py",
        "requests.py",
        "saving.py",
        "schema.py",
        "services.py",
        "sqlite_cache.py",
        "values.py",
        "words.py",
    ]
)
# Tables: a line for each column of a row, for each address of the practice control.
LONGER_FUNCTIONS = {
    ("core/verdict/__init__.py", "_row"),
    ("core/practice/control.py", "make_control"),
}


def name_of(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


def imports_of(file: Path) -> Iterator[str]:
    """Every module that ``file`` imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def files_that_import(package: str) -> set[str]:
    return {
        name_of(file)
        for file in CODE
        if any(one == package or one.startswith(f"{package}.") for one in imports_of(file))
    }


def files_that_say(word: str) -> set[str]:
    return {
        name_of(file)
        for file in CODE
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if word in (getattr(node, "id", None), getattr(node, "attr", None))
        or (isinstance(node, ast.alias) and node.name == word)
    }


@pytest.mark.parametrize("client", CLIENTS)
def test_clients_do_not_import_each_other(client: str) -> None:
    others = tuple(f"core.services.{other}" for other in CLIENTS if other != client)
    files = (PROJECT / "core" / "services" / client).glob("*.py")
    assert [one for file in files for one in imports_of(file) if one.startswith(others)] == []


def test_only_the_caches_import_a_database() -> None:
    allowed = re.compile(r"core/cache/.*\.py")
    found = files_that_import("sqlite3") | files_that_import("psycopg")
    assert {file for file in found if not allowed.fullmatch(file)} == set()


def test_core_imports_no_qt() -> None:
    qt = files_that_import("PySide6") | files_that_import("qtawesome")
    assert {file for file in qt if not file.startswith("gui/")} == set()


def test_only_one_file_of_the_window_touches_threads() -> None:
    assert len(files_that_say("QThread")) <= 1


def test_nothing_asks_a_layout_for_its_items() -> None:
    # PySide keeps what itemAt returns. Once Qt deletes the item, another object at its address is
    # taken for one: a window's handle was a "QWidgetItem", one start in some thousands.
    assert files_that_say("itemAt") == set()


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_an_inner_layout_is_put_in_its_place_before_it_is_filled(file: Path) -> None:
    # addLayout, too, makes something of each item that is in it already, and keeps it.
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            assert filled_too_early(function) == set()


def filled_too_early(function: ast.FunctionDef) -> set[str]:
    """Layouts that had something in them when they were added to another."""
    calls = [
        (call.lineno, call.func.attr, ast.unparse(call.func.value), call.args)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    ]
    filled: set[str] = set()
    late: set[str] = set()
    for _line, method, owner, arguments in sorted(calls, key=lambda call: call[0]):
        if method == "addLayout" and ast.unparse(arguments[0]) in filled:
            late.add(ast.unparse(arguments[0]))
        if method in ("addWidget", "addLayout", "addStretch", "addSpacing"):
            filled.add(owner)
    return late


def test_only_the_transport_names_its_exceptions() -> None:
    door = {"core/http/session.py", "core/http/connection.py", "core/http/faults.py"}
    assert files_that_import("requests") | files_that_import("urllib3") <= door


def test_no_two_classes_have_one_name() -> None:
    names = Counter(
        node.name
        for file in CODE
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_two_files_have_one_name_only_where_their_folders_say_the_difference() -> None:
    names = Counter(file.name for file in CODE if file.name != "__init__.py")
    assert {name for name, times in names.items() if times > 1} <= SAID_BY_THE_FOLDER


def test_every_reference_to_docs_leads_somewhere() -> None:
    dead = [
        f"{name_of(file)}: {page}, {part}"
        for file in [*CODE, *PROJECT.glob("tests/**/*.py")]
        for page, part in REFERENCE.findall(" ".join(file.read_text(encoding="utf-8").split()))
        if not leads_somewhere(page, part)
    ]
    assert dead == []


@pytest.mark.parametrize("part", ["core", "gui"])
def test_the_readmes_map_is_the_tree_that_is_there(part: str) -> None:
    map_ = (PROJECT / "README.md").read_text(encoding="utf-8").partition("## Developing")[2]
    drawn = re.search(rf"^    {part}/ .*?(?=^    \w)", map_, re.MULTILINE | re.DOTALL)
    assert drawn is not None
    rooms = {one.parent.name for one in (PROJECT / part).glob("*/__init__.py")}
    assert set(re.findall(r"^      (\w+)/ ", drawn[0], re.MULTILINE)) == rooms


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_docstrings_point_to_docs(file: Path) -> None:
    # "design" and "contracts" were papers that aren't here.
    assert not re.search(r"\((design|contracts): ", file.read_text(encoding="utf-8"))


def leads_somewhere(page: str, part: str) -> bool:
    """``docs/promise.md, 5`` or ``docs/libcal.md, Bookings``: a numbered point, or a heading."""
    file = PROJECT / "docs" / page
    if not file.exists():
        return False
    text = file.read_text(encoding="utf-8")
    numbers = re.findall(r"\d+", part)
    if numbers:
        return all(re.search(rf"^{number}\. ", text, re.MULTILINE) for number in numbers)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return not part or any(part.startswith(heading) for heading in headings)


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_file_can_be_read_in_one_go(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGER_FILES.get(name_of(file), MOST_LINES)


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_function_can_be_read_at_a_glance(file: Path) -> None:
    too_long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MOST_FUNCTION_LINES
        and (name_of(file), node.name) not in LONGER_FUNCTIONS
    ]
    assert too_long == []
