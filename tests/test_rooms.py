"""Rooms of the services: which may call which, and only by the verbs that a room exports."""

import ast
from graphlib import TopologicalSorter

import pytest

from tests.builders.tree import ROOT, imports, modules

# Which rooms a room may call, core apart, which all may; the articles of each stand in its docstring.
MAY_CALL: dict[str, tuple[str, ...]] = {
    "registry": (),
    "filing": ("papers",),
    "lists": ("papers",),
    "reports": (),
    "oversight": ("registry",),
    "papers": ("settings",),
    "reminders": ("papers", "reports"),
    "ledger": (),
    "accounts": (),
    "audit": (),
    "settings": (),
    "desk": ("reminders", "reports"),
}
TABLES = {"processes", "prefills"}  # flat tables above the rooms; they name effects, which are no verbs
SERVICES = ROOT / "app" / "services"


def room_of(module: str) -> str | None:
    """Return the room of a module of the services, None for every other module."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["app", "services"] and len(parts) > 2 else None


def is_inner(target: str) -> bool:
    """Return whether an imported name lies in a module within a room, not in the room's facade."""
    parts = target.split(".")
    return len(parts) > 3 and (
        (ROOT.joinpath(*parts[:4]).with_suffix(".py")).exists() or ROOT.joinpath(*parts[:4]).is_dir()
    )


def test_there_are_these_rooms_and_no_drawer():
    folders = {each.name for each in SERVICES.iterdir() if each.is_dir() and each.name != "__pycache__"}
    files = {each.stem for each in SERVICES.glob("*.py")} - {"__init__"}
    assert folders == {"core", *MAY_CALL}
    assert files == TABLES


def test_no_room_waits_for_itself():
    assert tuple(TopologicalSorter(MAY_CALL).static_order())


@pytest.mark.parametrize("module", [name for name in modules() if room_of(name) in {"core", *MAY_CALL}])
def test_a_room_calls_the_rooms_of_the_table(module):
    here = room_of(module)
    allowed = {here, "core", *MAY_CALL.get(here, ())}
    if module == "app.services.core.process":
        allowed |= {"processes"}  # the one look-up of the table, at the time of the call
    wrong = [
        f"line {line}: {here} may not call {target}"
        for line, target in imports(modules()[module], module)
        if room_of(target) not in (None, *allowed)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", modules())
def test_a_room_is_called_by_its_verbs(module):
    here = room_of(module)
    if here in TABLES:
        return
    wrong = [
        f"line {line}: {target} is private to its room"
        for line, target in imports(modules()[module], module)
        if room_of(target) in MAY_CALL and room_of(target) != here and is_inner(target)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", MAY_CALL)
def test_a_room_says_what_it_exports(room):
    tree = ast.parse((SERVICES / room / "__init__.py").read_text(encoding="utf-8"))
    (exported,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    bound = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert ast.get_docstring(tree)
    assert exported and sorted(exported) == sorted(bound)


@pytest.mark.parametrize("room", MAY_CALL)
def test_the_table_has_no_arrow_that_nobody_uses(room):
    called = {
        room_of(target)
        for module, file in modules().items()
        if room_of(module) == room
        for _, target in imports(file, module)
    }
    assert set(MAY_CALL[room]) <= called
