"""The extensions, made unbound; `factory.create_app` binds them in its own order."""

from ipaddress import ip_address, ip_network

from flask import request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from limits.storage import MongoDBStorage


def address() -> str:
    """Where the request comes from; `ProxyFix` has already believed as many proxies as there are."""
    return request.remote_addr or ""


def network() -> str:
    """The address that limits count by; an IPv6 visitor owns a whole /64."""
    try:
        found = ip_address(address())
    except ValueError:
        return "unknown"
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


class Counters(MongoDBStorage):
    """Counters of limits in MongoDB; with the parent's schemes it takes the parent's place in the library."""

    STORAGE_SCHEME = MongoDBStorage.STORAGE_SCHEME

    def __del__(self) -> None:
        # The library's own destructor opens a client to close it; as the interpreter ends, that waits for
        # a thread that never starts.
        if self._storage is not None:
            self._storage.close()


login_manager = LoginManager()
login_manager.login_view = "session.login"
login_manager.login_message = None
login_manager.session_protection = None  # sessions live on the server; see app.sessions
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(key_func=network)
