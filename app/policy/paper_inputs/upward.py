"""What is asked of departments and sent to the province (第十六、十九、二十条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs
from app.policy.paper_inputs.lines import (
    ChangedFact,
    ChangeLine,
    ConsultedLine,
    DepartmentLine,
    NominatedLine,
    RemovedLine,
)


@dataclass(frozen=True, kw_only=True)
class ConsultationInputs(Letterhead):
    """征求意见函 (第十六条); `asks` says what this department knows about."""

    year: int
    department: str
    asks: str
    due: date
    units: tuple[ConsultedLine, ...]
    publicity: str = "不予公开"


@dataclass(frozen=True, kw_only=True)
class NominationInputs(Letterhead):
    """推荐省级名单的函 (第十六条, 第二十条)."""

    year: int
    province_department: str
    province_rules: str
    platform: str
    units: tuple[NominatedLine, ...]
    opinions: tuple[DepartmentLine, ...]
    changes: tuple[ChangeLine, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    publicity: str = "依申请公开"


@dataclass(frozen=True, kw_only=True)
class ChangeOpinionInputs(Letterhead):
    """变更审核意见 (第二十条); `opinion` is one of the three that the procedure knows."""

    area_department: str
    unit_name: str
    kind_label: str
    level_label: str
    listed_year: str
    change_label: str
    received_on: date
    completed_on: date
    facts: tuple[ChangedFact, ...]
    opinion: str
    reasons: Paragraphs
    higher_level: bool
    cc: tuple[str, ...] = ()
    publicity: str = "依申请公开"


@dataclass(frozen=True, kw_only=True)
class IncidentReportInputs(Letterhead):
    """事故快报 (第十九条); times to the minute."""

    report_to: str
    unit_name: str
    kind_label: str
    level_label: str
    area_name: str
    incident_type: str
    grade: str
    occurred_at: datetime
    learnt_at: datetime
    place: str
    course: Paragraphs
    losses: str
    measures: Paragraphs
    publicity: str = "不予公开"
