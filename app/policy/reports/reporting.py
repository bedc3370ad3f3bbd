"""The annual report (第十八条): reading its cells, computing what is derived, what is still missing, who owes it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.policy import deadlines
from app.policy.flow import Moment
from app.policy.reports import formulas
from app.policy.reports.indicators import Definition, Form, Indicator

Cell = Decimal | str | bool
LONGEST_TEXT = 1000
MOST_DIGITS = 24
_YES = {"是", "有", "y", "yes", "true", "1", "√", "✓"}
_NO = {"否", "无", "没有", "n", "no", "false", "0", "×"}
_DOES_NOT_APPLY = {"不适用", "不涉及", "未发生"}
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BLANK = {"", "-", "—", "——", "/"}


class Refused(ValueError):
    """A cell that cannot be taken; the message is a Chinese sentence."""


def read(one: Indicator, text: Any) -> Cell | None:
    """What somebody wrote in a cell; None for an empty one. Raises Refused in words."""
    if isinstance(text, bool) and one.form != Form.FLAG:
        raise Refused(f"“{one.name}”应填{'数值' if one.is_number else '文字'}。")
    written = unicodedata.normalize(
        "NFKC" if one.form != Form.TEXT else "NFC", str(text if text is not None else "")
    ).strip()
    if written in _BLANK:
        return None
    if one.form == Form.TEXT:
        if len(written) > LONGEST_TEXT:
            raise Refused(f"“{one.name}”有 {len(written)} 字，超过 {LONGEST_TEXT} 字，请精简。")
        return "".join(c for c in written if c in "\n\t" or c.isprintable())
    return flag(one.name, written) if one.form == Form.FLAG else number(one, written)


def flag(name: str, written: str) -> bool | None:
    """是 or 否 in any of the usual spellings; None for nothing. Raises Refused in words."""
    plain = unicodedata.normalize("NFKC", written).strip().lower()
    if plain not in _YES | _NO | _BLANK:
        raise Refused(f"“{name}”应填“是”或“否”，现为“{written[:20]}”。")
    return None if plain in _BLANK else plain in _YES


def number(one: Indicator, written: str) -> Decimal:
    """A figure within its hard limits. Raises Refused in words."""
    plain = written.replace(" ", "").removesuffix("%") if one.unit == "%" else written.replace(" ", "")
    plain = plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Refused(f"“{one.name}”应填数字（单位：{one.unit or '无'}），现为“{written[:20]}”。") from None
    if (
        not value.is_finite()
        or len(value.as_tuple().digits) > MOST_DIGITS
        or not -20 <= value.adjusted() <= 20
    ):
        raise Refused(f"“{one.name}”的数字过长，请核对。")
    return limited(one, value)


def limited(one: Indicator, value: Decimal) -> Decimal:
    """The value if it lies within the hard limits. Raises Refused, which names them."""
    below = one.minimum is not None and value < one.minimum
    if below or (one.maximum is not None and value > one.maximum):
        low, high = ("不限" if limit is None else plain(limit) for limit in (one.minimum, one.maximum))
        raise Refused(
            f"“{one.name}”为 {plain(value)}{one.unit}，超出允许范围（{low} 至 {high}），请核对数值和单位。"
        )
    return value


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no needless zeros, thousands grouped."""
    return f"{value.normalize():,f}" if value else "0"


def rounded(value: Decimal) -> Decimal:
    """A derived figure for showing: two decimals, or four significant digits of a small one."""
    if not value or abs(value) >= 10:
        return value.quantize(Decimal("0.01"))
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 3))


def said(one: Indicator, value: Cell | None) -> str:
    """A cell in words, with its unit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, Decimal):
        return str(value)
    space = " " if one.unit and one.unit != "%" else ""
    return f"{plain(rounded(value) if one.formula else value)}{space}{one.unit}"


def figures(definition: Definition, values: Mapping[str, Any]) -> dict[str, Decimal]:
    """Every number of the form, the derived ones computed: the one implementation for screen and server."""
    found = {
        one.key: values[one.key]
        for one in definition.inputs
        if one.is_number and isinstance(values.get(one.key), Decimal)
    }
    for key, node in definition.derived:
        value = formulas.evaluate(node, found)
        if value is not None:
            found[key] = value
    return found


def impossible(definition: Definition, found: Mapping[str, Decimal]) -> dict[str, str]:
    """Derived figures outside of their hard limits, key → sentence."""
    sentences = {}
    for one in definition.indicators:
        if one.formula and one.key in found:
            try:
                limited(one, found[one.key])
            except Refused as refusal:
                sentences[one.key] = str(refusal)
    return sentences


def gaps(definition: Definition, values: Mapping[str, Any], skipped: Iterable[str]) -> list[Indicator]:
    """Required cells that are neither filled in nor marked 不涉及."""
    left_out = set(skipped)
    return [
        one
        for one in definition.inputs
        if one.required and values.get(one.key) is None and one.key not in left_out
    ]


# --- compliance (合规性信息) ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One line of the compliance self-check; `asks_note` names the answer that must be explained."""

    code: str
    label: str
    cited: str
    choices: tuple[tuple[str, str], ...] = (("no", "否"), ("yes", "是"))
    asks_note: str = "yes"


