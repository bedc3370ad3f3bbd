"""Server-side sessions: what a cookie stands for; the cookie's own value is never stored."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from mongoengine import Document
from mongoengine.fields import DateTimeField, IntField, ObjectIdField, StringField

from models.accounts.people import User

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
TOUCH = timedelta(minutes=1)  # how fine "last seen" is kept: a write a minute, not a write a request


class LoginSession(Document):
    """One browser's session, found by the hash of its cookie; anonymous until somebody signs in."""

    key = StringField(primary_key=True)
    user = ObjectIdField()
    epoch = IntField(default=0)
    started_at = DateTimeField(required=True)
    seen_at = DateTimeField(required=True)
    data = StringField(default="")
    # The server's own clock: a demonstration's clock must not make the database throw sessions away.
    stored_at = DateTimeField()

    meta = {
        "collection": "sessions",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["stored_at"], "expireAfterSeconds": int(LONGEST.total_seconds())},
            {"fields": ["user"]},
        ],
    }

    def is_over(self, now: datetime) -> bool:
        return now - self.seen_at >= IDLE or now - self.started_at >= LONGEST

    def is_stale(self, now: datetime) -> bool:
        return now - self.seen_at >= TOUCH

    def admits(self, user: User) -> bool:
        """Whether the account may still use this session: not disabled, ended or replaced."""
        ours = not user.is_staff or user.session_id == self.key
        return user.active and user.session_epoch == self.epoch and ours


def new_token() -> str:
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def find(token: str, now: datetime) -> tuple[LoginSession | None, User | None]:
    """The running session of this cookie and its account, in one read; (None, None) when there is none."""
    account = {"from": "users", "localField": "user", "foreignField": "_id", "as": "account"}
    rows = LoginSession._get_collection().aggregate(
        [{"$match": {"_id": key_of(token)}}, {"$lookup": account}]
    )
    row = next(rows, None)
    if row is None:
        return None, None
    accounts = row.pop("account")
    session = LoginSession._from_son(row)
    user = User._from_son(accounts[0]) if accounts else None
    if session.is_over(now) or (session.user and not (user and session.admits(user))):
        return None, None
    return session, user


def start(token: str, *, user: User | None, data: str, now: datetime) -> LoginSession:
    """A new session under a new cookie value."""
    session = LoginSession(key=key_of(token), user=user and user.pk, started_at=now, seen_at=now, data=data)
    session.epoch = user.session_epoch if user else 0
    values = session.to_mongo().to_dict()
    del values["_id"]
    _write(session.key, values, upsert=True)
    return session


def keep(session: LoginSession, *, data: str, now: datetime) -> None:
    """Store what a request changed; a session that was ended meanwhile is not brought back."""
    _write(session.key, {"data": data, "seen_at": now}, upsert=False)


def end(key: str) -> None:
    LoginSession.objects(key=key).delete()


def _write(key: str, values: dict, *, upsert: bool) -> None:
    update = {"$set": values, "$currentDate": {"stored_at": True}}
    LoginSession._get_collection().update_one({"_id": key}, update, upsert=upsert)
