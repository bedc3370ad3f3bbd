"""Accounts: passwords and what an administrator does with them; all of it audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mongoengine import Document, NotUniqueError, QuerySet, ValidationError
from mongoengine.base.document import NON_FIELD_ERRORS

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed, Offer
from app.policy.terms import Role
from app.services.accounts import passwords
from app.services.accounts.signing_in import refuse, take_attempt
from app.services.core import audit
from app.services.core.by import By
from app.services.core.records import Invalid
from models.accounts.people import SCOPE_LABELS, User
from models.database import transact

LABELS = {"username": "账号", "name": "姓名", "role": "角色", **SCOPE_LABELS, "handles_tips": "举报专办"}
# Raising the epoch ends every session: rights never outlive the role or the scope that gave them.
RIGHTS = frozenset({"role", *SCOPE_LABELS, "handles_tips"})
APART = {Role.ADMIN: "管理", Role.AUDITOR: "审计"}  # every other role is business


def account(user_id: Any) -> User:
    """Return an account as it is stored now; the caller has signed it in."""
    return User.objects.get(pk=user_id)


def names(model: type[Document], actor: Actor) -> QuerySet:
    """Return the names of all units or institutions that an account may be tied to; none without the right."""
    rows = model.objects.only("name", "terms", "search_text")
    return rows if access.may(actor, "create", "user") else rows.none()


# Passwords


def change_password(user: User, old: str, new: str, *, by: By) -> User:
    """The user's own change. Raises NotAllowed with every rule that the new password breaks.

    All sessions of the account end; the caller starts a new one for the browser that asked.
    """
    if found := passwords.problems(new, username=user.username, name=user.name, staff=user.is_staff):
        raise NotAllowed("".join(found))
    attempt = take_attempt(user, by.now)
    if not (attempt and passwords.matches(user.password_hash, old)):
        refuse(user, attempt, "原密码不正确", address=by.actor.address, now=by.now)
        raise NotAllowed("原密码不正确。")
    User.objects(pk=user.pk).modify(set__failures=[], set__locked_until=None)
    # Only now: whoever does not know the present password must not find out former ones by asking.
    if passwords.used_before(new, [user.password_hash, *user.password_history]):
        raise NotAllowed(f"不得使用最近 {passwords.REMEMBERED} 次用过的密码。")
    return _set_password(user, new, must_change=False, verb=Verb.PASSWORD_CHANGED, by=by)


def reset_password(user: User, *, by: By, reason: str = "") -> str:
    """A one-time password for somebody else's account; its first login changes it. Raises NotAllowed."""
    _ask(by.actor, "edit")
    if user.username == by.actor.username:
        raise NotAllowed("自己的密码在“更换密码”页更换。")
    password = passwords.generate()
    _set_password(user, password, must_change=True, verb=Verb.PASSWORD_RESET, by=by, reason=reason)
    return password


def _set_password(
    user: User, password: str, *, must_change: bool, verb: Verb, by: By, reason: str = ""
) -> User:
    hashed = passwords.hash_password(password)
    history = [old for old in (user.password_hash, *user.password_history) if old][: passwords.REMEMBERED]

    def work() -> User:
        changed = User.objects(pk=user.pk, password_hash=user.password_hash).modify(
            new=True,
            set__password_hash=hashed,
            set__password_history=history,
            set__password_changed_at=by.now,
            set__must_change_password=must_change,
            set__failures=[],
            set__locked_until=None,
            inc__session_epoch=1,
            inc__version=1,
        )
        if changed is None:
            raise Conflict("该账号的密码刚刚已被更换，请重新登录。")
        audit.record(verb, by=by, subject=changed, reason=reason)
        return changed

    return transact(work)


# What an administrator does


def create_user(
    *,
    username: str,
    name: str,
    role: str,
    by: By,
    password: str = "",
    must_change: bool = True,
    **scope: Any,
) -> tuple[User, str]:
    """A new account and its one-time password (or the given one). Raises NotAllowed, Invalid.

    `scope`: area, evaluator_id, unit_id, handles_tips.
    """
    _ask(by.actor, "create")
    password = password or passwords.generate()
    values = {"username": username, "name": name, "role": str(role), **scope}
    user = User(**values, must_change_password=must_change, password_changed_at=by.now)
    _check(user)
    if found := passwords.problems(password, username=username, name=name, staff=user.is_staff):
        raise NotAllowed("".join(found))
    user.password_hash = passwords.hash_password(password)

    def work() -> User:
        user.save(force_insert=True)
        given = {field: label for field, label in LABELS.items() if values.get(field)}
        changes = [_worded(field, label, None, values[field]) for field, label in given.items()]
        audit.record(Verb.ACCOUNT_CREATED, by=by, subject=user, changes=changes)
        return user

    return _unique(work), password


