"""Spot checks, rectification and problems of evaluators (第十九、二十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date

from app.documents.kinds.city import FACTORY, STONE, letterhead
from app.documents.kinds.columns import table_or_none
from app.documents.kinds.inputs import Letterhead, Paragraphs, given_until, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Form, Table

ITEM = Column("事项", 2000)


@dataclass(frozen=True)
class FindingLine:
    """A finding of a spot check and the demanded or completed rectification."""

    item: str = field(metadata=named("事项"))
    found: str = field(metadata=named("发现的情况"))
    demand: str = field(default="", metadata=named("整改要求或整改情况"))


def _finding_table(findings: Sequence[FindingLine], demand: str) -> Table | None:
    columns = (ITEM, Column("发现的情况", 3300), Column(demand, 3000))
    return table_or_none(columns, [astuple(finding) for finding in findings])


FINDINGS = (
    FindingLine("能源计量", "二号生产线未按要求配备能源计量器具。", "配备计量器具并纳入能源管理台账。"),
    FindingLine("固体废物台账", "一般工业固体废物台账记录不完整。", "补齐台账，明确专人管理。"),
)


@dataclass(frozen=True, kw_only=True)
class SpotCheckRecordInputs(Letterhead):
    """现场抽查复核记录 (第十九条)."""

    unit_name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("所在县（市、区）"))
    address: str = field(metadata=named("地址"))
    checked_on: date = field(metadata=named("检查日期"))
    checkers: str = field(metadata=named("检查人员"))
    received_by: str = field(metadata=named("陪同人员"))
    scope: str = field(metadata=named("检查内容"))
    findings: tuple[FindingLine, ...] = field(metadata=named("问题"))
    conclusion: str = field(metadata=named("结论"))


def _spot_check_record_filling(inputs: SpotCheckRecordInputs) -> Filling:
    form = Form(
        (
            ("被查单位", inputs.unit_name),
            ("类别", inputs.kind_label),
            ("所在县（市、区）", inputs.area_name),
            ("检查地点", inputs.address),
            ("检查日期", chinese.day(inputs.checked_on)),
            ("检查人员", inputs.checkers),
            ("单位陪同人员", inputs.received_by),
            ("检查依据", f"《{inputs.rules_title}》（{inputs.rules_number}）第十九条"),
            ("检查内容", inputs.scope),
        )
    )
    blanks = ("检查人员签字", "单位意见", "单位负责人签字（盖章）", "签字日期")
    signatures = Form((("检查结论", inputs.conclusion), *((label, "") for label in blanks)))
    columns = (ITEM, Column("发现的情况", 6000))
    rows = [(finding.item, finding.found) for finding in inputs.findings]
    return Filling(
        {
            "check_form": form,
            "finding_table": table_or_none(columns, rows),
            "signature_form": signatures,
        },
        {"发现问题": bool(rows), "未发现问题": not rows},
    )


def _spot_check_record_specimen() -> SpotCheckRecordInputs:
    return SpotCheckRecordInputs(
        **letterhead(date(2027, 9, 10)),
        unit_name=STONE,
        kind_label=FACTORY,
        area_name="云城区",
        address="云浮市云城区示例工业路8号",
        checked_on=date(2027, 9, 10),
        checkers="梁示例、张示例",
        received_by="李示例（生产部经理）",
        scope="能源资源计量、固体废物管理、年度动态管理表填报数据",
        findings=FINDINGS,
        conclusion="存在两项问题，需整改后复查。",
    )


SPOT_CHECK_RECORD = Kind(
    "spot_check_record",
    SpotCheckRecordInputs,
    _spot_check_record_specimen,
    _spot_check_record_filling,
    {"check_form": "抽查情况表", "finding_table": "问题和要求表", "signature_form": "签字栏"},
)


@dataclass(frozen=True, kw_only=True)
class RectificationInputs(Letterhead):
    """整改通知书 (第十九条, 第二十三条); `from_tip` when a verified report is behind it."""

    unit_name: str = field(metadata=named("单位名称"))
    checked_on: date = field(metadata=named("检查日期"))
    findings: tuple[FindingLine, ...] = field(metadata=named("问题"))
    due: date = field(metadata=given_until("截止日期"))
    from_tip: bool = field(default=False, metadata=named("由举报核实引起"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))


def _rectification_notice_filling(inputs: RectificationInputs) -> Filling:
    values = {"finding_table": _finding_table(inputs.findings, "整改要求")}
    return Filling(values, {"现场抽查": not inputs.from_tip, "举报核实": inputs.from_tip})


def _rectification_notice_specimen() -> RectificationInputs:
    return RectificationInputs(
        **letterhead(date(2027, 9, 13)),
        unit_name=STONE,
        checked_on=date(2027, 9, 10),
        findings=FINDINGS,
        due=date(2027, 10, 15),
        cc=("云城区工业和信息化主管部门",),
    )


RECTIFICATION_NOTICE = Kind(
    "rectification_notice",
    RectificationInputs,
    _rectification_notice_specimen,
    _rectification_notice_filling,
    {"finding_table": "问题和要求表"},
)


@dataclass(frozen=True, kw_only=True)
class RecheckInputs(Letterhead):
    """复查意见 (第十九条); `next_due` when something is left to be done."""

    unit_name: str = field(metadata=named("单位名称"))
    notice_number: str = field(metadata=named("整改通知书文号"))
    rechecked_on: date = field(metadata=named("复查日期"))
    findings: tuple[FindingLine, ...] = field(metadata=named("问题"))
    next_due: date | None = field(default=None, metadata=given_until("继续整改期限"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))


def _recheck_opinion_filling(inputs: RecheckInputs) -> Filling:
    values = {"finding_table": _finding_table(inputs.findings, "整改情况")}
    return Filling(values, {"整改到位": inputs.next_due is None, "整改未到位": inputs.next_due is not None})


def _recheck_opinion_specimen() -> RecheckInputs:
    return RecheckInputs(
        **letterhead(date(2027, 10, 20)),
        unit_name=STONE,
        notice_number="云工信函〔2027〕45号",
        rechecked_on=date(2027, 10, 18),
        findings=(
            FindingLine("能源计量", FINDINGS[0].found, "已配备计量器具。"),
            FindingLine("固体废物台账", FINDINGS[1].found, "台账仍缺少五月份记录。"),
        ),
        next_due=date(2027, 11, 15),
        cc=("云城区工业和信息化主管部门",),
    )


RECHECK_OPINION = Kind(
    "recheck_opinion",
    RecheckInputs,
    _recheck_opinion_specimen,
    _recheck_opinion_filling,
    {"finding_table": "问题和要求表"},
)


@dataclass(frozen=True, kw_only=True)
class EvaluatorNoticeInputs(Letterhead):
    """第三方机构问题函告 (第二十二条, 第二十三条); `from_tip` chooses the article, `until` has no default."""

    evaluator_name: str = field(metadata=named("第三方机构名称"))
    findings: Paragraphs = field(metadata=named("问题（多段）"))
    from_tip: bool = field(metadata=named("由举报核实引起"))
    until: date | None = field(metadata=given_until("不再采信的截止日期"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="依申请公开", metadata=named("公开方式"))


def _evaluator_notice_filling(inputs: EvaluatorNoticeInputs) -> Filling:
    return Filling(
        cases={
            "评价过程问题": not inputs.from_tip,
            "举报核实": inputs.from_tip,
            "不再采信": inputs.until is not None,
        }
    )


def _evaluator_notice_specimen() -> EvaluatorNoticeInputs:
    return EvaluatorNoticeInputs(
        **letterhead(date(2027, 7, 20)),
        evaluator_name="示例绿色评价（广东）有限公司",
        findings=("评价报告所附现场照片与受评价单位实际不符。", "未核实受评价单位的能源消费统计报表。"),
        from_tip=False,
        until=date(2028, 7, 20),
        cc=("广东省工业和信息化厅",),
    )


EVALUATOR_NOTICE = Kind(
    "evaluator_notice", EvaluatorNoticeInputs, _evaluator_notice_specimen, _evaluator_notice_filling
)


KINDS = (
    SPOT_CHECK_RECORD,
    RECTIFICATION_NOTICE,
    RECHECK_OPINION,
    EVALUATOR_NOTICE,
)
