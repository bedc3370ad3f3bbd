"""Spot checks, removals and institutions (第十九、二十一、二十二条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs
from app.policy.paper_inputs.lines import FindingLine


@dataclass(frozen=True, kw_only=True)
class RemovalIntentInputs(Letterhead):
    """移出事先告知书 (第二十一条); `ground` is the clause, `ground_text` its words."""

    unit_name: str
    kind_label: str
    listed_year: str
    facts: Paragraphs
    ground: str
    ground_text: str
    immediate: bool
    statement_days: int
    statement_due: date
    address: str


@dataclass(frozen=True, kw_only=True)
class SpotCheckRecordInputs(Letterhead):
    """现场抽查复核记录 (第十九条)."""

    unit_name: str
    kind_label: str
    area_name: str
    address: str
    checked_on: date
    checkers: str
    received_by: str
    scope: str
    findings: tuple[FindingLine, ...]
    conclusion: str


@dataclass(frozen=True, kw_only=True)
class RectificationInputs(Letterhead):
    """整改通知书 (第十九条, 第二十三条); `from_tip` when a verified report is behind it."""

    unit_name: str
    checked_on: date
    findings: tuple[FindingLine, ...]
    due: date
    from_tip: bool = False
    cc: tuple[str, ...] = ()
    publicity: str = "依申请公开"


@dataclass(frozen=True, kw_only=True)
class RecheckInputs(Letterhead):
    """复查意见 (第十九条); `next_due` when something is left to be done."""

    unit_name: str
    notice_number: str
    rechecked_on: date
    findings: tuple[FindingLine, ...]
    next_due: date | None = None
    cc: tuple[str, ...] = ()
    publicity: str = "依申请公开"


@dataclass(frozen=True, kw_only=True)
class EvaluatorNoticeInputs(Letterhead):
    """第三方机构问题函告 (第二十二条, 第二十三条); `from_tip` chooses the article, `until` has no default."""

    evaluator_name: str
    findings: Paragraphs
    from_tip: bool
    until: date | None
    cc: tuple[str, ...] = ()
    publicity: str = "依申请公开"
