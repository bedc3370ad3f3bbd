"""The left menu: groups of screens, as far as a role may open them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import request

from app.policy import access
from app.policy.access import Actor
from app.policy.resources import menu_groups
from app.policy.terms import Role
from views import acting

# Nothing can be assigned to anybody yet: such a screen would always be empty.
EMPTY = (access.Rows.NONE, access.Rows.ASSIGNED)


def menu(waiting: Mapping[str, int], home: str) -> list[dict[str, Any]]:
    """Return the menu of the signed-in account: groups with items and the number of things waiting in each."""
    endpoint = (request.endpoint or "").partition(".")[0]
    return [
        group | {"items": [item | {"count": waiting.get(item["resource"])} for item in group["items"]]}
        for group in _menu(acting().role, endpoint, home)
    ]


@lru_cache(maxsize=1024)
def _menu(role: Role, endpoint: str, home: str) -> list[dict[str, Any]]:
    """Return the menu without counts, which depends on role and place alone; empty groups are left out."""
    anyone = Actor("", "", role)
    groups = [{"title": "工作台", "items": [_item("admin", "工作台", "fa-home", endpoint, home)]}]
    for title, resources in menu_groups().items():
        items = [
            _item(each.name, each.label, each.icon, endpoint, f"/admin/{each.name}/")
            for each in resources
            if access.rows(anyone, each.name) not in EMPTY
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _item(resource: str, label: str, icon: str, endpoint: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "resource": resource, "active": endpoint == resource}
