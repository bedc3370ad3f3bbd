"""The audit log speaks one vocabulary: each act that the code records is a declared verb or a declared step."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.policy.access import Actor
from app.policy.audit import LABELS, STEPS, Verb
from app.services.core import process
from app.services.core.audit import record
from app.services.core.by import By
from models.database import transact

ROOT = Path(__file__).resolve().parents[2]
FILES = [file for folder in ("app", "views", "jobs") for file in sorted((ROOT / folder).rglob("*.py"))]
PASSED_ON = {"verb", "step"}  # parameters that carry a verb, or the step, to the writer


def recorded() -> Iterator[tuple[str, ast.expr]]:
    """Every expression given as `verb=`, or first to `audit.record`."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = [keyword.value for keyword in node.keywords if keyword.arg == "verb"]
            if ast.unparse(node.func) == "audit.record":
                given += node.args[:1]
            yield from ((f"{file.relative_to(ROOT)}:{node.lineno}", value) for value in given)


def is_declared(value: ast.expr) -> bool:
    match value:
        case ast.IfExp():
            return is_declared(value.body) and is_declared(value.orelse)
        case ast.Attribute(value=ast.Name(id="Verb")):
            return value.attr in Verb.__members__
        case ast.Subscript(value=ast.Name(id=name)):
            return name.isupper()  # a table of verbs
        case ast.Name():
            return value.id in PASSED_ON
    return False


def test_every_recorded_act_is_declared():
    wrong = [f"{place} {ast.unparse(value)}" for place, value in recorded() if not is_declared(value)]
    # the writer itself stores the code
    assert [one for one in wrong if not one.startswith("app/services/core/audit.py")] == []


def test_every_verb_is_used():
    source = "".join(
        file.read_text(encoding="utf-8") for file in FILES if file != ROOT / "app/policy/audit.py"
    )
    assert set(Verb.__members__) - set(re.findall(r"\bVerb\.([A-Z_]+)", source)) == set()


def test_every_step_of_every_process_has_its_label_in_the_log():
    declared = {step.label for each in process.all_processes() for step in each.table.steps}
    assert declared <= {step.label for step in STEPS} <= LABELS.keys()


def test_labels_are_chinese():
    assert [label for label in LABELS.values() if re.search("[A-Za-z]", label)] == []


def test_an_undeclared_verb_is_refused(db, clock):
    by = By(Actor.system("test"), clock.set("2026-04-01T09:00"))
    with pytest.raises(ValueError, match="tidy"):
        transact(lambda: record("tidy", by=by))
