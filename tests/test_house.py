"""Imports flow one way: every import of the tree is read."""

import ast
import re
import subprocess
import sys

import pytest

from tests.builders.tree import ROOT, imports, modules, name_of

FLASK = (
    "flask",
    "flask_admin",
    "flask_login",
    "flask_wtf",
    "flask_babel",
    "flask_limiter",
    "werkzeug",
    "wtforms",
)
STORAGE = ("mongoengine", "pymongo", "bson", "gridfs")

# Which columns of the house a column may import, itself apart; the longest prefix names the column.
MAY = {
    "app.policy": (),
    "app.clock": (),
    "app.addresses": (),
    "app.config": ("app.addresses", "app.clock", "app.policy"),
    "app.process": (),
    "models": ("app.policy",),
    "app.documents": ("app.policy",),
    "app.exchange": ("app.policy",),
    "app.services": ("app.policy", "models", "app.documents", "app.exchange"),
    "app.embedded": ("app.config", "app.process"),
}
DONE = ("app.policy", "models", "app.documents", "app.exchange", "app.services", "app.config", "app.clock")
FLASK_SIDE = ("app.extensions", "app.security", "app.sessions", "app.translations")
MAY |= {
    "app.boot": DONE,
    "jobs": (*DONE, "app.boot"),
    "app.extensions": DONE,
    "app.security": (*DONE, *FLASK_SIDE),
    "app.sessions": (*DONE, *FLASK_SIDE),
    "app.translations": (),
    "app.public": (*DONE, *FLASK_SIDE),
    "views": (*DONE, *FLASK_SIDE),
    "app.demo": DONE,
    "app.cli_backup": (*DONE, *FLASK_SIDE),
    "app.cli_ledger": (*DONE, *FLASK_SIDE),
    "app.cli_papers": (*DONE, *FLASK_SIDE),
    "app.cli_mail": (*DONE, *FLASK_SIDE),
    "app.cli": (
        *DONE,
        *FLASK_SIDE,
        "app.embedded",
        "app.cli_backup",
        "app.cli_ledger",
        "app.cli_mail",
        "app.cli_papers",
        "app.demo",
        "jobs",
    ),
    "app.factory": (*DONE, *FLASK_SIDE, "app.boot", "app.embedded", "app.cli", "app.public", "views"),
    "app.supervise": (*DONE, "app.embedded", "app.process"),
    "wsgi": (*DONE, "app.embedded", "app.extensions", "app.supervise", "app.factory"),
}

NEVER = {
    "app.policy": (*FLASK, *STORAGE),
    "app.clock": (*FLASK, *STORAGE),
    "app.addresses": (*FLASK, *STORAGE),
    "app.config": (*FLASK, *STORAGE),
    "app.documents": (*FLASK, *STORAGE),
    "app.exchange": (*FLASK, *STORAGE),
    "models": FLASK,
    "app.services": FLASK,
    "jobs": FLASK,
}


def column(module: str) -> str | None:
    fitting = [name for name in MAY if module == name or module.startswith(name + ".")]
    return max(fitting, key=len) if fitting else None


@pytest.mark.parametrize("module", [name for name in modules() if name != "app"])
def test_every_import_points_left(module: str) -> None:
    here = column(module)
    assert here, f"{module} stands in no column of the house: add it to MAY"
    wrong = []
    for line, target in imports(modules()[module], module):
        there = column(target)
        if there and there != here and there not in MAY[here]:
            wrong.append(f"line {line}: {here} may not import {target}")
        if target.split(".")[0] in NEVER.get(here, ()):
            wrong.append(f"line {line}: {here} may not import {target}")
        if here == "app.services" and there == "app.clock":
            wrong.append(f"line {line}: a service takes `now` and reads no clock")
    assert not wrong, "\n".join(wrong)


def test_the_rules_are_stdlib_only() -> None:
    foreign = {
        f"{module}: {target}"
        for module, file in modules().items()
        if column(module) in ("app.policy", "app.clock")
        for _, target in imports(file, module)
        if target.split(".")[0] not in sys.stdlib_module_names
        and column(target) not in ("app.policy", "app.clock")
    }
    assert not foreign


def test_importing_the_rules_loads_neither_flask_nor_mongoengine() -> None:
    every = "".join(f"import {name}\n" for name in modules() if column(name) == "app.policy")
    code = every + "import sys\nprint(*sorted({'flask', 'mongoengine', 'pymongo'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == ""


def test_app_is_empty_on_purpose() -> None:
    assert (ROOT / "app" / "__init__.py").read_text() == ""


def test_only_the_clock_reads_the_clock() -> None:
    readers = ("now", "today", "utcnow")
    found = [
        f"{module}:{node.lineno}"
        for module, file in modules().items()
        if module != "app.clock"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in readers
        and ast.unparse(node.func.value) in ("datetime", "date", "datetime.datetime", "datetime.date")
    ]
    assert not found


def test_views_read_through_services() -> None:
    queries = [
        f"{module}:{node.lineno}"
        for module, file in modules().items()
        if column(module) == "views"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert not queries, "a verb or reader of the room's service reads through the scope"


def test_every_module_with_jobs_is_listed() -> None:
    import jobs

    core = {"jobs", "jobs.__main__", "jobs.registry", "jobs.lease", "jobs.runs"}
    assert set(jobs.MODULES) == {name for name in modules() if column(name) == "jobs"} - core


def test_no_test_imports_another_test() -> None:
    """Shared parts live in tests/builders and tests/tables; a test file stands alone."""
    files = [*(ROOT / "tests").rglob("*.py")]
    tests = {name_of(file) for file in files if file.name.startswith("test_") or file.name == "conftest.py"}
    wrong = [
        f"{name_of(file)}:{line} imports {target}"
        for file in files
        for line, target in imports(file, name_of(file))
        if target in tests or target.rpartition(".")[0] in tests
    ]
    assert not wrong, "\n".join(wrong)


def test_traps_are_named_by_their_place_in_the_docs() -> None:
    known = set(re.findall(r'<a id="(\d+)">', (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")))
    folders = ("app", "models", "views", "jobs", "tests")
    files = [
        file
        for folder in folders
        for file in (ROOT / folder).rglob("*.*")
        if file.suffix in (".py", ".css", ".js", ".html")
    ]
    wrong = []
    for file in files:
        if "vendor" in file.parts or file == ROOT / "tests" / "test_house.py":
            continue
        text = file.read_text(encoding="utf-8")
        wrong += [f"{file}: {found}" for found in re.findall(r"\btraps? \d+", text)]
        wrong += [
            f"{file}: #{number}"
            for number in re.findall(r"docs/traps\.md#(\d+)", text)
            if number not in known
        ]
    assert not wrong, "\n".join(wrong)
