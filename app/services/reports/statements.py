"""Self-check and stated changes of a workbook, merged into a report and compared with it in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.exchange.report_parts import CHANGES, SELF_CHECK, Statements
from app.policy.reports.self_check import QUESTIONS, Question
from app.policy.terms import ChangeKind
from models.reports import AnnualReport, ChangeStatement

Difference = tuple[str, str, str]
Answers = dict[str, dict[str, str]]


def merged_answers(stated: Statements | None, report: AnnualReport) -> Answers | None:
    """Return all answers after the import, None if the file has none; an empty cell keeps the stored answer."""
    if stated is None or not stated.answers:
        return None
    merged: Answers = {code: dict(given) for code, given in report.answers.items()}
    for code, given in stated.answers.items():
        answer = merged.setdefault(code, {"answer": "", "note": ""})
        answer.update({part: given[part] for part in ("answer", "note") if given[part]})
    return merged


def merged_statements(stated: Statements | None, report: AnnualReport) -> list[ChangeStatement] | None:
    """Return all stated changes after the import; 否 takes one back. None when the file says nothing."""
    if stated is None or not stated.changes:
        return None
    held = {statement.kind: statement for statement in report.statements}
    for kind, values in stated.changes.items():
        before = held.pop(kind, None)
        if values is not None:
            known = before.change_id if before else None
            held[kind] = ChangeStatement(kind=kind, change_id=known, **values)
    return [held[kind.value] for kind in ChangeKind if kind.value in held]


def statement_problems(stated: Statements | None, today: date) -> list[str]:
    """Return unreadable cells and dates in the future."""
    if stated is None:
        return []
    future = [
        f"“{CHANGES}”：{ChangeKind(kind).label}的手续办结日期{values['changed_on']}晚于今天，请核对。"
        for kind, values in stated.changes.items()
        if values is not None and values["changed_on"] and values["changed_on"] > today
    ]
    return [*stated.problems, *future]


def stated_differences(stated: Statements | None, report: AnnualReport) -> list[Difference]:
    """Return stated changes, then adverse answers; plain 否 of a first filling-in is counted in one line."""
    if stated is None:
        return []
    differences = [*_changed(stated, report), *_answered(stated, report)]
    plain = [difference for difference in differences if difference[1:] == ("", "否")]
    rest = [difference for difference in differences if difference not in plain]
    return rest + ([(SELF_CHECK, "", f"{len(plain)} 项答“否”")] if plain else [])


def _changed(stated: Statements, report: AnnualReport) -> Iterator[Difference]:
    before = {statement.kind: str(statement) for statement in report.statements}
    after = {statement.kind: str(statement) for statement in merged_statements(stated, report) or ()}
    for kind in stated.changes:
        if before.get(kind) != after.get(kind):
            label = ChangeKind(kind).label
            old, new = (text.get(kind, "").removeprefix(f"{label}：") for text in (before, after))
            yield label, old or "没有变更", new or "没有变更"


def _answered(stated: Statements, report: AnnualReport) -> Iterator[Difference]:
    after = merged_answers(stated, report) or {}
    for question in QUESTIONS:
        old, new = (_words(question, given.get(question.code) or {}) for given in (report.answers, after))
        if question.code in stated.answers and old != new:
            written = stated.answers[question.code]["written"]
            label = dict(question.choices).get(after[question.code]["answer"], "")
            yield question.label, old, new if written in ("", label) else f"{new}（表中写“{written}”）"


def _words(question: Question, given: Any) -> str:
    answer, note = dict(question.choices).get(given.get("answer", ""), ""), given.get("note", "")
    return f"{answer}，{note}" if answer and note else answer or note
