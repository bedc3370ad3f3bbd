"""Steps of annual reports (第十八条) and of the definitions of their forms."""

from __future__ import annotations

from typing import Any

from app.policy.flow import Act, Moment, Step, StepTable, Waiting
from app.policy.reports.guards import explained, filled_in, platform_filed, self_checked
from app.policy.terms import ReportStage as P
from app.policy.terms import Role as R
from app.policy.terms import StandardState as D

FILER = R.COUNTY | R.UNIT


def is_sound(standard: Any, moment: Moment) -> str:
    """Return the faults of a definition, such as a formula without its cells or a name used twice, or ""."""
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
         asks=("file", "reason")),
    Step("resume",  P.DECLINED,               P.DRAFT,          FILER,    18, "恢复填报"),
)

REPORT_ACTS: tuple[Act, ...] = (
    #   action    at                                    by               art. wording        asks
    Act("attach", P.DRAFT | P.RETURNED | P.SUBMITTED,   R.COUNTY,        18, "上传证明材料", ("file",)),
    Act("attach", P.DRAFT | P.RETURNED,                 R.UNIT,          18, "上传证明材料", ("file",)),
    Act("recheck", P.DRAFT | P.RETURNED | P.SUBMITTED,  R.COUNTY,        18, "重新核对数据"),
    Act("discard", P.DRAFT,                             FILER,           18, "删除草稿"),
    Act("ask_extension", P.RETURNED,                    FILER,           18, "申请延期补正", ("until", "reason")),
    Act("grant_extension", P.RETURNED,                  R.CITY,          18, "同意延期", ("answer",)),
    Act("refuse_extension", P.RETURNED,                 R.CITY,          18, "不同意延期", ("reason",)),
)

STANDARD_STEPS: tuple[Step, ...] = (
    Step("propose",   D.DRAFT | D.SENT_BACK,  D.PROPOSED,       R.CITY,      18, "送审", (is_sound,)),
    Step("approve",   D.PROPOSED,             D.IN_FORCE,       R.CITY_LEAD, 18, "批准启用", (is_sound,)),
    Step("send_back", D.PROPOSED,             D.SENT_BACK,      R.CITY_LEAD, 18, "退回修改", asks=("reason",)),
)
# fmt: on

REPORT_TABLE = StepTable(
    P,
    REPORT_STEPS,
    REPORT_ACTS,
    editable={R.COUNTY: P.DRAFT | P.RETURNED | P.SUBMITTED, R.UNIT: P.DRAFT | P.RETURNED},
    waiting={
        R.COUNTY: (
            Waiting(P.SUBMITTED, "审核年度动态管理表"),
            Waiting(P.RETURNED, "补正退回的年度动态管理表"),
        ),
        R.UNIT: (Waiting(P.RETURNED, "补正退回的年度动态管理表"),),
        R.CITY: (Waiting(P.COUNTY_CHECKED, "接收县级已审核的年度动态管理表"),),
    },
    batch=("check", "accept"),
    grave=("decline", "discard"),
)

STANDARD_TABLE = StepTable(
    D,
    STANDARD_STEPS,
    editable={R.CITY: D.DRAFT | D.SENT_BACK},
    waiting={
        R.CITY_LEAD: (Waiting(D.PROPOSED, "批准年度指标"),),
        R.CITY: (Waiting(D.SENT_BACK, "修改退回的年度指标"),),
    },
)

FILED = P.SUBMITTED | P.COUNTY_CHECKED | P.ACCEPTED  # handed in; a draft, a returned or a refused one is owed
