"""`python wsgi.py` runs everything on one machine; `gunicorn wsgi:app` is the web process alone."""

import atexit
import contextlib
import functools
import os
import sys
from typing import Any


@functools.cache
def _app() -> Any:
    from app.config import Config, ConfigError
    from app.factory import create_app

    try:
        config = Config.from_environment()
    except ConfigError as problem:
        sys.exit(str(problem))  # a traceback would hide what is to be mended
    if not os.environ.get("FLASK_RUN_FROM_CLI"):
        app = create_app(config)
        _check_server(config)
        return app
    if not config.mongodb_uri:
        _borrow_database(config)
    return create_app(config)  # unchecked: init-db is the command that puts a server right


def _check_server(config: Any) -> None:
    from pymongo.errors import PyMongoError

    from models import database, schema

    # One that does not answer now may do so in a second: /readyz says so, and the worker stays.
    with contextlib.suppress(PyMongoError):
        try:
            database.check_server(production=bool(config.mongodb_uri))
            schema.check()
        except database.DatabaseRefused as refusal:
            sys.exit(f"没有启动。{refusal}")


def _borrow_database(config: Any) -> None:
    """Connect a command to the running embedded database, else to its own until it ends."""
    from app import embedded
    from app.supervise import open_embedded

    stack = contextlib.ExitStack()
    stack.enter_context(open_embedded(config, embedded.join))
    atexit.register(stack.close)


def __getattr__(name: str) -> Any:
    # Made when a server asks for it: `python wsgi.py` must have started the database first.
    if name == "app":
        return _app()
    raise AttributeError(name)


if __name__ == "__main__":
    from app.supervise import main

    sys.exit(main())
