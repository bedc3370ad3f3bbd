"""Annual reports, reminders and the year in figures (第十八条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs
from app.policy.paper_inputs.lines import AreaLine, ReminderLine, ReportingLine


@dataclass(frozen=True, kw_only=True)
class AnnualCallInputs(Letterhead):
    """年度动态管理表填报通知 (第十八条)."""

    year: int
    addressees: str
    platform: str
    due: date
    county_due: date
    units: tuple[ReportingLine, ...]
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


@dataclass(frozen=True, kw_only=True)
class AnnualReminderInputs(Letterhead):
    """催报通知 (第十八条); `units` have not filed on the day `as_of`."""

    year: int
    addressees: str
    platform: str
    due: date
    as_of: date
    units: tuple[ReportingLine, ...]
    cc: tuple[str, ...] = ()
    publicity: str = "依申请公开"

    @property
    def overdue(self) -> bool:
        return self.as_of > self.due


@dataclass(frozen=True, kw_only=True)
class ReminderLedgerInputs(Letterhead):
    """催报台账附件: the evidence of 第二十一条第一款第（二）项."""

    year: int
    unit_name: str
    kind_label: str
    area_name: str
    due: date
    as_of: date
    state: str
    entries: tuple[ReminderLine, ...]


@dataclass(frozen=True, kw_only=True)
class AnnualSummaryInputs(Letterhead):
    """年度总结统计表."""

    year: int
    rows: tuple[AreaLine, ...]
    remarks: Paragraphs = ()
