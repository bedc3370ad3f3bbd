"""Server-side sessions: the cookie is a random value, everything else lies in the database under its hash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask, Request, Response, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from flask_login import login_user

from app import clock
from models.accounts import sessions
from models.accounts.people import User
from models.accounts.sessions import LoginSession

PROBES = ("/healthz", "/readyz")

_json = TaggedJSONSerializer()


class ServerSession(SessionMixin):
    """A dictionary that is read from the database when it is first used."""

    modified = False

    def __init__(self, token: str) -> None:
        self.token = token
        self.record: LoginSession | None = None
        self.user: User | None = None
        self.discarded = ""  # key of the session that this one replaced or ended
        self._values: dict[str, Any] | None = None

    @property
    def content(self) -> dict[str, Any]:
        """Return the values, reading them at the first call."""
        if self._values is None:
            if self.token:
                self.record, self.user = sessions.find(self.token, clock.now())
            self._values = _json.loads(self.record.data) if self.record and self.record.data else {}
        return self._values

    @property
    def is_open(self) -> bool:
        """Return whether the session was used; if not there is nothing to store."""
        return self._values is not None

    def __getitem__(self, key: str) -> Any:
        return self.content[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.content[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.content[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)

    def encoded(self) -> str:
        """Return the values as the database keeps them."""
        return _json.dumps(self.content)

    def rotate(self, user: User | None = None) -> str:
        """Forget everything, continue under a new cookie and return the new session's key."""
        self.content.clear()
        self.discarded = self.discarded or (self.record.key if self.record else "")
        self.record, self.user, self.modified = None, user, True
        self.token = sessions.new_token()
        return sessions.key_of(self.token)


class DatabaseSessions(SessionInterface):
    """Flask's session interface over `models.accounts.sessions`."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        # Flask-Login looks into the session after every request; files and probes must not cost a read.
        asks = "/static/" not in request.path and request.path not in PROBES
        return ServerSession(request.cookies.get(self.get_cookie_name(app), "") if asks else "")

    def save_session(self, app: Flask, session: ServerSession, response: Response) -> None:
        if not session.is_open:
            return
        response.vary.add("Cookie")
        now = clock.now()
        if session.discarded:
            sessions.end(session.discarded)
        if session.record is not None:
            if session.modified or session.record.is_stale(now):
                sessions.save_data(session.record, data=session.encoded(), now=now)
        elif session:
            # A cookie value that we did not make ourselves is never taken over.
            token = session.token if session.user or session.discarded else sessions.new_token()
            sessions.start(token, user=session.user, data=session.encoded(), now=now)
            self._set_cookie(app, response, token)
        elif session.token:
            response.delete_cookie(self.get_cookie_name(app), path="/")

    def _set_cookie(self, app: Flask, response: Response, token: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            httponly=True,
            secure=app.config["SESSION_COOKIE_SECURE"],
            samesite="Lax",
            path="/",
        )


def sign_in(user: User, key_taken: Any) -> None:
    """Put the account into a new session; `key_taken(key)` completes the sign-in and returns the account."""
    key = session.rotate(user)
    session.user = key_taken(key)
    login_user(session.user)


def load_user(user_id: str) -> User | None:
    """Return the account of the session for Flask-Login; the session has read it already."""
    user = session.user if session else None
    return user if user and user.get_id() == user_id else None


def init_app(app: Flask, *, secure: bool) -> None:
    """Keep sessions in the database and name the cookie."""
    app.session_interface = DatabaseSessions()
    # With https the browser itself refuses a cookie of this name from elsewhere or without Secure.
    app.config["SESSION_COOKIE_NAME"] = "__Host-greenladder" if secure else "greenladder"
    app.config["SESSION_COOKIE_SECURE"] = secure