def update_user(user: User, values: dict[str, Any], *, version: int, by: By) -> User:
    """Change name, role or scope of an account still at `version`. Raises NotAllowed, Invalid, Conflict.

    Nobody changes his own rights, and an account never crosses between business, administration and audit.
    """
    _ask(by.actor, "edit")
    values = {field: value for field, value in values.items() if field in LABELS and field != "username"}
    present = User.objects(pk=user.pk).first()
    former = present.term
    changes = [_worded(*change) for change in audit.differences(present, values, LABELS)]
    rights = RIGHTS & {field for field, *_ in changes}
    if rights and present.username == by.actor.username:
        raise NotAllowed("不得更改自己的角色和范围，须由另一名系统管理员办理。")
    for field, value in values.items():
        setattr(present, field, value)
    _check(present)
    if APART.get(present.term) != APART.get(former):
        raise NotAllowed("业务、管理、审计岗位相互分离，账号不得跨岗位变更角色，请另建账号。")

    def work() -> User:
        updates = {f"set__{field}": getattr(present, field) for field in values}
        changed = User.objects(pk=user.pk, version=version).modify(
            new=True, inc__version=1, inc__session_epoch=1 if rights else 0, **updates
        )
        if changed is None:
            raise Conflict("该账号刚刚已被他人修改，请刷新后重试。")
        audit.record(Verb.ACCOUNT_EDITED, by=by, subject=changed, changes=changes)
        return changed

    return _unique(work)


def offers(user: User, *, by: By) -> list[Offer]:
    """What an administrator may do with an account; nothing with his own."""
    if not access.may(by.actor, "edit", "user"):
        return []
    own = "不能对自己的账号办理。" if user.username == by.actor.username else ""
    shown = [Offer("reset", "重置密码", own, ("reason",))]
    if user.totp_secret:
        shown.append(Offer("second", "重置二次验证", own, ("reason",)))
    if user.is_locked(by.now):
        shown.append(Offer("unlock", "解锁", own, ("reason",)))
    action, label = ("disable", "停用") if user.active else ("enable", "启用")
    return [*shown, Offer(action, label, own, ("reason",), grave=user.active)]


def disable(user: User, *, by: By, reason: str = "") -> User:
    """Close an account and its sessions. Raises NotAllowed for oneself and for the last administrator."""
    _ask(by.actor, "edit")
    if user.username == by.actor.username:
        raise NotAllowed("不得停用自己的账号。")

    def check() -> None:
        # Writing to every administrator makes two simultaneous counts collide: one of them counts again.
        if user.term is Role.ADMIN and User.objects.working(Role.ADMIN).update(inc__guard=1) < 2:
            raise NotAllowed("至少须保留一名启用的系统管理员。")

    closed = {"set__active": False, "inc__session_epoch": 1}
    return _switch(user, Verb.ACCOUNT_DISABLED, by=by, reason=reason, check=check, **closed)


def enable(user: User, *, by: By, reason: str = "") -> User:
    _ask(by.actor, "edit")
    return _switch(user, Verb.ACCOUNT_ENABLED, by=by, reason=reason, set__active=True)


def unlock(user: User, *, by: By, reason: str = "") -> User:
    _ask(by.actor, "edit")
    return _switch(
        user, Verb.ACCOUNT_UNLOCKED, by=by, reason=reason, set__failures=[], set__locked_until=None
    )


def reset_second_factor(user: User, *, by: By, reason: str = "") -> User:
    """Forget a lost authenticator; the next login registers another. Raises NotAllowed for one's own."""
    _ask(by.actor, "edit")
    if user.username == by.actor.username:
        raise NotAllowed("自己的二次验证须由另一名系统管理员重置。")
    return _switch(
        user, Verb.SECOND_FACTOR_RESET, by=by, reason=reason, set__totp_secret="", inc__session_epoch=1
    )


def _switch(
    user: User,
    verb: Verb,
    *,
    by: By,
    reason: str,
    check: Callable[[], None] = lambda: None,
    **update: Any,
) -> User:
    def work() -> User:
        check()
        changed = User.objects(pk=user.pk).modify(new=True, inc__version=1, **update)
        audit.record(verb, by=by, subject=changed, reason=reason)
        return changed

    return transact(work)


def _ask(actor: Actor, verb: str) -> None:
    # The command line makes the first administrator; no account has the system's role.
    if actor.role is not Role.SYSTEM and not access.may(actor, verb, "user"):
        raise NotAllowed("只有系统管理员可以管理账号。")


def _check(user: User) -> None:
    try:
        user.validate()
    except ValidationError as error:
        whole = error.errors.pop(NON_FIELD_ERRORS, None)
        wrong = {field: f"{LABELS.get(field, field)}填写有误。" for field in error.errors}
        wrong |= {field: f"{found.message}。" for field, found in whole.errors.items()} if whole else {}
        raise Invalid(wrong) from error


def _worded(field: str, label: str, old: Any, new: Any) -> audit.Change:
    if field == "role":
        old, new = old and Role(old), new and Role(new)
    return field, label, old, new


def _unique(work: Callable[[], User]) -> User:
    try:
        return transact(work)
    except NotUniqueError as error:
        if "handles_tips" in str(error):
            raise Invalid({"handles_tips": "举报专办只能设一名，请先取消原专办人员。"}) from error
        raise Invalid({"username": "该账号名已被使用。"}) from error
