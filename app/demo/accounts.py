"""Demo accounts: one for each role and area, all with the same printed password."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.pack import RulePack
from app.policy.terms import Role
from app.services.accounts import MAX_PASSWORD_LENGTH, create_user, generate_password, hash_password
from app.services.core.by import By
from models.accounts.people import User

PASSWORD_FILE = "demo-password"
# A demonstration moves its clock by years; no password may grow old meanwhile.
NEVER_OLD = timedelta(days=3650)
FORMER = "evaluator3"  # disabled in the story: its owner has left, and it is not among those printed


@dataclass(frozen=True)
class Account:
    """One line of the printed table; area, institution and unit are filled in by the story."""

    username: str
    name: str
    role: Role
    area: str = ""
    handles_tips: bool = False


STAFF = (
    Account("admin", "系统管理员", Role.ADMIN),
    Account("auditor", "安全审计员", Role.AUDITOR),
    Account("city", "陈思远", Role.CITY, handles_tips=True),
    Account("city2", "李佩雯", Role.CITY),
    Account("lead", "黄国梁", Role.CITY_LEAD),
)
CLERKS = ("梁静怡", "区伟康", "谭文博", "苏晓琳", "莫家豪", "林绮雯")
INSTITUTIONS = (
    Account("evaluator1", "周启明", Role.EVALUATOR),
    Account("evaluator2", "何嘉敏", Role.EVALUATOR),
    Account(FORMER, "吴志远", Role.EVALUATOR),
)
UNIT = Account("unit1", "陈永强", Role.UNIT)
EXPERTS = (Account("expert1", "冯教授", Role.EXPERT), Account("expert2", "邓高工", Role.EXPERT))


def all_accounts(pack: RulePack) -> tuple[Account, ...]:
    """Return the accounts for use after the story, in the order of the printed table."""
    return (*STAFF, *counties(pack), *INSTITUTIONS[:-1], UNIT, *EXPERTS)


def counties(pack: RulePack) -> tuple[Account, ...]:
    return tuple(
        Account(area.username, name, Role.COUNTY, area.code)
        for area, name in zip(pack.areas, CLERKS, strict=True)
    )


def open_account(account: Account, password_hash: str, *, by: By, **scope: Any) -> Actor:
    """Create the account as an administrator would, then set the demo's password without checking its strength."""
    fields = {"area": account.area, "handles_tips": account.handles_tips} | scope
    user, _ = create_user(
        username=account.username,
        name=account.name,
        role=account.role.value,
        by=by,
        must_change=False,
        **{field: value for field, value in fields.items() if value},
    )
    _set(account.username, password_hash, by.now)
    return user.actor()


def renew(pack: RulePack, password_hash: str, now: datetime) -> None:
    """Set a changed DEMO_PASSWORD for all accounts."""
    for account in all_accounts(pack):
        _set(account.username, password_hash, now)


def _set(username: str, password_hash: str, now: datetime) -> None:
    User.objects(username=username).modify(
        set__password_hash=password_hash,
        set__password_changed_at=now + NEVER_OLD,
        set__must_change_password=False,
    )


def complete(pack: RulePack) -> bool:
    """Return whether the story is complete; its last act makes the last account. Raises NotAllowed on a part."""
    expected = {account.username for account in all_accounts(pack)}
    present = set(User.objects(username__in=expected).scalar("username"))
    if present == expected:
        return True
    if User.objects.first() is None:
        return False
    raise NotAllowed(
        "数据库中已有账号，不能装入演示数据；请换一个空的数据目录（VAR_DIR），或删除上次没有装完的目录。"
    )


def password(var_dir: Path, environ: Mapping[str, str] = os.environ) -> tuple[str, bool]:
    """Return DEMO_PASSWORD, else the stored password, else a new one; and whether it differs from the stored one."""
    file = var_dir / PASSWORD_FILE
    stored = file.read_text(encoding="utf-8") if file.exists() else ""
    chosen = environ.get("DEMO_PASSWORD") or stored or generate_password()
    if chosen != stored:
        var_dir.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(chosen, encoding="utf-8")
    return chosen, chosen != stored


def hash_of(password: str) -> str:
    """Hash any text: the rules for passwords are for real accounts."""
    return hash_password(password[:MAX_PASSWORD_LENGTH])
