"""Every resource, declared once: label, place in the menu, rights, hidden fields, states that limit the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.policy.grants import BUSINESS, Grants, Rows, bureau, business, everyone, grant, proposed, published
from app.policy.terms import DecisionState, PaperState, ProposalState, Role, Term

COUNTY, CITY, LEAD = Role.COUNTY, Role.CITY, Role.CITY_LEAD
EVALUATOR, UNIT, EXPERT = Role.EVALUATOR, Role.UNIT, Role.EXPERT
ADMIN, AUDITOR = Role.ADMIN, Role.AUDITOR


@dataclass(frozen=True)
class Resource:
    """A kind of record or page. Menu, screens, rights, audit names and the README's table are read from it."""

    name: str  # the lower-case name of its model or the endpoint of its page
    label: str
    grants: Grants
    group: str = ""  # of the menu; "" for resources that have no screen of their own
    icon: str = ""
    hidden: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)  # fields that a role does not see
    only: Mapping[Role, tuple[Term, ...]] = field(
        default_factory=dict
    )  # a role sees rows in these states only
    planned: bool = False  # rights are settled, neither model nor screen exists yet


_ISSUED = (PaperState.ISSUED, PaperState.REPLACED, PaperState.REVOKED)
# 拟改的取值和用语在批准之前是市局内部的事
_APPROVED = dict.fromkeys((COUNTY, EVALUATOR, UNIT, EXPERT, ADMIN), (ProposalState.APPROVED,))

