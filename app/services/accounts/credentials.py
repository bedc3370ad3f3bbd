"""Changing a password, and resetting the password or second factor of somebody else's account."""

from __future__ import annotations

from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.services.accounts import passwords
from app.services.accounts.people import demand_administrator, modify_user
from app.services.accounts.signing_in import count_attempt, record_refusal
from app.services.core import audit
from app.services.core.by import By
from models.accounts.people import User
from models.database import transactional


def change_password(user: User, old: str, new: str, *, by: By) -> User:
    """Change the user's own password. Raises NotAllowed with every rule that the new password breaks.

    All sessions of the account end; the caller starts a new one for the browser that asked.
    """
    if problems := passwords.password_problems(
        new, username=user.username, name=user.name, staff=user.is_staff
    ):
        raise NotAllowed("".join(problems))
    attempt = count_attempt(user, by.now)
    if not (attempt and passwords.matches(user.password_hash, old)):
        record_refusal(user, attempt, "原密码不正确", address=by.actor.address, now=by.now)
        raise NotAllowed("原密码不正确。")
    User.objects(pk=user.pk).modify(set__failures=[], set__locked_until=None)
    # Only now: whoever does not know the present password must not find out former ones by asking.
    if passwords.used_before(new, [user.password_hash, *user.password_history]):
        raise NotAllowed(f"不得使用最近 {passwords.HISTORY_LENGTH} 次用过的密码。")
    return _set_password(user, new, must_change=False, verb=Verb.PASSWORD_CHANGED, by=by)


def reset_password(user: User, *, by: By, reason: str = "") -> str:
    """Return a new one-time password of somebody else's account; its first login changes it. Raises NotAllowed."""
    demand_administrator(by.actor, "edit")
    if user.username == by.actor.username:
        raise NotAllowed("自己的密码在“更换密码”页更换。")
    password = passwords.generate_password()
    _set_password(user, password, must_change=True, verb=Verb.PASSWORD_RESET, by=by, reason=reason)
    return password


def reset_second_factor(user: User, *, by: By, reason: str = "") -> User:
    """Forget a lost authenticator; the next login registers another. Raises NotAllowed for one's own."""
    demand_administrator(by.actor, "edit")
    if user.username == by.actor.username:
        raise NotAllowed("自己的二次验证须由另一名系统管理员重置。")
    return modify_user(
        user, Verb.SECOND_FACTOR_RESET, by=by, reason=reason, set__totp_secret="", inc__session_epoch=1
    )


def _set_password(
    user: User, password: str, *, must_change: bool, verb: Verb, by: By, reason: str = ""
) -> User:
    hashed = passwords.hash_password(password)  # slow on purpose: not inside the transaction
    return _store_hash(user, hashed, must_change=must_change, verb=verb, by=by, reason=reason)


@transactional
def _store_hash(user: User, hashed: str, *, must_change: bool, verb: Verb, by: By, reason: str) -> User:
    former = [each for each in (user.password_hash, *user.password_history) if each]
    changed = User.objects(pk=user.pk, password_hash=user.password_hash).modify(
        new=True,
        set__password_hash=hashed,
        set__password_history=former[: passwords.HISTORY_LENGTH],
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
