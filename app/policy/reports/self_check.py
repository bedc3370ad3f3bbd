"""The compliance self-check (合规性信息): its questions, answers and gaps."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.policy.reports.cell_values import BLANK_MARKS, NO_WORDS, YES_WORDS, Refused

_DOES_NOT_APPLY = {"不适用", "不涉及", "未发生"}


@dataclass(frozen=True)
class Question:
    """One line of the compliance self-check; `asks_note` names the answer that must be explained."""

    code: str
    label: str
    cited: str
    choices: tuple[tuple[str, str], ...] = (("no", "否"), ("yes", "是"))
    asks_note: str = "yes"


NO_CODE = ("none", "未申领")


QUESTIONS: tuple[Question, ...] = (
    Question("N1", "未正常经营（注销、连续停产十二个月以上、列入经营异常名单未移出）", "第十条（一）"),
    Question(
        "N2", "发生安全（含网络安全、数据安全）、质量、环境污染事故及偷税漏税等违法违规行为", "第十条（二）"
    ),
    Question("N3", "被动态调整出绿色制造名单", "第十条（三）"),
    Question("N4", "国务院及有关部委督查工作中发现存在严重问题", "第十条（四）"),
    Question("N5", "列入节能监察整改名单且未按要求完成整改", "第十条（五）"),
    Question("N6", "列入失信被执行人", "第十条（六）"),
    Question("safety", "发生重大及以上生产安全事故", "第十九条"),
    Question("quality", "发生重大及以上质量事故", "第十九条"),
    Question("environment", "发生Ⅱ级（重大）及以上突发环境污染事件", "第十九条"),
    Question("low_carbon_report", "发布绿色低碳发展报告", "第二十七条", asks_note=""),
    Question(
        "green_code",
        "申领企业绿码",
        "第二十七条",
        (("A+", "A+"), ("A", "A"), ("B", "B"), NO_CODE),
        asks_note="",
    ),
)


def read_answer(question: Question, written: str) -> str:
    """Return the code of a typed answer, "" for none; 不适用 is 否, or 未申领. Raises Refused in words."""
    plain = unicodedata.normalize("NFKC", written).strip()
    if plain in BLANK_MARKS:
        return ""
    by_label = {label.lower(): code for code, label in question.choices}
    if plain.lower() in by_label:
        return by_label[plain.lower()]
    if plain in _DOES_NOT_APPLY or plain.lower() in NO_WORDS:
        return next(code for code, _ in question.choices if code in ("no", "none"))
    if plain.lower() in YES_WORDS and "yes" in dict(question.choices):
        return "yes"
    labels = "、".join(label for _, label in question.choices)
    raise Refused(f"“{question.label}”应填{labels}之一，现为“{written[:20]}”。")


def statement_gaps(given: Mapping[str, Any]) -> list[str]:
    """Return the missing parts of a stated change (第二十条)."""
    return [name for name in ("before", "after", "changed_on", "reason") if not given.get(name)]


def self_check_gaps(answers: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Return the missing parts of the self-check, in words."""
    for question in QUESTIONS:
        given = answers.get(question.code) or {}
        if given.get("answer") not in dict(question.choices):
            yield f"合规自查“{question.label}”没有作答。"
        elif given["answer"] == question.asks_note and not (given.get("note") or "").strip():
            yield f"合规自查“{question.label}”答“是”，请说明情况。"


def admitted_grounds(answers: Mapping[str, Mapping[str, str]]) -> list[Question]:
    """Return the unit's own adverse answers: grounds of 第十条 and incidents."""
    return [
        question
        for question in QUESTIONS
        if question.asks_note and (answers.get(question.code) or {}).get("answer") == question.asks_note
    ]