# In the order of the menu. Letters of rights: R read, C create, E edit, X export, A approve or sign, N note, V verify,
# D declare.
_TABLE = (
    Resource(
        "unit",
        "单位",
        group="培育对象与申报",
        icon="fa-industry",
        grants=business("RCEX", "RCEX", "RX", unit="RE", evaluator="R"),
    ),
    Resource(
        "application",
        "申报",
        group="培育对象与申报",
        icon="fa-leaf",
        # 由县级、单位申报；市局只能通过导入建立
        grants=business("RCEX", "REX", "RX", unit="RCE", evaluator="R"),
    ),
    Resource(
        "evaluation",
        "评价报告",
        group="培育对象与申报",
        icon="fa-bar-chart",
        grants={
            **business("RXCE", "RX", "RX", unit="RCE"),
            EVALUATOR: grant("RCE", Rows.OWN_REPORTS),
            EXPERT: grant("R", Rows.ASSIGNED),
        },
    ),
    Resource(
        "countylist",
        "推荐名单",
        group="培育对象与申报",
        icon="fa-paper-plane-o",
        grants=business("RCEX", "RCEX", "RX", unit="R"),
    ),
    Resource(
        "decision",
        "审批单",
        group="培育对象与申报",
        icon="fa-gavel",
        grants=business("R", "RCE", "RA"),
        only={COUNTY: (DecisionState.DONE,)},
    ),
    Resource(
        "importbatch",
        "汇总表导入",
        group="培育对象与申报",
        icon="fa-upload",
        grants={COUNTY: grant("RCE", Rows.MINE), **bureau("RCE", "R")},
    ),
    Resource("guidance", "现场指导", planned=True, grants=business("RCEX", "RCEX", "RX", unit="R")),
    Resource("year", "年度", planned=True, grants=published("RCEX", "RXA")),
    Resource("publicnotice", "公示", group="名单", icon="fa-bullhorn", grants=published("RCEX", "RXA")),
    Resource(
        "objection",
        "异议",
        group="名单",
        icon="fa-comments-o",
        # 县级只见市局交办的异议，答复核查情况
        grants={COUNTY: grant("RN", Rows.HANDED), **bureau("RCEX", "RXA")},
        # 县级按市局写明的事项核查；异议人是谁、原文怎么写，不随交办下转
        hidden={COUNTY: ("objector", "matter", "proposal")},
    ),
    Resource(
        "listing",
        "名单",
        group="名单",
        icon="fa-list-ol",
        grants=published("RCEX", "RXA"),
        hidden={EVALUATOR: ("credit_code",)},
    ),
    Resource(
        "review",
        "评审",
        planned=True,
        grants={**bureau("RCEX", "RX"), EXPERT: grant("RE", Rows.ASSIGNED)},
    ),
    Resource("consultation", "征求意见", planned=True, grants=business("R", "RCEX", "RXA")),
    Resource("nomination", "推荐省厅", planned=True, grants=business("R", "RCEX", "RXA")),
    Resource(
        "annualreport",
        "年度动态管理表",
        group="动态管理",
        icon="fa-calendar-check-o",
        grants=business("RCEX", "REX", "RXA", unit="RCE"),
    ),
    Resource(
        "reminderentry",
        "催报台账",
        group="动态管理",
        icon="fa-bell-o",
        grants=business("RN", "RXN", "RX", unit="R"),
    ),
    Resource("spotcheck", "抽查", planned=True, grants=business("RCEX", "RCEX", "RX", unit="R")),
    Resource("rectification", "整改", planned=True, grants=business("RCEX", "RCEX", "RX", unit="RE")),
    Resource("incident", "事故和处罚", planned=True, grants=business("RCEX", "RCEX", "RX", unit="RC")),
    Resource("change", "变更", planned=True, grants=business("RCEX", "REX", "RXA", unit="RCE")),
    Resource("removal", "移出", planned=True, grants=business("RC", "RCEX", "RXA", unit="RD")),
    # 举报：经办只见不含身份的部分，身份另行密封，仅举报专办与审签可拆封
    Resource("tip", "举报", planned=True, grants=bureau("R", "RA")),
    Resource("supportmeasure", "支持措施", planned=True, grants=business("RCEX", "RCEX", "RX", unit="R")),
    Resource(
        "evaluator",
        "第三方机构",
        group="第三方机构",
        icon="fa-flask",
        grants={**everyone("R", COUNTY, UNIT), **bureau("RCEX", "RX"), EVALUATOR: grant("RE", Rows.SELF)},
    ),
    Resource(
        "engagement",
        "委托",
        group="第三方机构",
        icon="fa-handshake-o",
        grants=business("RCEX", "RCEX", "RX", unit="R", evaluator="R"),
    ),
    Resource(
        "paper",
        "公文",
        group="公文",
        icon="fa-file-word-o",
        grants=business("RC", "RCEX", "RXA", unit="R"),
        only={COUNTY: _ISSUED, UNIT: _ISSUED},
    ),
    Resource("paperbatch", "成批公文", group="公文", icon="fa-files-o", grants=bureau("RCEX", "RXA")),
    Resource(
        "number",
        "文号登记",
        group="公文",
        icon="fa-hashtag",
        grants=business("RC", "RCEX", "RXA", unit="R"),
        # 单位只查对发给它的公文的文号，登记簿如何预留是市局的事
        hidden={UNIT: ("purpose", "reason", "reserved_by", "reserved_at", "settled_at")},
    ),
    Resource("wording", "公文模板", group="公文", icon="fa-font", grants=proposed(), only=_APPROVED),
    Resource("rule", "规则", group="规则与设置", icon="fa-book", grants=everyone("R", *BUSINESS, ADMIN)),
    Resource("setting", "酌定事项", group="规则与设置", icon="fa-sliders", grants=proposed()),
    Resource("standard", "指标与标准", group="规则与设置", icon="fa-tasks", grants=proposed()),
    Resource("holiday", "节假日", group="规则与设置", icon="fa-calendar", grants=proposed()),
    Resource(
        "proposal",
        "设置审批",
        group="规则与设置",
        icon="fa-check-square-o",
        grants=proposed(),
        only=_APPROVED,
    ),
    Resource("customfield", "自定义字段", planned=True, grants=proposed()),
    Resource("reason", "常用事由", planned=True, grants=proposed()),
    Resource("user", "账号", group="规则与设置", icon="fa-users", grants=everyone("RCE", ADMIN)),
    Resource("jobrun", "任务", group="规则与设置", icon="fa-clock-o", grants=everyone("RCE", ADMIN)),
    Resource("backup", "备份", group="规则与设置", icon="fa-archive", grants=everyone("RCE", ADMIN)),
    Resource("savedview", "视图", grants=everyone("RCE", *BUSINESS, rows=Rows.MINE)),
    Resource("notice", "消息", grants=everyone("RE", *BUSINESS, rows=Rows.MINE)),
    Resource("auditentry", "审计日志", group="审计", icon="fa-shield", grants=everyone("RV", AUDITOR)),
)

RESOURCES: Mapping[str, Resource] = {resource.name: resource for resource in _TABLE}


def menu_groups() -> dict[str, list[Resource]]:
    """Return the groups of the menu with their resources, in the order of the table."""
    groups: dict[str, list[Resource]] = {}
    for resource in RESOURCES.values():
        if resource.group:
            groups.setdefault(resource.group, []).append(resource)
    return groups
