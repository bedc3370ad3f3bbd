"""Letters to the person who reported a unit (第二十三条), sealed with the tip."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.documents.kinds.city import letterhead
from app.documents.kinds.inputs import Letterhead, Paragraphs, given_until, named
from app.documents.kinds.kind import Filling, Kind


@dataclass(frozen=True, kw_only=True)
class TipInputs(Letterhead):
    """举报事项受理、不予受理告知书 (第二十三条)."""

    reporter: str = field(metadata=named("举报人"))
    receipt: str = field(metadata=named("举报编号"))
    received_on: date = field(metadata=named("收到日期"))
    subject_name: str = field(metadata=named("被举报对象"))
    matter: str = field(metadata=named("举报事项"))


def _tip(day: date) -> dict[str, Any]:
    return letterhead(day) | {
        "reporter": "陈示例",
        "receipt": "JB-2027-0003",
        "received_on": date(2027, 3, 1),
        "subject_name": "云浮市示例化工有限公司",
        "matter": "年度动态管理表所填综合能源消费量与实际不符",
    }


@dataclass(frozen=True, kw_only=True)
class TipAcceptedInputs(TipInputs):
    """受理告知书."""

    close_due: date = field(metadata=given_until("计划办结日期"))


def _tip_accepted_specimen() -> TipAcceptedInputs:
    return TipAcceptedInputs(**_tip(date(2027, 3, 8)), close_due=date(2027, 5, 7))


TIP_ACCEPTED = Kind("tip_accepted", TipAcceptedInputs, _tip_accepted_specimen)


@dataclass(frozen=True, kw_only=True)
class TipRefusedInputs(TipInputs):
    """不予受理告知书."""

    reasons: Paragraphs = field(metadata=named("理由（多段）"))


def _tip_refused_specimen() -> TipRefusedInputs:
    return TipRefusedInputs(**_tip(date(2027, 3, 8)), reasons=("未提供佐证材料，经告知后仍未补充。",))


TIP_REFUSED = Kind("tip_refused", TipRefusedInputs, _tip_refused_specimen)


@dataclass(frozen=True, kw_only=True)
class TipResultInputs(TipInputs):
    """办理结果告知书; `outcome` is one of 不实, 整改, 移出, 第三方处理."""

    accepted_number: str = field(metadata=named("受理告知书文号"))
    course: Paragraphs = field(metadata=named("经过（多段）"))
    finding: str = field(metadata=named("认定结论"))
    outcome: str = field(metadata=named("处理方式"))


def _tip_result_filling(inputs: TipResultInputs) -> Filling:
    return Filling(cases={case: inputs.outcome == case for case in ("不实", "整改", "移出", "第三方处理")})


def _tip_result_specimen() -> TipResultInputs:
    return TipResultInputs(
        **_tip(date(2027, 4, 26)),
        accepted_number="云工信举告〔2027〕1号",
        course=("我局会同所在县（市、区）工业和信息化主管部门核对了统计报表和能源计量记录。",),
        finding="部分属实",
        outcome="整改",
    )


TIP_RESULT = Kind("tip_result", TipResultInputs, _tip_result_specimen, _tip_result_filling)


KINDS = (
    TIP_ACCEPTED,
    TIP_REFUSED,
    TIP_RESULT,
)
