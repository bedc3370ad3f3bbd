"""Annual reports, reminders and the year in figures (第十八条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime

from app.documents.kinds.city import (
    ALUMINIUM,
    AREAS,
    CEMENT,
    CHAIN,
    FACTORY,
    LOCAL,
    PLATFORM,
    STONE,
    letterhead,
)
from app.documents.kinds.columns import AREA, COUNT_LABELS, KIND, LEVEL, NAME, counts, table_or_none
from app.documents.kinds.inputs import Letterhead, Paragraphs, labels_of, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Table


@dataclass(frozen=True)
class ReportingLine:
    """A unit that files the annual report (第十八条), with every level it is listed at."""

    name: str = field(metadata=named("单位名称"))
    level_label: str = field(metadata=named("名单级别"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))


@dataclass(frozen=True)
class ReminderLine:
    """One reminder as the ledger proves it."""

    step: str = field(metadata=named("催报节点"))
    sent_at: datetime = field(metadata=named("时间"))
    recipient: str = field(metadata=named("接收人"))
    channel: str = field(metadata=named("方式"))
    result: str = field(metadata=named("结果"))
    note: str = field(default="", metadata=named("备注"))


@dataclass(frozen=True)
class AreaLine:
    """An area's figures of a year."""

    area_name: str = field(metadata=named("县（市、区）"))
    applied: int = field(metadata=named("申报"))
    recommended: int = field(metadata=named("县级推荐"))
    cultivated: int = field(metadata=named("培育对象"))
    listed: int = field(metadata=named("新列入"))
    in_force: int = field(metadata=named("在册"))
    reports_due: int = field(metadata=named("应填报"))
    reports_filed: int = field(metadata=named("已填报"))
    changed: int = field(metadata=named("变更"))
    removed: int = field(metadata=named("移出"))


def _reporting_table(units: Sequence[ReportingLine]) -> Table | None:
    rows = [astuple(unit) for unit in units]
    return table_or_none((NAME, LEVEL, KIND, AREA), rows)


REPORTING = (
    ReportingLine(STONE, "省级、市级", FACTORY, "云城区"),
    ReportingLine(ALUMINIUM, "市级", FACTORY, "罗定市"),
    ReportingLine(CEMENT, "国家级、省级、市级", CHAIN, "云安区"),
)


@dataclass(frozen=True, kw_only=True)
class AnnualCallInputs(Letterhead):
    """年度动态管理表填报通知 (第十八条)."""

    year: int = field(metadata=named("年度"))
    addressees: str = field(metadata=named("主送机关"))
    platform: str = field(metadata=named("管理平台名称"))
    due: date = field(metadata=named("截止日期"))
    county_due: date = field(metadata=named("县级截止日期"))
    units: tuple[ReportingLine, ...] = field(metadata=named("单位名单"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))


def _annual_call_filling(inputs: AnnualCallInputs) -> Filling:
    years = {"data_year": str(inputs.year - 1)}
    return Filling(counts(inputs.units) | years | {"reporting_table": _reporting_table(inputs.units)})


