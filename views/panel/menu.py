"""The left menu: groups of screens, each role sees what it may open (screens.md)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import request

from app.policy import access
from app.policy.access import Actor
from app.policy.terms import Role
from views import acting

# fmt: off
GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("培育对象与申报", (
        ("unit", "单位", "fa-industry"),
        ("application", "申报", "fa-leaf"),
        ("evaluation", "评价报告", "fa-bar-chart"),
        ("countylist", "推荐名单", "fa-paper-plane-o"),
        ("decision", "审批单", "fa-gavel"),
        ("importbatch", "汇总表导入", "fa-upload"),
    )),
    ("名单", (
        ("publicnotice", "公示", "fa-bullhorn"),
        ("objection", "异议", "fa-comments-o"),
        ("listing", "名单", "fa-list-ol"),
    )),
    ("动态管理", (
        ("annualreport", "年度动态管理表", "fa-calendar-check-o"),
        ("reminderentry", "催报台账", "fa-bell-o"),
    )),
    ("第三方机构", (
        ("evaluator", "第三方机构", "fa-flask"),
        ("engagement", "委托", "fa-handshake-o"),
    )),
    ("公文", (
        ("paper", "公文", "fa-file-word-o"),
        ("paperbatch", "成批公文", "fa-files-o"),
        ("number", "文号登记", "fa-hashtag"),
        ("wording", "公文模板", "fa-font"),
    )),
    ("规则与设置", (
        ("rule", "规则", "fa-book"),
        ("setting", "酌定事项", "fa-sliders"),
        ("standard", "指标与标准", "fa-tasks"),
        ("holiday", "节假日", "fa-calendar"),
        ("proposal", "设置审批", "fa-check-square-o"),
        ("user", "账号", "fa-users"),
        ("jobrun", "任务", "fa-clock-o"),
    )),
    ("审计", (
        ("auditentry", "审计日志", "fa-shield"),
    )),
)
# fmt: on


# What nobody can assign yet would always be empty: no entry for it.
EMPTY = (access.Rows.NONE, access.Rows.ASSIGNED)


def menu(waiting: Mapping[str, int], home: str) -> list[dict[str, Any]]:
    """Groups with their items for the one who is signed in, each with what waits there; empty groups are left out."""
    endpoint = (request.endpoint or "").partition(".")[0]
    return [
        group | {"items": [item | {"count": waiting.get(item["resource"])} for item in group["items"]]}
        for group in _menu(acting().role, endpoint, home)
    ]


@lru_cache(maxsize=1024)
def _menu(role: Role, endpoint: str, home: str) -> list[dict[str, Any]]:
    """A matter of role and place alone: made once for each."""
    anyone = Actor("", "", role)
    groups = [{"title": "工作台", "items": [_item("admin", "工作台", "fa-home", endpoint, home)]}]
    for title, entries in GROUPS:
        items = [
            _item(resource, label, icon, endpoint, f"/admin/{resource}/")
            for resource, label, icon in entries
            if access.rows(anyone, resource) not in EMPTY
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _item(resource: str, label: str, icon: str, endpoint: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "resource": resource, "active": endpoint == resource}
