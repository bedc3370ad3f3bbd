"""Flask extensions, unbound; `factory.create_app` binds them in its own order."""

from ipaddress import ip_address, ip_network
from typing import Any

from flask import request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from limits.storage import MongoDBStorage
from pymongo import MongoClient

from models import database


def address() -> str:
    """Return the client's address; `ProxyFix` has already trusted the configured number of proxies."""
    return request.remote_addr or ""


def network() -> str:
    """Return the address that limits count by: a /64 for IPv6, where one visitor owns it whole."""
    try:
        client = ip_address(address())
    except ValueError:
        return "unknown"
    return str(ip_network((client, 64), strict=False)) if client.version == 6 else str(client)


class Counters(MongoDBStorage):
    """Counters of limits, on the process's one client: the library's own is closed as the interpreter ends,
    when closing waits for a thread that cannot start any more. With the parent's schemes it takes its place.
    """

    STORAGE_SCHEME = MongoDBStorage.STORAGE_SCHEME

    @property
    def storage(self) -> MongoClient[dict[str, Any]]:
        if self._storage is not (client := database.client()):
            self._storage = client
            for rows in (self.counters, self.windows):
                rows.create_index("expireAt", expireAfterSeconds=0)
        return client

    def __del__(self) -> None:
        """Close nothing: the client is shared."""


login_manager = LoginManager()
login_manager.login_view = "session.login"
login_manager.login_message = None
login_manager.session_protection = None  # sessions live on the server; see app.sessions
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(key_func=network)
