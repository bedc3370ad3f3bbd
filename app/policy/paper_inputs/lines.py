"""Rows of the tables that papers carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class UnitLine:
    """A unit on a published list: credit code, score and contacts stay out of it."""

    name: str
    kind_label: str
    area_name: str
    industry: str = ""


@dataclass(frozen=True)
class RemovedLine:
    """A unit taken off the list; `ground` is the article in words (第二十一条第一款第（二）项)."""

    name: str
    kind_label: str
    area_name: str
    listed_year: str
    ground: str
    removed_on: date


@dataclass(frozen=True)
class RenamedLine:
    """A unit whose change of name was accepted (第二十条)."""

    name_before: str
    name_after: str
    kind_label: str
    area_name: str


@dataclass(frozen=True)
class ProvincialLine:
    """A unit that is on the list because the province published it (第十七条); `source` is that document."""

    name: str
    kind_label: str
    area_name: str
    source: str


@dataclass(frozen=True)
class StandardLine:
    """A standard by which a year's evaluation reports are written (第十二条)."""

    kind_label: str
    name: str
    code: str


@dataclass(frozen=True)
class RecommendedLine:
    """A row of 推荐汇总表 (第十三条); figures as text, as the county gave them."""

    kind_label: str
    name: str
    credit_code: str
    industry: str
    mode_label: str
    evaluator: str
    standard: str
    score: str
    output: str
    energy: str
    exclusions: str
    opinion: str
    contact: str
    phone: str


@dataclass(frozen=True)
class ConsultedLine:
    """A unit on which a department is asked (第十六条)."""

    name: str
    credit_code: str
    kind_label: str
    area_name: str


@dataclass(frozen=True)
class NominatedLine:
    """A unit nominated to the province (第十六条), with the reason for choosing it."""

    name: str
    credit_code: str
    kind_label: str
    area_name: str
    industry: str
    listed_year: str
    reason: str


@dataclass(frozen=True)
class DepartmentLine:
    """A department's answer; without one `replied_on` is None and the remark says how it was handled."""

    department: str
    asked_on: date
    replied_on: date | None
    result: str
    remark: str = ""


@dataclass(frozen=True)
class ChangeLine:
    """A change that is reported to the province with the year's nomination (第二十条)."""

    name: str
    level_label: str
    kind_label: str
    change_label: str
    before: str
    after: str
    opinion: str


@dataclass(frozen=True)
class ChangedFact:
    """What a change altered: 单位名称, 生产地址 …"""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ReportingLine:
    """A unit that files the annual report (第十八条), with every level it is listed at."""

    name: str
    level_label: str
    kind_label: str
    area_name: str


@dataclass(frozen=True)
class ReminderLine:
    """One reminder as the ledger proves it."""

    step: str
    sent_at: datetime
    recipient: str
    channel: str
    result: str
    note: str = ""


@dataclass(frozen=True)
class FindingLine:
    """A finding of a spot check and what is demanded or, later, what was done."""

    item: str
    found: str
    demand: str = ""


@dataclass(frozen=True)
class ReviewLine:
    """A unit's scores in the review; a third one only where two differed too much."""

    name: str
    kind_label: str
    first: str
    second: str
    third: str
    total: str
    result: str


@dataclass(frozen=True)
class AreaLine:
    """An area's figures of a year."""

    area_name: str
    applied: int
    recommended: int
    cultivated: int
    listed: int
    in_force: int
    reports_due: int
    reports_filed: int
    changed: int
    removed: int