def _annual_call_specimen() -> AnnualCallInputs:
    return AnnualCallInputs(
        **letterhead(date(2027, 2, 25)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        due=date(2027, 4, 15),
        county_due=date(2027, 4, 10),
        units=REPORTING,
    )


ANNUAL_CALL = Kind(
    "annual_call",
    AnnualCallInputs,
    _annual_call_specimen,
    _annual_call_filling,
    {"data_year": "数据年度", "reporting_table": "填报单位名单表", **COUNT_LABELS},
)


@dataclass(frozen=True, kw_only=True)
class AnnualReminderInputs(Letterhead):
    """催报通知 (第十八条); `units` have not filed on the day `as_of`."""

    year: int = field(metadata=named("年度"))
    addressees: str = field(metadata=named("主送机关"))
    platform: str = field(metadata=named("管理平台名称"))
    due: date = field(metadata=named("截止日期"))
    as_of: date = field(metadata=named("统计日期"))
    units: tuple[ReportingLine, ...] = field(metadata=named("单位名单"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))

    @property
    def overdue(self) -> bool:
        """Tell whether the deadline had passed on that day."""
        return self.as_of > self.due


def _annual_reminder_filling(inputs: AnnualReminderInputs) -> Filling:
    values = counts(inputs.units) | {"reporting_table": _reporting_table(inputs.units)}
    return Filling(values, {"未到期限": not inputs.overdue, "已过期限": inputs.overdue})


def _annual_reminder_specimen() -> AnnualReminderInputs:
    return AnnualReminderInputs(
        **letterhead(date(2027, 4, 16)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        due=date(2027, 4, 15),
        as_of=date(2027, 4, 16),
        units=REPORTING[:2],
    )


ANNUAL_REMINDER = Kind(
    "annual_reminder",
    AnnualReminderInputs,
    _annual_reminder_specimen,
    _annual_reminder_filling,
    {"reporting_table": "填报单位名单表", **COUNT_LABELS},
)


@dataclass(frozen=True, kw_only=True)
class ReminderLedgerInputs(Letterhead):
    """催报台账附件: the evidence of 第二十一条第一款第（二）项."""

    year: int = field(metadata=named("年度"))
    unit_name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("所在县（市、区）"))
    due: date = field(metadata=named("截止日期"))
    as_of: date = field(metadata=named("统计日期"))
    state: str = field(metadata=named("填报状态"))
    entries: tuple[ReminderLine, ...] = field(metadata=named("催报记录"))


def _reminder_ledger_filling(inputs: ReminderLedgerInputs) -> Filling:
    columns = (
        Column("催报节点", 1300, centred=True),
        Column("时间", 1900, centred=True),
        Column("接收人", 1700),
        Column("方式", 1000, centred=True),
        Column("送达结果", 1200, centred=True),
        Column("备注", 1500),
    )
    rows = [
        (entry.step, chinese.moment(entry.sent_at), entry.recipient, entry.channel, entry.result, entry.note)
        for entry in inputs.entries
    ]
    return Filling({"entry_count": str(len(rows)), "reminder_table": table_or_none(columns, rows)})


def _reminder_ledger_specimen() -> ReminderLedgerInputs:
    steps = (("首次提醒", 3, 15), ("再次提醒", 4, 1), ("临期催报", 4, 10), ("逾期催报", 4, 16))
    return ReminderLedgerInputs(
        **letterhead(date(2027, 5, 6)),
        year=2027,
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        area_name="云城区",
        due=date(2027, 4, 15),
        as_of=date(2027, 5, 6),
        state="未填报",
        entries=tuple(
            ReminderLine(
                step, datetime(2027, month, day, 8, 30, tzinfo=LOCAL), "周示例", "站内消息", "已送达"
            )
            for step, month, day in steps
        ),
    )


REMINDER_LEDGER = Kind(
    "reminder_ledger",
    ReminderLedgerInputs,
    _reminder_ledger_specimen,
    _reminder_ledger_filling,
    {"entry_count": "催报次数", "reminder_table": "催报记录表"},
)


@dataclass(frozen=True, kw_only=True)
class AnnualSummaryInputs(Letterhead):
    """年度总结统计表."""

    year: int = field(metadata=named("年度"))
    rows: tuple[AreaLine, ...] = field(metadata=named("明细"))
    remarks: Paragraphs = field(default=(), metadata=named("说明（多段）"))


def _annual_summary_filling(inputs: AnnualSummaryInputs) -> Filling:
    area_label, *figure_labels = labels_of(AreaLine).values()
    figures = [astuple(row) for row in inputs.rows]
    if figures:
        _areas, *sums = zip(*figures, strict=True)
        figures.append(("合计", *map(sum, sums)))
    columns = (
        Column(area_label, 2000, centred=True),
        *(Column(label, 900, centred=True) for label in figure_labels),
    )
    table = Table(columns, tuple(tuple(map(str, row)) for row in figures), numbered=False)
    return Filling({"figure_table": table}, {"有说明": bool(inputs.remarks)})


def _annual_summary_specimen() -> AnnualSummaryInputs:
    return AnnualSummaryInputs(
        **letterhead(date(2027, 12, 28)),
        year=2027,
        rows=(
            AreaLine("云城区", 12, 10, 9, 4, 18, 16, 16, 1, 0),
            AreaLine("云安区", 8, 7, 6, 3, 12, 11, 10, 0, 1),
            AreaLine("佛山（云浮）产业转移工业园", 5, 5, 5, 2, 7, 6, 6, 0, 0),
        ),
        remarks=("云安区一家单位因未按时填报被移出市级名单。",),
    )


ANNUAL_SUMMARY = Kind(
    "annual_summary",
    AnnualSummaryInputs,
    _annual_summary_specimen,
    _annual_summary_filling,
    {"figure_table": "统计表"},
)


KINDS = (
    ANNUAL_CALL,
    ANNUAL_REMINDER,
    REMINDER_LEDGER,
    ANNUAL_SUMMARY,
)
