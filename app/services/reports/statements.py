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
        kept = merged.setdefault(code, {"answer": "", "note": ""})
        kept.update({part: given[part] for part in ("answer", "note") if given[part]})
    return merged


def merged_statements(stated: Statements | None, report: AnnualReport) -> list[ChangeStatement] | None:
    """All stated changes after the import; 否 takes one back. None when the file says nothing."""
    if stated is None or not stated.changes:
        return None
    held = {one.kind: one for one in report.statements}
    for kind, told in stated.changes.items():
        before = held.pop(kind, None)
        if told is not None:
            known = before.change_id if before else None
            held[kind] = ChangeStatement(kind=kind, change_id=known, **told)
    return [held[kind.value] for kind in ChangeKind if kind.value in held]


def statement_problems(stated: Statements | None, today: date) -> list[str]:
    """Return unreadable cells and dates in the future."""
    if stated is None:
        return []
    future = [
        f"“{CHANGES}”：{ChangeKind(kind).label}的手续办结日期{told['changed_on']}晚于今天，请核对。"
        for kind, told in stated.changes.items()
        if told is not None and told["changed_on"] and told["changed_on"] > today
    ]
    return [*stated.problems, *future]


def stated_differences(stated: Statements | None, report: AnnualReport) -> list[Difference]:
    """Return stated changes, then adverse answers; plain 否 of a first filling-in is counted in one line."""
    if stated is None:
        return []
    found = [*_changed(stated, report), *_answered(stated, report)]
    plain = [one for one in found if one[1:] == ("", "否")]
    rest = [one for one in found if one not in plain]
    return rest + ([(SELF_CHECK, "", f"{len(plain)} 项答“否”")] if plain else [])


def _changed(stated: Statements, report: AnnualReport) -> Iterator[Difference]:
    before = {one.kind: str(one) for one in report.statements}
    after = {one.kind: str(one) for one in merged_statements(stated, report) or ()}
    for kind in stated.changes:
        if before.get(kind) != after.get(kind):
            label = ChangeKind(kind).label
            old, new = (text.get(kind, "").removeprefix(f"{label}：") for text in (before, after))
            yield label, old or "没有变更", new or "没有变更"


def _answered(stated: Statements, report: AnnualReport) -> Iterator[Difference]:
    after = merged_answers(stated, report) or {}
    for one in QUESTIONS:
        old, new = (_words(one, given.get(one.code) or {}) for given in (report.answers, after))
        if one.code in stated.answers and old != new:
            written = stated.answers[one.code]["written"]
            label = dict(one.choices).get(after[one.code]["answer"], "")
            yield one.label, old, new if written in ("", label) else f"{new}（表中写“{written}”）"


def _words(question: Question, given: Any) -> str:
    answer, note = dict(question.choices).get(given.get("answer", ""), ""), given.get("note", "")
    return f"{answer}，{note}" if answer and note else answer or note
