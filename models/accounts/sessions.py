"""Server-side sessions, found by the hash of a cookie; the cookie's own value is never stored."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from mongoengine import Document
from mongoengine.fields import DateTimeField, IntField, ObjectIdField, StringField

from models.accounts.people import User

MAX_IDLE = timedelta(minutes=15)
MAX_AGE = timedelta(hours=8)
TOUCH_INTERVAL = timedelta(minutes=1)  # precision of "last seen": one write a minute, not one a request


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
            {"fields": ["stored_at"], "expireAfterSeconds": int(MAX_AGE.total_seconds())},
            {"fields": ["user"]},
        ],
    }

    def is_over(self, now: datetime) -> bool:
        """Return whether the session has idled or lasted too long."""
        return now - self.seen_at >= MAX_IDLE or now - self.started_at >= MAX_AGE

    def is_stale(self, now: datetime) -> bool:
        """Return whether "last seen" must be written again."""
        return now - self.seen_at >= TOUCH_INTERVAL

    def admits(self, user: User) -> bool:
        """Return whether the account may still use this session: not disabled, ended or replaced."""
        ours = not user.is_staff or user.session_id == self.key
        return user.active and user.session_epoch == self.epoch and ours


def new_token() -> str:
    """Return a random cookie value."""
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    """Return the key under which the session of this cookie value is stored."""
    return sha256(token.encode()).hexdigest()


def find(token: str, now: datetime) -> tuple[LoginSession | None, User | None]:
    """Return the running session of a cookie and its account in one read, (None, None) without one."""
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
    """Store a new session under a new cookie value."""
    session = LoginSession(key=key_of(token), user=user and user.pk, started_at=now, seen_at=now, data=data)
    session.epoch = user.session_epoch if user else 0
    values = session.to_mongo().to_dict()
    del values["_id"]
    _write(session.key, values, upsert=True)
    return session


def save_data(session: LoginSession, *, data: str, now: datetime) -> None:
    """Store the data that a request changed; a session that was ended meanwhile is not brought back."""
    _write(session.key, {"data": data, "seen_at": now}, upsert=False)


def end(key: str) -> None:
    """Delete a session."""
    LoginSession.objects(key=key).delete()


def _write(key: str, values: dict, *, upsert: bool) -> None:
    update = {"$set": values, "$currentDate": {"stored_at": True}}
    LoginSession._get_collection().update_one({"_id": key}, update, upsert=upsert)
