"""What a later paper means for what an issued one has brought about: steps are undone in reverse, never around a step."""

from __future__ import annotations

from dataclasses import dataclass

from app.policy.terms import Stage as S
from app.policy.terms import Term

# What the step behind a kind has decided; a correction may mend the text around it, not this.
DECIDED: dict[str, dict[str, str]] = {
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
    },
    "revocation": {"revoked_title": "被撤销公文的标题", "revoked_number": "被撤销公文的文号"},
}


@dataclass(frozen=True)
class Undoing:
    """Revoking a paper takes the cases that it carried back by one step; those that went on stand in its way."""

    step: str  # the step that issued the paper
    back: str  # the step that a revocation takes with the cases that are still where `step` brought them; "" none
    ahead: frozenset[Term]  # stages that rest on the paper and must be left first
    first: str  # what is to be done first


# fmt: off
UNDOING: dict[str, Undoing] = {
    "county_recommendation": Undoing(
        "recommend", "", frozenset({S.CITY_CHECK, S.CULTIVATED, S.REVIEW, S.SHORTLISTED, S.PUBLIC_NOTICE, S.LISTED}),
        "须先由市局在申报上办理“退回补正”（第十四条）"),
    "cultivation_list": Undoing(
        "confirm", "undo_confirm", frozenset({S.REVIEW, S.SHORTLISTED, S.PUBLIC_NOTICE, S.LISTED}),
        "须先办理“未入选”，或先撤销公示、公布名单的通知（第十五条）"),
    "public_notice": Undoing(
        "announce", "undo_announce", frozenset({S.LISTED}), "须先撤销公布名单的通知（第十五条）"),
    "listing_announcement": Undoing("list", "undo_list", frozenset(), ""),
}
# fmt: on
