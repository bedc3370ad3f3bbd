"""Changes and incidents of listed units (第十九、二十条)."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from datetime import date, datetime

from app.documents.kinds.city import FACTORY, LOCAL, letterhead
from app.documents.kinds.columns import table_or_none
from app.documents.kinds.inputs import Letterhead, Paragraphs, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout.tables import Column


@dataclass(frozen=True)
class ChangedFact:
    """A fact before and after a change: 单位名称, 生产地址 and the like."""

    label: str = field(metadata=named("变更事项"))
    before: str = field(metadata=named("变更前"))
    after: str = field(metadata=named("变更后"))


@dataclass(frozen=True, kw_only=True)
class ChangeOpinionInputs(Letterhead):
    """变更审核意见 (第二十条); `opinion` is one of the three that the procedure knows."""

    area_department: str = field(metadata=named("县级主管部门"))
    unit_name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    level_label: str = field(metadata=named("名单级别"))
    listed_year: str = field(metadata=named("列入年度"))
    change_label: str = field(metadata=named("变更事项"))
    received_on: date = field(metadata=named("收到日期"))
    completed_on: date = field(metadata=named("手续办结日期"))
    facts: tuple[ChangedFact, ...] = field(metadata=named("变更明细"))
    opinion: str = field(metadata=named("变更意见"))
    reasons: Paragraphs = field(metadata=named("理由（多段）"))
    higher_level: bool = field(metadata=named("涉及上一级名单"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))


def _change_opinion_filling(inputs: ChangeOpinionInputs) -> Filling:
    columns = (Column("变更事项", 1900, centred=True), Column("变更前", 3300), Column("变更后", 3300))
    rows = [astuple(fact) for fact in inputs.facts]
    return Filling(
        {"fact_table": table_or_none(columns, rows)},
        {
            "同意变更并保留": inputs.opinion == "同意变更并保留",
            "重新评价": inputs.opinion == "重新评价",
            "不同意变更": inputs.opinion == "不同意变更",
            "涉及上一级名单": inputs.higher_level,
        },
    )


def _change_opinion_specimen() -> ChangeOpinionInputs:
    return ChangeOpinionInputs(
        **letterhead(date(2027, 7, 6)),
        area_department="云安区工业和信息化主管部门",
        unit_name="云浮市示例新名有限公司",
        kind_label=FACTORY,
        level_label="省级、市级",
        listed_year="2025",
        change_label="名称变更",
        received_on=date(2027, 6, 30),
        completed_on=date(2027, 6, 15),
        facts=(ChangedFact("单位名称", "云浮市示例旧名有限公司", "云浮市示例新名有限公司"),),
        opinion="同意变更并保留",
        reasons=("登记机关已核准名称变更，统一社会信用代码、生产地址和组织边界均未变化。",),
        higher_level=True,
        cc=("云浮市示例新名有限公司",),
    )


CHANGE_OPINION = Kind(
    "change_opinion",
    ChangeOpinionInputs,
    _change_opinion_specimen,
    _change_opinion_filling,
    {"fact_table": "变更事项表"},
)


@dataclass(frozen=True, kw_only=True)
class IncidentReportInputs(Letterhead):
    """事故快报 (第十九条); times to the minute."""

    report_to: str = field(metadata=named("上报机关"))
    unit_name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    level_label: str = field(metadata=named("名单级别"))
    area_name: str = field(metadata=named("所在县（市、区）"))
    incident_type: str = field(metadata=named("事故类型"))
    grade: str = field(metadata=named("等级"))
    occurred_at: datetime = field(metadata=named("发生时间"))
    learnt_at: datetime = field(metadata=named("获悉时间"))
    place: str = field(metadata=named("地点"))
    course: Paragraphs = field(metadata=named("经过（多段）"))
    losses: str = field(metadata=named("损失情况"))
    measures: Paragraphs = field(metadata=named("措施（多段）"))
    publicity: str = field(default="不予公开", metadata=named("公开方式"))


def _incident_report_specimen() -> IncidentReportInputs:
    return IncidentReportInputs(
        **letterhead(date(2027, 8, 3)),
        report_to="广东省工业和信息化厅",
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        level_label="市级",
        area_name="云城区",
        incident_type="突发环境污染事件",
        grade="Ⅱ级（重大）",
        occurred_at=datetime(2027, 8, 3, 6, 20, tzinfo=LOCAL),
        learnt_at=datetime(2027, 8, 3, 7, 5, tzinfo=LOCAL),
        place="云浮市云城区示例化工园",
        course=("该单位一座储罐阀门失效，部分物料进入雨水沟。",),
        losses="无人员伤亡，财产损失和环境影响正在核实。",
        measures=("已关闭雨水总排口，转移储罐剩余物料。", "有关主管部门已到现场处置，开展水质监测。"),
    )


INCIDENT_REPORT = Kind("incident_report", IncidentReportInputs, _incident_report_specimen)


KINDS = (
    CHANGE_OPINION,
    INCIDENT_REPORT,
)
