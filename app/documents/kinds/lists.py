"""Public notice, its certificate and the list itself (第十五条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import Any

from app.documents.kinds.city import AREAS, CC, CHAINS, FACTORIES, FACTORY, PARKS, REMOVED, UNITS, letterhead
from app.documents.kinds.columns import (
    AREA,
    COUNT_LABELS,
    INDUSTRY,
    KIND,
    NAME,
    RemovedLine,
    UnitLine,
    counts,
    removed_table,
    table_or_none,
    unit_table,
)
from app.documents.kinds.inputs import Letterhead, named
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout import chinese
from app.documents.layout.tables import Column, Table


@dataclass(frozen=True)
class RenamedLine:
    """A unit whose change of name was accepted (第二十条)."""

    name_before: str = field(metadata=named("原名称"))
    name_after: str = field(metadata=named("现名称"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))


@dataclass(frozen=True)
class ProvincialLine:
    """A unit that is on the list because the province published it (第十七条); `source` is that document."""

    name: str = field(metadata=named("单位名称"))
    kind_label: str = field(metadata=named("类别"))
    area_name: str = field(metadata=named("县（市、区）"))
    source: str = field(metadata=named("列入依据"))


def _listing_tables(inputs: ListingInputs) -> dict[str, Any]:
    def of_one_kind(units: Sequence[UnitLine]) -> Table | None:
        return table_or_none(
            (NAME, AREA, INDUSTRY), [(unit.name, unit.area_name, unit.industry) for unit in units]
        )

    renamed = [astuple(unit) for unit in inputs.renamed]
    provincial = [astuple(unit) for unit in inputs.provincial]
    return {
        "factory_table": of_one_kind(inputs.factories),
        "park_table": table_or_none((NAME, AREA), [(park.name, park.area_name) for park in inputs.parks]),
        "supply_chain_table": of_one_kind(inputs.supply_chains),
        "provincial_table": table_or_none((NAME, KIND, AREA, Column("列入依据", 2600)), provincial),
        "removed_table": removed_table(inputs.removed),
        "renamed_table": table_or_none((Column("原名称", 3000), Column("现名称", 3000), KIND, AREA), renamed),
    }


@dataclass(frozen=True, kw_only=True)
class NoticeInputs(Letterhead):
    """Units of a public notice and its period (第十五条)."""

    year: int = field(metadata=named("年度"))
    units: tuple[UnitLine, ...] = field(metadata=named("单位名单"))
    first_day: date = field(metadata=named("公示首日"))
    last_day: date = field(metadata=named("公示末日"))
    days: int = field(metadata=named("公示天数"))
    day_type: str = field(metadata=named("天数类型"))


NOTICE_LABELS = {"period": "公示起止日期", **COUNT_LABELS, "unit_table": "单位名单表"}


@dataclass(frozen=True, kw_only=True)
class PublicNoticeInputs(NoticeInputs):
    """拟入选名单公示 (第十五条)."""

    address: str = field(metadata=named("地址"))


def _public_notice_filling(inputs: PublicNoticeInputs) -> Filling:
    return Filling(_notice_values(inputs))


def _notice_values(inputs: NoticeInputs) -> dict[str, Any]:
    period = chinese.period(inputs.first_day, inputs.last_day)
    return counts(inputs.units) | {"period": period, "unit_table": unit_table(inputs.units)}


def _public_notice_specimen() -> PublicNoticeInputs:
    return PublicNoticeInputs(
        **letterhead(date(2027, 6, 10)),
        year=2027,
        units=UNITS,
        first_day=date(2027, 6, 10),
        last_day=date(2027, 6, 16),
        days=5,
        day_type="工作日",
        address="云浮市云城区示例路1号",
    )


PUBLIC_NOTICE = Kind(
    "public_notice",
    PublicNoticeInputs,
    _public_notice_specimen,
    _public_notice_filling,
    NOTICE_LABELS,
)


@dataclass(frozen=True, kw_only=True)
class NoObjectionInputs(NoticeInputs):
    """公示结果说明 (第十五条); `units` are those without an objection that was upheld."""

    published_at: str = field(metadata=named("公示载体"))
    received: int = field(default=0, metadata=named("收到异议件数"))
    upheld: int = field(default=0, metadata=named("异议成立件数"))


def _no_objection_filling(inputs: NoObjectionInputs) -> Filling:
    return Filling(
        _notice_values(inputs),
        {
            "未收到异议": inputs.received == 0,
            "收到异议均不成立": inputs.received > 0 and inputs.upheld == 0,
            "有异议成立": inputs.upheld > 0,
        },
    )


def _no_objection_specimen() -> NoObjectionInputs:
    return NoObjectionInputs(
        **letterhead(date(2027, 6, 17)),
        year=2027,
        units=UNITS,
        first_day=date(2027, 6, 10),
        last_day=date(2027, 6, 16),
        days=5,
        day_type="工作日",
        published_at="市工业和信息化局网站",
    )


NO_OBJECTION = Kind(
    "no_objection",
    NoObjectionInputs,
    _no_objection_specimen,
    _no_objection_filling,
    NOTICE_LABELS,
)


@dataclass(frozen=True, kw_only=True)
class ListingInputs(Letterhead):
    """公布名单通知 (第十五条), with entries by 第十七条 and removals by 第二十一条."""

    year: int = field(metadata=named("年度"))
    addressees: str = field(metadata=named("主送机关"))
    notice_first_day: date = field(metadata=named("公示首日"))
    notice_last_day: date = field(metadata=named("公示末日"))
    factories: tuple[UnitLine, ...] = field(default=(), metadata=named("绿色工厂"))
    parks: tuple[UnitLine, ...] = field(default=(), metadata=named("绿色工业园区"))
    supply_chains: tuple[UnitLine, ...] = field(default=(), metadata=named("绿色供应链管理企业"))
    removed: tuple[RemovedLine, ...] = field(default=(), metadata=named("移出单位"))
    renamed: tuple[RenamedLine, ...] = field(default=(), metadata=named("更名单位"))
    provincial: tuple[ProvincialLine, ...] = field(default=(), metadata=named("省级名单单位"))
    cc: tuple[str, ...] = field(default=(), metadata=named("抄送机关"))
    publicity: str = field(default="主动公开", metadata=named("公开方式"))
    received: int = field(default=0, metadata=named("收到异议件数"))
    rejected: int = field(default=0, metadata=named("异议不成立件数"))
    upheld: int = field(default=0, metadata=named("异议成立件数"))


UNOPPOSED = "公示无异议"


def _notice_outcome(inputs: ListingInputs) -> str:
    """Return how the notice ended, as the sentence about it goes on; 无异议 only when none was received."""
    if not inputs.received:
        return UNOPPOSED
    waiting = inputs.received - inputs.rejected - inputs.upheld
    counted = ((inputs.rejected, "经核查不成立"), (inputs.upheld, "异议成立"), (waiting, "尚在核查"))
    outcome = "、".join(f"{label}{count}件" for count, label in counted if count)
    left_out = {
        (True, True): "异议成立和尚在核查的",
        (True, False): "异议成立的",
        (False, True): "尚在核查的",
    }
    which = left_out.get((inputs.upheld > 0, waiting > 0))
    note = f"，{which}单位不在本次公布之列" if which else ""
    return f"公示（公示期间收到异议{inputs.received}件，{outcome}{note}）"


def _listing_announcement_filling(inputs: ListingInputs) -> Filling:
    new = (*inputs.factories, *inputs.parks, *inputs.supply_chains)
    values = counts(new) | _listing_tables(inputs)
    values |= {
        "removed_count": str(len(inputs.removed)),
        "renamed_count": str(len(inputs.renamed)),
        "provincial_count": str(len(inputs.provincial)),
        "period": chinese.period(inputs.notice_first_day, inputs.notice_last_day),
        "notice_outcome": _notice_outcome(inputs),
    }
    return Filling(
        values,
        {
            "有新列入单位": bool(new),
            "无新列入单位": not new,
            "有省级名单单位": bool(inputs.provincial),
            "有移出单位": bool(inputs.removed),
            "有更名单位": bool(inputs.renamed),
        },
    )


def _listing_announcement_specimen() -> ListingInputs:
    return ListingInputs(
        **letterhead(date(2027, 6, 18)),
        year=2027,
        factories=FACTORIES,
        parks=PARKS,
        supply_chains=CHAINS,
        removed=REMOVED,
        renamed=(RenamedLine("云浮市示例旧名有限公司", "云浮市示例新名有限公司", FACTORY, "云安区"),),
        provincial=(
            ProvincialLine("云浮市示例新能源有限公司", FACTORY, "云城区", "2026年度广东省绿色制造名单"),
        ),
        addressees=f"{AREAS}，各有关单位",
        notice_first_day=date(2027, 6, 10),
        notice_last_day=date(2027, 6, 16),
        cc=CC,
    )


LISTING_ANNOUNCEMENT = Kind(
    "listing_announcement",
    ListingInputs,
    _listing_announcement_specimen,
    _listing_announcement_filling,
    {
        "factory_table": "绿色工厂名单表",
        "park_table": "绿色工业园区名单表",
        "notice_outcome": "公示结果",
        "period": "公示起止日期",
        "provincial_count": "省级名单单位数",
        "provincial_table": "省级名单单位表",
        "removed_count": "移出单位数",
        "removed_table": "移出名单表",
        "renamed_count": "更名单位数",
        "renamed_table": "更名名单表",
        "supply_chain_table": "绿色供应链管理企业名单表",
        **COUNT_LABELS,
    },
    computed={UNOPPOSED: "notice_outcome"},
)


KINDS = (
    PUBLIC_NOTICE,
    NO_OBJECTION,
    LISTING_ANNOUNCEMENT,
)
