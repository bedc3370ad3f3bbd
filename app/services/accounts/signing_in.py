"""Signing in and out: counted attempts, the second factor, entries of the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta

from bson import ObjectId

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import Role
from app.services.accounts import passwords
from app.services.accounts.second_factor import Vault, matching_step
from app.services.core import audit
from app.services.core.by import By
from models.accounts.people import User
from models.database import transactional

MAX_ATTEMPTS, WINDOW, LOCK_TIME = 5, timedelta(minutes=15), timedelta(minutes=30)
LOCK_REASON = "15 分钟内失败 5 次，锁定 30 分钟"


def authenticate(username: str, password: str, *, address: str, now: datetime) -> User | None:
    """Return the account, or None: unknown, wrong, locked and disabled look the same after the same time."""
    user = User.objects.named(username)
    attempt = count_attempt(user, now)
    usable = user is not None and user.active and attempt > 0
    if passwords.matches(user.password_hash if usable else "", password):
        return user
    record_refusal(user, attempt, "密码不正确", address=address, now=now)
    return None


def check_code(user: User, code: str, vault: Vault, *, address: str, now: datetime) -> bool:
    """Return whether this is the account's present code; a code works once, a wrong one counts as a failure."""
    attempt = count_attempt(user, now)
    if attempt:
        step = matching_step(vault.open(user.totp_secret), code, after=user.totp_step, now=now)
        if step and User.objects(pk=user.pk, totp_step__lt=step).modify(set__totp_step=step):
            return True
    record_refusal(user, attempt, "验证码不正确", address=address, now=now)
    return False


def enrol_second_factor(user: User, secret: str, code: str, vault: Vault, *, by: By) -> bool:
    """Bind an authenticator to an account without one; False without a right code. Raises Conflict."""
    step = matching_step(secret, code, after=0, now=by.now)
    if step is None:
        return False
    _bind(user, vault.close(secret), step, by=by)
    return True


@transactional
def _bind(user: User, closed_secret: str, step: int, *, by: By) -> None:
    unbound = User.objects(pk=user.pk, totp_secret="")
    if not unbound.modify(set__totp_secret=closed_secret, set__totp_step=step):
        raise Conflict("该账号已登记二次验证，请重新登录。")
    audit.record(Verb.SECOND_FACTOR_ENROLLED, by=by, subject=user)


def pending_user(user_id: ObjectId, epoch: int) -> User | None:
    """Return the account whose password was right, None if it was closed or changed since."""
    return User.objects(pk=user_id, active=True, session_epoch=epoch).first()


@transactional
def complete_sign_in(user: User, *, session_id: str, by: By) -> User:
    """Complete a sign-in: failures are forgotten, a staff's earlier session ends. Raises NotAllowed."""
    unchanged = User.objects(pk=user.pk, active=True, session_epoch=user.session_epoch)
    signed_in = unchanged.modify(
        new=True,
        set__failures=[],
        set__locked_until=None,
        set__last_login_at=by.now,
        set__session_id=session_id,
    )
    if signed_in is None:
        raise NotAllowed("账号已停用或密码已更换，请重新登录。")
    audit.record(Verb.LOGIN, by=by, subject=signed_in)
    return signed_in


@transactional
def record_sign_out(user: User, *, by: By) -> None:
    """Record that the account signed out."""
    audit.record(Verb.LOGOUT, by=by, subject=user)


def count_attempt(user: User | None, now: datetime) -> int:
    """Count an attempt before it is judged, so that parallel guesses cannot outrun the lock.

    Returns its number within the last fifteen minutes, 0 if the account is locked or unknown; the fifth
    locks. A completed sign-in gives them all back.
    """
    while user is not None and not user.is_locked(now):
        recent = [failure for failure in user.failures if now - failure < WINDOW] + [now]
        until = now + LOCK_TIME if len(recent) >= MAX_ATTEMPTS else None
        untouched = User.objects(pk=user.pk, attempts=user.attempts)
        if untouched.modify(set__failures=recent, set__locked_until=until, inc__attempts=1):
            return len(recent)
        user.reload()  # somebody else's attempt came first; after the fifth the account is locked
    User.objects(username="", attempts=-1).modify(inc__attempts=1)  # costs as much as a counted attempt
    return 0


@transactional
def record_refusal(user: User | None, attempt: int, why: str, *, address: str, now: datetime) -> None:
    """Record a failed attempt with the true reason, and the lock if this attempt caused it."""
    # The name that was typed stays out of the log: people type passwords there.
    actor = user.actor(address) if user else Actor("", "未知账号", Role.SYSTEM, address=address)
    by = By(actor, now)
    if user is None:
        why = "账号不存在"
    elif not user.active:
        why = "账号已停用"
    elif not attempt:
        why = "账号已锁定"
    audit.record(Verb.LOGIN_REFUSED, by=by, subject=user, reason=why)
    if attempt >= MAX_ATTEMPTS:
        audit.record(Verb.ACCOUNT_LOCKED, by=by, subject=user, reason=LOCK_REASON)
