"""Demo data: a fictional city's year, created through the real services."""

from datetime import datetime
from pathlib import Path

from app.demo import accounts, story
from app.services.core import rules


def seed(var_dir: Path, *, now: datetime) -> str:
    """Fill an empty database, or keep a filled one; return the accounts as a table to print. Raises NotAllowed."""
    pack = rules.pack()
    filled = accounts.complete(pack)
    password, changed = accounts.password(var_dir)
    if not filled:
        story.tell(now, accounts.hash_of(password))
    elif changed:
        accounts.renew(pack, accounts.hash_of(password), now)
    return _table(password)


def _table(password: str) -> str:
    rows = [
        f"  {account.username:<14}{account.role.label}　{account.name}"
        for account in accounts.all_accounts(rules.pack())
    ]
    return "\n".join(["演示账号（单位、人员、数据均为虚构）：", *rows, f"  密码都是：{password}"])
