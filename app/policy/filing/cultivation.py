"""Steps of an application (第十二至十五条): county, conformity, cultivation, review, notice, list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.policy.filing.guards import (
    cleared,
    cleared_today,
    confirmed_by_city,
    cultivation_is_over,
    declared_true,
    eligible,
    filing_late_explained,
    filing_open,
    ground_found,
    has_opinion,
    has_report,
    has_totals,
    list_late_explained,
    no_open_objection,
    no_upheld_objection,
    not_cultivated_elsewhere,
    not_excluded,
    not_itself,
    notice_is_over,
    platform_filed,
    reason_to_take_off,
    rules_in_force,
    rules_in_force_at_notice,
    upheld_objection,
    within_cultivation,
)
from app.policy.flow import Act, Step, StepTable, Waiting
from app.policy.terms import Role as R
from app.policy.terms import Stage as S
from app.policy.terms import Term

FILER = R.COUNTY | R.UNIT
LIVE = S.RETURNED | S.COUNTY_REVIEW | S.CITY_CHECK | S.CULTIVATED | S.REVIEW | S.SHORTLISTED

# fmt: off
STEPS: tuple[Step, ...] = (
    #    action             from                     to                 who      art. wording
    Step("submit",          S.DRAFT | S.RETURNED,    S.COUNTY_REVIEW,   FILER,    12, "提交申报",
         (rules_in_force, has_report, declared_true, platform_filed, not_excluded)),
    Step("return",          S.COUNTY_REVIEW,         S.RETURNED,        R.COUNTY, 13, "退回补正",
         asks=("corrections",)),
    Step("return",          S.CITY_CHECK,            S.RETURNED,        R.CITY,   14, "退回补正",
         asks=("corrections",)),
    Step("not_recommend",   S.COUNTY_REVIEW,         S.NOT_RECOMMENDED, R.COUNTY, 13, "不予推荐",
         asks=("reason",)),
    Step("recommend",       S.COUNTY_REVIEW,         S.CITY_CHECK,      R.COUNTY, 13, "推荐",
         (rules_in_force, not_itself, eligible, cleared, has_opinion, filing_late_explained),
         papers=("county_recommendation",), through="countylist"),
    Step("refuse",          S.CITY_CHECK,            S.REFUSED,         R.CITY,   14, "不予通过",
         approved_by=R.CITY_LEAD, asks=("reason",)),
    Step("confirm",         S.CITY_CHECK,            S.CULTIVATED,      R.CITY,   14, "列为培育对象",
         (rules_in_force, eligible, cleared, confirmed_by_city, list_late_explained),
         papers=("cultivation_list",), approved_by=R.CITY_LEAD),
    Step("to_review",       S.CULTIVATED,            S.REVIEW,          R.CITY,   15, "进入评审",
         (rules_in_force, within_cultivation, not_excluded)),
    Step("shortlist",       S.REVIEW,                S.SHORTLISTED,     R.CITY,   15, "拟入选",
         (rules_in_force, has_totals)),
    Step("not_select",      S.REVIEW,                S.CULTIVATED,      R.CITY,   15, "未入选",
         asks=("reason",)),
    Step("announce",        S.SHORTLISTED,           S.PUBLIC_NOTICE,   R.CITY,   15, "发布公示",
         (rules_in_force, no_upheld_objection, cleared_today),
         papers=("public_notice",), approved_by=R.CITY_LEAD, asks=("first_day",)),
    Step("uphold",          S.PUBLIC_NOTICE,         S.CULTIVATED,      R.CITY,   15, "异议成立，退回培育",
         (upheld_objection,), approved_by=R.CITY_LEAD, asks=("reason",)),
    Step("uphold_refuse",   S.PUBLIC_NOTICE,         S.REFUSED,         R.CITY,   15, "异议成立，不予通过",
         (upheld_objection,), approved_by=R.CITY_LEAD, asks=("reason",)),
    Step("list",            S.PUBLIC_NOTICE,         S.LISTED,          R.CITY,   15, "列入名单",
         (rules_in_force_at_notice, notice_is_over, no_open_objection, no_upheld_objection, cleared_today),
         papers=("listing_announcement",), approved_by=R.CITY_LEAD),
    Step("take_off",        S.SHORTLISTED | S.PUBLIC_NOTICE, S.CULTIVATED, R.CITY,   10, "停止列入，退回培育",
         (reason_to_take_off,), approved_by=R.CITY_LEAD, asks=("reason",)),
    Step("take_off_refuse", S.SHORTLISTED | S.PUBLIC_NOTICE, S.REFUSED, R.CITY,      10, "停止列入，不予通过",
         (reason_to_take_off,), approved_by=R.CITY_LEAD, asks=("reason",)),
    Step("cancel",          S.CULTIVATED,            S.CANCELLED,       R.CITY,   10, "取消培育对象",
         (ground_found,), approved_by=R.CITY_LEAD, asks=("reason",)),
    Step("lapse",           S.CULTIVATED,            S.LAPSED,          R.SYSTEM, 14, "培育期满",
         (cultivation_is_over,)),
    # A paper that is revoked takes its cases back by one step (第十四、十五条): nobody clicks these.
    Step("undo_confirm",    S.CULTIVATED,            S.CITY_CHECK,      R.SYSTEM, 14, "培育对象通知撤销"),
    Step("undo_announce",   S.PUBLIC_NOTICE,         S.SHORTLISTED,     R.SYSTEM, 15, "公示撤销"),
    Step("undo_list",       S.LISTED,                S.PUBLIC_NOTICE,   R.SYSTEM, 15, "公布撤销"),
    Step("withdraw",        LIVE,                    S.WITHDRAWN,       FILER,    12, "撤回申报",
         asks=("reason",)),
    Step("resume",          S.WITHDRAWN,             S.DRAFT,           FILER,    12, "恢复申报",
         (rules_in_force, filing_open, not_cultivated_elsewhere)),
)
# fmt: on

# Acts that the city does for many at once.
RECHECK = Act(
    "recheck",
    S.CITY_CHECK | S.CULTIVATED | S.REVIEW | S.SHORTLISTED | S.PUBLIC_NOTICE,
    R.CITY,
    10,
    "第十条当日复核",
)

# fmt: off
ACTS: tuple[Act, ...] = (
    #   action       at               by        art. wording           asks
    Act("score",     S.REVIEW,        R.CITY,   15, "登记评审得分", ("total", "remark")),
    Act("objection", S.PUBLIC_NOTICE | S.LISTED,
                                      R.CITY,   15, "登记异议",     ("received_on", "matter", "objector")),
    Act("discard",   S.DRAFT,         FILER,    12, "删除草稿"),
)
# fmt: on

# Stages at which a role writes the results of 第七至十条: a ground found late is recorded where the case is.
FINDINGS = {R.COUNTY: S.DRAFT | S.RETURNED | S.COUNTY_REVIEW, R.CITY: RECHECK.at}

# Stages that count as a live cultivation: a unit does not apply again for the same kind meanwhile.
CULTIVATING = S.CULTIVATED | S.REVIEW | S.SHORTLISTED | S.PUBLIC_NOTICE

# Fields that each role may write while it may edit at all.
FIELDS = {
    R.COUNTY: (
        "unit_id",
        "kind",
        "year",
        "platform_receipt",
        "submitted_on",
        "county_order",
        "county_opinion",
        "late_reason",
    ),
    R.UNIT: ("unit_id", "kind", "year", "platform_receipt", "submitted_on"),
    R.CITY: ("city_opinion", "city_late_reason"),
}


TABLE = StepTable(
    S,
    STEPS,
    ACTS,
    editable={
        R.COUNTY: S.DRAFT | S.RETURNED | S.COUNTY_REVIEW,
        R.UNIT: S.DRAFT | S.RETURNED,
        R.CITY: S.CITY_CHECK | S.CULTIVATED | S.REVIEW,
    },
    waiting={
        R.COUNTY: (
            Waiting(S.DRAFT, "提交申报", "application"),
            Waiting(S.RETURNED, "补正后重新提交"),
            Waiting(S.COUNTY_REVIEW, "综合评价并推荐", "county"),
        ),
        R.UNIT: (Waiting(S.DRAFT, "提交申报", "application"), Waiting(S.RETURNED, "补正后重新提交")),
        R.CITY: (
            Waiting(S.CITY_CHECK, "符合性审核"),
            Waiting(S.REVIEW, "登记评审得分，确定拟入选"),
            Waiting(S.SHORTLISTED, "拟办公示"),
        ),
    },
    batch=("recommend", "confirm", "announce", "list"),
    grave=("discard",),
)

# The day that limits an application at a stage: the legal date of its year, or one that the record holds.
LEGAL_LIMITS: dict[S, str] = {S.DRAFT: "application", S.COUNTY_REVIEW: "county"}
OWN_LIMITS: dict[S, tuple[str, str]] = {
    S.CULTIVATED: ("cultivation_ends", "培育有效期至"),
    S.REVIEW: ("cultivation_ends", "培育有效期至"),
    S.SHORTLISTED: ("cultivation_ends", "培育有效期至"),
    S.PUBLIC_NOTICE: ("notice_last_day", "公示至"),
}


@dataclass(frozen=True)
class FunnelRow:
    """Row of the year's funnel: a heading and the stages of those who got that far."""

    code: str
    label: str
    stages: frozenset[Term]


SHORTLISTED_OR_LATER = S.SHORTLISTED | S.PUBLIC_NOTICE | S.LISTED
FUNNEL = (
    FunnelRow("filed", "申报", frozenset(S)),
    FunnelRow(
        "recommended",
        "县级推荐",
        frozenset(S) - (S.DRAFT | S.COUNTY_REVIEW | S.RETURNED | S.NOT_RECOMMENDED | S.WITHDRAWN),
    ),
    FunnelRow("cultivated", "培育对象", CULTIVATING | S.LISTED),
    FunnelRow("shortlisted", "拟入选", SHORTLISTED_OR_LATER),
    FunnelRow("listed", "名单", S.LISTED | ()),
)


def funnel_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many applications reached each row of the funnel, from their counts by stage."""
    return {row.code: sum(counts.get(stage.value, 0) for stage in row.stages) for row in FUNNEL}
