"""Notices, the list and what takes from it (第十五、二十一条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs
from app.policy.paper_inputs.lines import ProvincialLine, RemovedLine, RenamedLine, UnitLine


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
class RemovalAnnouncementInputs(Letterhead):
    """移出公告 (第二十一条)."""

    rows: tuple[RemovedLine, ...]
    facts: Paragraphs
    immediate: bool
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"


@dataclass(frozen=True, kw_only=True)
class RevocationInputs(Letterhead):
    """撤销公文的公告: names the issued paper that it ends, and why."""

    revoked_title: str
    revoked_number: str
    revoked_on: date
    reasons: Paragraphs
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"
