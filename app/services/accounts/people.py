"""Accounts as an administrator manages them: created, edited, disabled, enabled, unlocked; all of it audited."""

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
from app.services.core import audit
from app.services.core.by import By
from app.services.core.records import Invalid
from models.accounts.people import SCOPE_LABELS, User
from models.database import transact, transactional

LABELS = {"username": "账号", "name": "姓名", "role": "角色", **SCOPE_LABELS, "handles_tips": "举报专办"}
# Raising the epoch ends every session: rights never outlive the role or the scope that gave them.
RIGHTS = frozenset({"role", *SCOPE_LABELS, "handles_tips"})
SEPARATED = {Role.ADMIN: "管理", Role.AUDITOR: "审计"}  # every other role is business


def load_user(user_id: Any) -> User:
    """Return an account as it is stored now; the caller has signed it in."""
    return User.objects.get(pk=user_id)


def assignable_names(model: type[Document], actor: Actor) -> QuerySet:
    """Return the names of all units or institutions that an account may be tied to; none without the right."""
    rows = model.objects.only("name", "terms", "search_text")
    return rows if access.may(actor, "create", "user") else rows.none()


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
    """Create an account and return it with its one-time (or the given) password. Raises NotAllowed, Invalid.

    `scope`: area, evaluator_id, unit_id, handles_tips.
    """
    demand_administrator(by.actor, "create")
    password = password or passwords.generate_password()
    values = {"username": username, "name": name, "role": str(role), **scope}
    user = User(**values, must_change_password=must_change, password_changed_at=by.now)
    _validate(user)
    if problems := passwords.password_problems(password, username=username, name=name, staff=user.is_staff):
        raise NotAllowed("".join(problems))
    user.password_hash = passwords.hash_password(password)

    def work() -> User:
        user.save(force_insert=True)
        given = {field: label for field, label in LABELS.items() if values.get(field)}
        changes = [_in_words(field, label, None, values[field]) for field, label in given.items()]
        audit.record(Verb.ACCOUNT_CREATED, by=by, subject=user, changes=changes)
        return user

    return _transact_unique(work), password


def update_user(user: User, values: dict[str, Any], *, version: int, by: By) -> User:
    """Change name, role or scope of an account still at `version`. Raises NotAllowed, Invalid, Conflict.

    Nobody changes their own rights, and an account never crosses between business, administration and audit.
    """
    demand_administrator(by.actor, "edit")
    values = {field: value for field, value in values.items() if field in LABELS and field != "username"}
    present = User.objects(pk=user.pk).first()
    former_role = present.term
    changes = [_in_words(*change) for change in audit.differences(present, values, LABELS)]
    rights_change = bool(RIGHTS & {field for field, *_ in changes})
    if rights_change and present.username == by.actor.username:
        raise NotAllowed("不得更改自己的角色和范围，须由另一名系统管理员办理。")
    for field, value in values.items():
        setattr(present, field, value)
    _validate(present)
    if SEPARATED.get(present.term) != SEPARATED.get(former_role):
        raise NotAllowed("业务、管理、审计岗位相互分离，账号不得跨岗位变更角色，请另建账号。")

    def work() -> User:
        updates = {f"set__{field}": getattr(present, field) for field in values}
        changed = User.objects(pk=user.pk, version=version).modify(
            new=True, inc__version=1, inc__session_epoch=int(rights_change), **updates
        )
        if changed is None:
            raise Conflict("该账号刚刚已被他人修改，请刷新后重试。")
        audit.record(Verb.ACCOUNT_EDITED, by=by, subject=changed, changes=changes)
        return changed

    return _transact_unique(work)


def user_offers(user: User, *, by: By) -> list[Offer]:
    """Return the acts open to an administrator on an account, greyed on their own."""
    if not access.may(by.actor, "edit", "user"):
        return []
    own = "不能对自己的账号办理。" if user.username == by.actor.username else ""
    offers = [Offer("reset", "重置密码", own, ("reason",))]
    if user.totp_secret:
        offers.append(Offer("second", "重置二次验证", own, ("reason",)))
    if user.is_locked(by.now):
        offers.append(Offer("unlock", "解锁", own, ("reason",)))
    action, label = ("disable", "停用") if user.active else ("enable", "启用")
    return [*offers, Offer(action, label, own, ("reason",), grave=user.active)]


@transactional
def disable_user(user: User, *, by: By, reason: str = "") -> User:
    """Close an account and its sessions. Raises NotAllowed for one's own and for the last administrator."""
    demand_administrator(by.actor, "edit")
    if user.username == by.actor.username:
        raise NotAllowed("不得停用自己的账号。")
    # Writing to every administrator makes two simultaneous counts collide: one of them counts again.
    if user.term is Role.ADMIN and User.objects.working(Role.ADMIN).update(inc__guard=1) < 2:
        raise NotAllowed("至少须保留一名启用的系统管理员。")
    return modify_user(
        user, Verb.ACCOUNT_DISABLED, by=by, reason=reason, set__active=False, inc__session_epoch=1
    )


def enable_user(user: User, *, by: By, reason: str = "") -> User:
    """Open a disabled account again. Raises NotAllowed."""
    demand_administrator(by.actor, "edit")
    return modify_user(user, Verb.ACCOUNT_ENABLED, by=by, reason=reason, set__active=True)


def unlock_user(user: User, *, by: By, reason: str = "") -> User:
    """Give an account that failed too often its attempts back. Raises NotAllowed."""
    demand_administrator(by.actor, "edit")
    fresh_attempts: dict[str, Any] = {"set__failures": [], "set__locked_until": None}
    return modify_user(user, Verb.ACCOUNT_UNLOCKED, by=by, reason=reason, **fresh_attempts)


@transactional
def modify_user(user: User, verb: Verb, *, by: By, reason: str, **update: Any) -> User:
    """Update an account and record it; the caller has checked the rights."""
    changed = User.objects(pk=user.pk).modify(new=True, inc__version=1, **update)
    audit.record(verb, by=by, subject=changed, reason=reason)
    return changed


def demand_administrator(actor: Actor, verb: str) -> None:
    """Raise NotAllowed for everybody but administrators and the command line, which creates the first account."""
    if actor.role is not Role.SYSTEM and not access.may(actor, verb, "user"):
        raise NotAllowed("只有系统管理员可以管理账号。")


def _validate(user: User) -> None:
    try:
        user.validate()
    except ValidationError as error:
        whole = error.errors.pop(NON_FIELD_ERRORS, None)
        sentences = {field: f"{LABELS.get(field, field)}填写有误。" for field in error.errors}
        if whole:
            sentences |= {field: f"{each.message}。" for field, each in whole.errors.items()}
        raise Invalid(sentences) from error


def _in_words(field: str, label: str, old: Any, new: Any) -> audit.Change:
    if field == "role":
        old, new = old and Role(old), new and Role(new)
    return field, label, old, new


def _transact_unique(work: Callable[[], User]) -> User:
    try:
        return transact(work)
    except NotUniqueError as error:
        if "handles_tips" in str(error):
            raise Invalid({"handles_tips": "举报专办只能设一名，请先取消原专办人员。"}) from error
        raise Invalid({"username": "该账号名已被使用。"}) from error
