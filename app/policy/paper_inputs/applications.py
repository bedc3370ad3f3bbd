"""From the call to the review (第七至十五条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs
from app.policy.paper_inputs.lines import RecommendedLine, ReviewLine, StandardLine, UnitLine


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
