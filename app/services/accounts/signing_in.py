"""Signing in and out: counted attempts, the second factor, what the log says of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bson import ObjectId

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import Role
from app.services.accounts import passwords
from app.services.accounts.second_factor import Vault, accepted_step
from app.services.core import audit
from app.services.core.by import By
from models.accounts.people import User
from models.database import transact

ATTEMPTS, WINDOW, LOCK = 5, timedelta(minutes=15), timedelta(minutes=30)
LOCKING = "15 分钟内失败 5 次，锁定 30 分钟"


def authenticate(username: str, password: str, *, address: str, now: datetime) -> User | None:
    """The account, or None: unknown, wrong, locked and disabled give the same answer after the same time."""
    user = User.objects.named(username)
    attempt = take_attempt(user, now)
    usable = user is not None and user.active and attempt > 0
    if passwords.matches(user.password_hash if usable else "", password):
        return user
    refuse(user, attempt, "密码不正确", address=address, now=now)
    return None


def check_code(user: User, code: str, vault: Vault, *, address: str, now: datetime) -> bool:
    """Whether this is the account's present code; a code is taken once, a wrong one counts as a failure."""
    attempt = take_attempt(user, now)
    if attempt:
        step = accepted_step(vault.open(user.totp_secret), code, after=user.totp_step, now=now)
        if step and User.objects(pk=user.pk, totp_step__lt=step).modify(set__totp_step=step):
            return True
    refuse(user, attempt, "验证码不正确", address=address, now=now)
    return False


def enrol(user: User, secret: str, code: str, vault: Vault, *, by: By) -> bool:
    """Bind an authenticator to an account without one, on proof of a code. Raises Conflict."""
    step = accepted_step(secret, code, after=0, now=by.now)
    if step is None:
        return False

    def work() -> bool:
        unbound = User.objects(pk=user.pk, totp_secret="")
        if not unbound.modify(set__totp_secret=vault.close(secret), set__totp_step=step):
            raise Conflict("该账号已登记二次验证，请重新登录。")
        audit.record(Verb.SECOND_FACTOR_ENROLLED, by=by, subject=user)
        return True

    return transact(work)


def account_between_factors(user_id: ObjectId, epoch: int) -> User | None:
    """Return the account whose password was right, None where it was closed or changed since."""
    return User.objects(pk=user_id, active=True, session_epoch=epoch).first()


def signed_in(user: User, *, session_id: str, by: By) -> User:
    """Complete a sign-in: failures are forgotten, a staff's earlier session ends. Raises NotAllowed."""
    login = {"set__last_login_at": by.now, "set__session_id": session_id}

    def work() -> User:
        unchanged = User.objects(pk=user.pk, active=True, session_epoch=user.session_epoch)
        found = unchanged.modify(new=True, set__failures=[], set__locked_until=None, **login)
        if found is None:
            raise NotAllowed("账号已停用或密码已更换，请重新登录。")
        audit.record(Verb.LOGIN, by=by, subject=found)
        return found

    return transact(work)


def signed_out(user: User, *, by: By) -> None:
    transact(lambda: audit.record(Verb.LOGOUT, by=by, subject=user))


def take_attempt(user: User | None, now: datetime) -> int:
    """Count an attempt before it is judged, so that parallel guesses cannot outrun the lock.

    Returns which attempt of the last fifteen minutes it is, 0 when the account is locked or unknown; the
    fifth one locks. A completed sign-in gives them all back.
    """
    while user is not None and not user.is_locked(now):
        recent = [failure for failure in user.failures if now - failure < WINDOW] + [now]
        until = now + LOCK if len(recent) >= ATTEMPTS else None
        untouched = User.objects(pk=user.pk, attempts=user.attempts)
        if untouched.modify(set__failures=recent, set__locked_until=until, inc__attempts=1):
            return len(recent)
        user.reload()  # somebody else's attempt came first; after the fifth the account is locked
    User.objects(username="", attempts=-1).modify(inc__attempts=1)  # costs what a counted attempt costs
    return 0


def refuse(user: User | None, attempt: int, why: str, *, address: str, now: datetime) -> None:
    # The name that was typed stays out of the log: people type passwords there.
    actor = user.actor(address) if user else Actor("", "未知账号", Role.SYSTEM, address=address)
    if user is None:
        why = "账号不存在"
    elif not user.active:
        why = "账号已停用"
    elif not attempt:
        why = "账号已锁定"

    def work() -> None:
        audit.record(Verb.LOGIN_REFUSED, by=By(actor, now), subject=user, reason=why)
        if attempt >= ATTEMPTS:
            audit.record(Verb.ACCOUNT_LOCKED, by=By(actor, now), subject=user, reason=LOCKING)

    transact(work)
