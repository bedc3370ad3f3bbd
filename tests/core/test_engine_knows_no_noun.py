"""The engine works for every record that takes steps: it names none of them and imports no room."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.policy.flow import Moment, NotAllowed, Step, StepTable
from app.policy.terms import Role, Stage
from app.services import processes
from app.services.core import decisions, process, rules
from app.services.core.by import By
from app.services.core.process import Process, StepInput
from models.database import documents
from models.record import Record
from tests.builders import cases

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted((ROOT / "app/services/core").glob("*.py"))
# Whom the core itself serves: people, decisions, files, messages, values.
OWN = {"User", "Decision", "Attachment", "Setting", "Holiday", "Notice", "BatchResult", "AuditEntry"}
# Scope knows units, and the engagements through which an institution reads them.
MORE = {"scope": {"Unit", "Engagement"}}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.stem)
def test_core_imports_no_room(file: Path) -> None:
    services = {name for name in imported(file) if name.startswith("app.services.")}
    foreign = {name for name in services if not name.startswith("app.services.core.")}
    assert foreign <= ({"app.services.processes"} if file.stem == "process" else set())


def names(tree: ast.AST) -> set[str]:
    """Every name that the code uses or imports; its prose may say what it likes."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return used | {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.stem)
def test_core_names_no_record(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nouns = {document.__name__ for document in documents()} - OWN - MORE.get(file.stem, set())
    assert not names(tree) & nouns
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    carried = {action for each in process.all_processes() for action in (*each.carried, *each.papers)}
    assert not texts & carried


def test_a_fresh_interpreter_finds_every_process() -> None:
    code = (
        "from app.services.core import workflow\n"
        "from models.reports import AnnualReport\n"
        "assert workflow.process_of(AnnualReport()).model is AnnualReport\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_every_model_with_a_trail_has_a_process() -> None:
    stepping = {
        document for document in documents() if issubclass(document, Record) and "trail" in document._fields
    }
    assert {each.model for each in process.all_processes()} == stepping


def test_what_a_process_carries_is_named_by_its_steps() -> None:
    for each in process.all_processes():
        actions = {step.action for step in each.table.steps}
        for part in (each.effects, each.details, each.papers, each.carried):
            assert set(part) <= actions
        issued = {step.action for step in each.table.steps if step.papers and step.approved_by}
        assert set(each.papers) == issued
        assert {reversal.issuing_step for reversal in each.reversals.values()} <= actions


def test_a_step_that_needs_approval_is_for_records_that_wait_for_a_decision() -> None:
    for each in process.all_processes():
        approved = [step.action for step in each.table.steps if step.approved_by]
        assert not approved or "decision_id" in each.model._fields


def test_a_decision_carries_any_step_that_the_table_declares(db, monkeypatch) -> None:
    """A row alone makes a workflow: no line of the engine knows this step."""

    def note(record: Any, given: StepInput, moment: Moment, by: By) -> None:
        record.city_opinion = f"{by.actor.name}：{given.reason}，{given.details['copies']}"

    def check(details: Mapping[str, Any], by: By) -> dict[str, Any]:
        if not details.get("copies"):
            raise NotAllowed("请填写份数。")
        return {"copies": details["copies"]}

    rules.use("yunfu")
    case = cases.at_city()
    step = Step("close", Stage.CITY_CHECK, Stage.REFUSED, Role.CITY, 21, "结案", approved_by=Role.CITY_LEAD)
    row = Process(type(case), StepTable(Stage, (step,)), effects={"close": note}, details={"close": check})
    monkeypatch.setattr(processes, "PROCESSES", (row,))
    clerk, lead = By(cases.CITY, cases.MAY), By(cases.LEAD, cases.MAY)
    with pytest.raises(NotAllowed, match="份数"):
        decisions.prepare("close", [case], reason="停产", by=clerk)
    decision = decisions.prepare("close", [case], reason="停产", details={"copies": 2}, by=clerk)
    assert (decision.resource, decision.paper_id) == (row.resource, None)
    with pytest.raises(NotAllowed, match="拟办人不能审签"):
        decisions.approve(decision, by=By(cases.actor(Role.CITY_LEAD, name="city"), cases.MAY))
    done = decisions.approve(decision, by=lead)
    assert [line.result for line in done.lines] == ["done"]
    fresh = type(case).objects.get(pk=case.pk)
    assert (fresh.stage, fresh.decision_id) == (Stage.REFUSED.value, None)
    assert fresh.city_opinion == f"{cases.LEAD.name}：停产，2"
