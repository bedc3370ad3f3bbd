"""Catalogue of official documents: kind, series, title, skeleton, addressee, who signs, issuing step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.policy.terms import Role


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every paper says: who issues it, when, who answers questions, under which rules."""

    issuer: str
    signed_on: date
    contact: str
    phone: str
    rules_title: str
    rules_number: str


@dataclass(frozen=True)
class UnitLine:
    """A unit on a published list: credit code, score and contacts stay out of it."""

    name: str
    kind_label: str
    area_name: str
    industry: str = ""


@dataclass(frozen=True)
class RemovedLine:
    """A unit taken off the list; `ground` is the article in words (第二十一条第（二）项)."""

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
class ListingInputs(Letterhead):
    """公布名单通知 (第十五条), with what entered by 第十七条 and what left by 第二十一条."""

    year: int
    factories: tuple[UnitLine, ...] = ()
    parks: tuple[UnitLine, ...] = ()
    supply_chains: tuple[UnitLine, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    renamed: tuple[RenamedLine, ...] = ()
    provincial: tuple[ProvincialLine, ...] = ()
    addressees: str
    notice_first_day: date
    notice_last_day: date
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


@dataclass(frozen=True)
class PaperKind:
    """One row of the catalogue; `series` is a key of the rule pack's number series, None: no number."""

    code: str
    label: str
    family: str
    series: str | None
    title: str
    addressee: str
    signed_by: Role
    step: str
    article: int
    inputs: type
    sealed: bool = False  # kept with the tip: no title, file, zip or verification page elsewhere


LEAD = Role.CITY_LEAD

# fmt: off
_ROWS = (
    PaperKind("public_notice", "拟入选名单公示", "plain", None,
              "{{year}}年度市级绿色制造名单拟入选名单公示", "社会公众", LEAD, "announce", 15,
              PublicNoticeInputs),
    PaperKind("listing_announcement", "公布名单通知", "red_head", "document",
              "{{issuer}}关于公布{{year}}年度市级绿色制造名单的通知", "各县（市、区）、有关单位",
              LEAD, "list", 15, ListingInputs),
)
# fmt: on

KINDS = {kind.code: kind for kind in _ROWS}

LABELS = {
    "issuer": "发文机关", "signed_on": "成文日期", "contact": "联系人", "phone": "联系电话",
    "rules_title": "细则名称", "rules_number": "细则文号", "year": "年度", "first_day": "公示首日",
    "last_day": "公示末日", "days": "公示天数", "day_type": "天数类型", "address": "联系地址",
    "unit_count": "单位数", "unit_summary": "分类数量", "period": "起止日期", "unit_table": "单位名单表",
    "addressees": "主送机关", "notice_first_day": "公示首日", "notice_last_day": "公示末日",
    "cc": "抄送机关", "publicity": "公开方式", "removed_count": "移出单位数",
    "renamed_count": "更名单位数", "provincial_count": "省级名单单位数",
    "factory_table": "绿色工厂名单表", "park_table": "绿色工业园区名单表",
    "supply_chain_table": "绿色供应链管理企业名单表", "provincial_table": "省级名单单位表",
    "removed_table": "移出名单表", "renamed_table": "更名名单表",
}  # fmt: skip
