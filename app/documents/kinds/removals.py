"""Removal from the list: notice beforehand and announcement (第二十一条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.documents.kinds.city import FACTORY, LATE, letterhead
from app.documents.kinds.columns import RemovedLine, removed_table
from app.documents.kinds.inputs import Letterhead, Paragraphs, given_until, named
from app.documents.kinds.kind import Filling, Kind


def _removed_subject(rows: Sequence[RemovedLine]) -> str:
    """Return 甲公司, or 甲公司等3家单位."""
    return rows[0].name if len(rows) == 1 else f"{rows[0].name}等{len(rows)}家单位"


@dataclass(frozen=True, kw_only=True)
class RemovalIntentInputs(Letterhead):
    """移出事先告知书 (第二十一条); `ground` is the clause, `ground_text` its words."""

    unit_name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    listed_year: str = field(metadata=named("列入年度"))
    facts: Paragraphs = field(metadata=named("事实（多段）"))
    ground: str = field(metadata=named("依据条款"))
    ground_text: str = field(metadata=named("依据条款原文"))
    immediate: bool = field(metadata=named("及时移出"))
    statement_days: int = field(metadata=named("陈述申辩工作日数"))
    statement_due: date = field(metadata=given_until("陈述申辩截止日期"))
    address: str = field(metadata=named("地址"))


def _removal_intent_filling(inputs: RemovalIntentInputs) -> Filling:
    return Filling(cases={"随年度名单移出": not inputs.immediate, "及时移出": inputs.immediate})


def _removal_intent_specimen() -> RemovalIntentInputs:
    return RemovalIntentInputs(
        **letterhead(date(2027, 5, 10)),
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        listed_year="2025",
        facts=("你单位应当于2027年4月15日前填报年度动态管理表，经四次催报，至今未填报。",),
        ground=LATE,
        ground_text="拒不按时填报动态管理表",
        immediate=False,
        statement_days=5,
        statement_due=date(2027, 5, 17),
        address="云浮市云城区示例路1号",
    )


REMOVAL_INTENT = Kind(
    "removal_intent", RemovalIntentInputs, _removal_intent_specimen, _removal_intent_filling
)


@dataclass(frozen=True, kw_only=True)
class RemovalAnnouncementInputs(Letterhead):
    """移出公告 (第二十一条)."""

    rows: tuple[RemovedLine, ...] = field(metadata=named("明细"))
    facts: Paragraphs = field(metadata=named("事实（多段）"))
    immediate: bool = field(metadata=named("及时移出"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))


def _removal_announcement_filling(inputs: RemovalAnnouncementInputs) -> Filling:
    values = {
        "removed_subject": _removed_subject(inputs.rows),
        "removed_count": str(len(inputs.rows)),
        "removed_table": removed_table(inputs.rows),
    }
    return Filling(values, {"随年度名单移出": not inputs.immediate, "及时移出": inputs.immediate})


def _removal_announcement_specimen() -> RemovalAnnouncementInputs:
    row = RemovedLine(
        "云浮市示例化工有限公司", FACTORY, "云城区", "2025", "第二十一条第二款", date(2027, 8, 9)
    )
    return RemovalAnnouncementInputs(
        **letterhead(date(2027, 8, 9)),
        rows=(row,),
        facts=("2027年8月3日，云浮市示例化工有限公司发生Ⅱ级（重大）突发环境污染事件。",),
        immediate=True,
        cc=("广东省工业和信息化厅",),
    )


REMOVAL_ANNOUNCEMENT = Kind(
    "removal_announcement",
    RemovalAnnouncementInputs,
    _removal_announcement_specimen,
    _removal_announcement_filling,
    {"removed_count": "移出单位数", "removed_subject": "移出单位概称", "removed_table": "移出名单表"},
)


KINDS = (
    REMOVAL_INTENT,
    REMOVAL_ANNOUNCEMENT,
)
