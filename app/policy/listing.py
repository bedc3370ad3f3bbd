"""Tables of what follows a listing: the annual report (第十八条), and the definitions that it is made from."""

from __future__ import annotations

from typing import Any

from app.policy.flow import Moment, Step
from app.policy.reporting import explained, filled_in, platform_filed, refusal_attached, self_checked
from app.policy.terms import ReportStage as P
from app.policy.terms import Role as R
from app.policy.terms import StandardState as D

FILER = R.COUNTY | R.UNIT


def is_sound(standard: Any, moment: Moment) -> str:
    """The definition can be used: no formula without its cells, no name twice, …"""
    return "".join(standard.problems)


# fmt: off
REPORT_STEPS: tuple[Step, ...] = (
    #    action     from                      to                who      art. wording
    Step("submit",  P.DRAFT | P.RETURNED,     P.SUBMITTED,      FILER,    18, "报送",
         (platform_filed, filled_in, self_checked, explained)),
    Step("return",  P.SUBMITTED,              P.RETURNED,       R.COUNTY, 18, "退回补正", asks=("corrections",)),
    Step("check",   P.SUBMITTED,              P.COUNTY_CHECKED, R.COUNTY, 18, "县级审核通过",
         (platform_filed, filled_in, self_checked, explained)),
    Step("return",  P.COUNTY_CHECKED,         P.RETURNED,       R.CITY,   18, "退回补正", asks=("corrections",)),
    Step("accept",  P.COUNTY_CHECKED,         P.ACCEPTED,       R.CITY,   18, "接收", (explained,)),
    Step("decline", P.DRAFT | P.RETURNED,     P.DECLINED,       R.COUNTY, 21, "登记书面拒绝填报",
         (refusal_attached,), asks=("reason",)),
    Step("resume",  P.DECLINED,               P.DRAFT,          FILER,    18, "恢复填报"),
)

STANDARD_STEPS: tuple[Step, ...] = (
    Step("propose",   D.DRAFT | D.SENT_BACK,  D.PROPOSED,       R.CITY,      18, "送审", (is_sound,)),
    Step("approve",   D.PROPOSED,             D.IN_FORCE,       R.CITY_LEAD, 18, "批准启用", (is_sound,)),
    Step("send_back", D.PROPOSED,             D.SENT_BACK,      R.CITY_LEAD, 18, "退回修改", asks=("reason",)),
)
# fmt: on

REPORT_BATCH = ("check", "accept")  # taken for many at once, with pre-flight

# In which stages which role may write the form.
REPORT_EDITABLE = {R.COUNTY: P.DRAFT | P.RETURNED | P.SUBMITTED, R.UNIT: P.DRAFT | P.RETURNED}
STANDARD_EDITABLE = {R.CITY: D.DRAFT | D.SENT_BACK}

FILED = P.SUBMITTED | P.COUNTY_CHECKED | P.ACCEPTED  # handed in; a draft, a returned or a refused one is owed


def report_editable(role: R, stage: P) -> bool:
    return stage in REPORT_EDITABLE.get(role, ())


def standard_editable(role: R, state: D) -> bool:
    return state in STANDARD_EDITABLE.get(role, ())
