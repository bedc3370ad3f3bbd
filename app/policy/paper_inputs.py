"""What each kind of official document is made of: one frozen dataclass a kind, plain values from the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Paragraphs = tuple[str, ...]


# ---- rows of tables -------------------------------------------------------------------------------


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


# ---- inputs of papers -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every paper says: who issues it, when, who answers questions, under which rules."""

    issuer: str
    signed_on: date
    contact: str
    phone: str
    rules_title: str
    rules_number: str


@dataclass(frozen=True, kw_only=True)
class CallInputs(Letterhead):
    """组织申报通知 (第七至十条, 第十二条, 第十三条)."""

    year: int
    addressees: str
    platform: str
    platform_address: str
    application_due: date
    county_due: date
    standards: tuple[StandardLine, ...]
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


@dataclass(frozen=True, kw_only=True)
class CountyRecommendationInputs(Letterhead):
    """县级推荐函 (第十三条); the issuer is the county's department."""

    year: int
    bureau: str
    area_name: str
    platform: str
    filed_on: date
    rows: tuple[RecommendedLine, ...]
    publicity: str = "依申请公开"


@dataclass(frozen=True, kw_only=True)
class CultivationInputs(Letterhead):
    """培育对象名单通知 (第十四条)."""

    year: int
    addressees: str
    units: tuple[UnitLine, ...]
    valid_from: date
    valid_to: date
    valid_years: int
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


@dataclass(frozen=True, kw_only=True)
class ReviewMinutesInputs(Letterhead):
    """评审会议纪要 (第十五条)."""

    year: int
    held_on: date
    place: str
    chair: str
    panel: tuple[str, ...]
    recusals: Paragraphs
    rows: tuple[ReviewLine, ...]
    remarks: Paragraphs = ()


@dataclass(frozen=True, kw_only=True)
class PublicNoticeInputs(Letterhead):
    """拟入选名单公示 (第十五条)."""

    year: int
    units: tuple[UnitLine, ...]
    first_day: date
    last_day: date
    days: int
    day_type: str
    address: str


@dataclass(frozen=True, kw_only=True)
class NoObjectionInputs(Letterhead):
    """公示无异议证明 (第十五条); `units` are those without an objection that was upheld."""

    year: int
    units: tuple[UnitLine, ...]
    first_day: date
    last_day: date
    days: int
    day_type: str
    published_at: str
    received: int = 0
    upheld: int = 0


@dataclass(frozen=True, kw_only=True)
class ListingInputs(Letterhead):
    """公布名单通知 (第十五条), with what entered by 第十七条 and what left by 第二十一条."""

    year: int
    addressees: str
    notice_first_day: date
    notice_last_day: date
    factories: tuple[UnitLine, ...] = ()
    parks: tuple[UnitLine, ...] = ()
    supply_chains: tuple[UnitLine, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    renamed: tuple[RenamedLine, ...] = ()
    provincial: tuple[ProvincialLine, ...] = ()
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


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
class RemovalAnnouncementInputs(Letterhead):
    """移出公告 (第二十一条)."""

    rows: tuple[RemovedLine, ...]
    facts: Paragraphs
    immediate: bool
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


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


@dataclass(frozen=True, kw_only=True)
class TipInputs(Letterhead):
    """举报事项受理、不予受理告知书 (第二十三条)."""

    reporter: str
    receipt: str
    received_on: date
    subject_name: str
    matter: str


@dataclass(frozen=True, kw_only=True)
class TipAcceptedInputs(TipInputs):
    """受理告知书."""

    close_due: date


@dataclass(frozen=True, kw_only=True)
class TipRefusedInputs(TipInputs):
    """不予受理告知书."""

    reasons: Paragraphs


@dataclass(frozen=True, kw_only=True)
class TipResultInputs(TipInputs):
    """办理结果告知书; `outcome` is one of 不实, 整改, 移出, 第三方处理."""

    accepted_number: str
    course: Paragraphs
    finding: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class EvaluatorNoticeInputs(Letterhead):
    """第三方机构问题函告 (第二十二条, 第二十三条); `from_tip` chooses the article, `until` has no default."""

    evaluator_name: str
    findings: Paragraphs
    from_tip: bool
    until: date | None
    cc: tuple[str, ...] = ()
    publicity: str = "依申请公开"


@dataclass(frozen=True, kw_only=True)
class RevocationInputs(Letterhead):
    """撤销公文的公告: names the issued paper that it ends, and why."""

    revoked_title: str
    revoked_number: str
    revoked_on: date
    reasons: Paragraphs
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


@dataclass(frozen=True, kw_only=True)
class AnnualSummaryInputs(Letterhead):
    """年度总结统计表."""

    year: int
    rows: tuple[AreaLine, ...]
    remarks: Paragraphs = ()