_NONE = ("none", "未申领")
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
        (("A+", "A+"), ("A", "A"), ("B", "B"), _NONE),
        asks_note="",
    ),
)


def answer(question: Question, written: str) -> str:
    """The code of an answer as people write it; "" for none. 不适用 is 否, or 未申领. Raises Refused in words."""
    plain = unicodedata.normalize("NFKC", written).strip()
    if plain in _BLANK:
        return ""
    by_label = {label.lower(): code for code, label in question.choices}
    if plain.lower() in by_label:
        return by_label[plain.lower()]
    if plain in _DOES_NOT_APPLY or plain.lower() in _NO:
        return next(code for code, _ in question.choices if code in ("no", "none"))
    if plain.lower() in _YES and "yes" in dict(question.choices):
        return "yes"
    labels = "、".join(label for _, label in question.choices)
    raise Refused(f"“{question.label}”应填{labels}之一，现为“{written[:20]}”。")


def statement_gaps(given: Mapping[str, Any]) -> list[str]:
    """The parts that a stated change lacks (第二十条)."""
    return [name for name in ("before", "after", "changed_on", "reason") if not given.get(name)]


def compliance_gaps(answers: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """What the self-check still lacks, in words."""
    for question in QUESTIONS:
        given = answers.get(question.code) or {}
        if given.get("answer") not in dict(question.choices):
            yield f"合规自查“{question.label}”没有作答。"
        elif given["answer"] == question.asks_note and not (given.get("note") or "").strip():
            yield f"合规自查“{question.label}”答“是”，请说明情况。"


def admitted(answers: Mapping[str, Mapping[str, str]]) -> list[Question]:
    """What the unit itself states against it: grounds of 第十条 and incidents."""
    return [
        one
        for one in QUESTIONS
        if one.asks_note and (answers.get(one.code) or {}).get("answer") == one.asks_note
    ]


# --- what a step asks -------------------------------------------------------------------------------------


def platform_filed(report: Any, moment: Moment) -> str:
    if report.platform_receipt and report.submitted_on:
        return ""
    return "缺少管理平台受理号或提交日期（第六条、第十八条），请按平台回执填写。"


def filled_in(report: Any, moment: Moment) -> str:
    """Every required cell is filled in or marked 不涉及, and none is impossible."""
    definition, head = report.definition, report.head
    unnamed = [
        label for key, label in (("name", "单位名称"), ("address", "生产地址")) if not head[key].strip()
    ]
    missing = gaps(definition, report.cells, report.skipped)
    wrong = impossible(definition, figures(definition, report.cells))
    shown = "、".join(one.name for one in missing[:8]) + ("等" if len(missing) > 8 else "")
    lacking = f"表头的{'、'.join(unnamed)}没有填写。" if unnamed else ""
    lacking += f"还有 {len(missing)} 项必填指标没有填写：{shown}。" if missing else ""
    return lacking + "".join(wrong.values())


def self_checked(report: Any, moment: Moment) -> str:
    lacking = list(compliance_gaps(report.answers))
    return "".join(lacking[:3]) + (f"另有 {len(lacking) - 3} 项合规自查未完成。" if len(lacking) > 3 else "")


def explained(report: Any, moment: Moment) -> str:
    """Each doubt is explained, or its cell corrected."""
    waiting = [one for one in report.findings if not (one.explanation or "").strip()]
    return f"还有 {len(waiting)} 处数据疑点没有更正或说明，请逐条处理。" if waiting else ""


# --- who owes it ------------------------------------------------------------------------------------------


def owes(entered_on: date, removed_on: date | None, in_force: bool, due: date) -> bool:
    """Whether a list entry makes its unit owe: published before the due day and in force on it (第十八条)."""
    held = in_force if removed_on is None else removed_on > due
    return entered_on < due and held


def is_late(submitted_on: date | None, due: date) -> bool:
    """Judged by the platform's day; the due day itself is in time."""
    return submitted_on is not None and deadlines.is_late(submitted_on, due)
