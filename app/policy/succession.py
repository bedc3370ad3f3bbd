"""Effects of a correction or revocation on the cases behind an issued paper."""

from __future__ import annotations

from dataclasses import dataclass

from app.policy.terms import Stage as S
from app.policy.terms import Term

# Inputs decided by the step behind a kind: a correction may mend the text around them only.
DECIDED_INPUTS: dict[str, dict[str, str]] = {
    "county_recommendation": {"rows": "推荐单位"},
    "cultivation_list": {"units": "单位名单", "valid_from": "有效期起", "valid_to": "有效期止"},
    "public_notice": {
        "units": "单位名单",
        "first_day": "公示首日",
        "last_day": "公示末日",
        "days": "公示天数",
        "day_type": "日期类型",
    },
    "no_objection": {
        "units": "单位名单",
        "first_day": "公示首日",
        "last_day": "公示末日",
        "received": "收到异议",
        "upheld": "成立异议",
    },
    "listing_announcement": {
        "factories": "绿色工厂",
        "parks": "绿色工业园区",
        "supply_chains": "绿色供应链管理企业",
        "removed": "移出单位",
        "notice_first_day": "公示首日",
        "notice_last_day": "公示末日",
        "received": "收到异议",
        "rejected": "不成立异议",
        "upheld": "成立异议",
    },
    "revocation": {"revoked_title": "被撤销公文的标题", "revoked_number": "被撤销公文的文号"},
}


@dataclass(frozen=True, kw_only=True)
class Reversal:
    """Step that a revocation takes with the cases of the paper: never around a step, always in reverse."""

    issuing_step: str
    reverse_step: str = ""  # for cases still where `issuing_step` brought them; "" none
    blocking_stages: frozenset[Term] = frozenset()  # rest on the paper and must be left first
    remedy: str = ""  # tells how to leave them


REVERSALS: dict[str, Reversal] = {
    "county_recommendation": Reversal(
        issuing_step="recommend",
        blocking_stages=frozenset(
            {S.CITY_CHECK, S.CULTIVATED, S.REVIEW, S.SHORTLISTED, S.PUBLIC_NOTICE, S.LISTED}
        ),
        remedy="须先由市局在申报上办理“退回补正”（第十四条）",
    ),
    "cultivation_list": Reversal(
        issuing_step="confirm",
        reverse_step="undo_confirm",
        blocking_stages=frozenset({S.REVIEW, S.SHORTLISTED, S.PUBLIC_NOTICE, S.LISTED}),
        remedy="须先办理“未入选”，或先撤销公示、公布名单的通知（第十五条）",
    ),
    "public_notice": Reversal(
        issuing_step="announce",
        reverse_step="undo_announce",
        blocking_stages=frozenset({S.LISTED}),
        remedy="须先撤销公布名单的通知（第十五条）",
    ),
    "listing_announcement": Reversal(issuing_step="list", reverse_step="undo_list"),
}
