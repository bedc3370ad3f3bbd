"""create_app: the only place where the parts meet; a flat list, read top to bottom."""

from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_login import current_user

from app import cli, clock, security, sessions, translations
from app.boot import boot
from app.config import VERSION, Config
from app.extensions import babel, csrf, limiter, login_manager
from app.public import pages, verify
from app.services.core import rules
from app.services.core.by import By
from views import acting
from views.accounts import session
from views.desk.workbench import WorkbenchView, may_search
from views.panel import badge_counts, downloads, menu
from views.panel.formats import area_name
from views.reminders import preferences
from views.screens import screens


def create_app(config: Config) -> Flask:
    """Return a WSGI application bound to the database of `config`. Raises ConfigError, PackError."""
    uri = boot(config)
    app = Flask("app", template_folder="templates", static_folder="static")
    security.init_app(app, config, mongodb_uri=uri)  # first: its guard sees a request before everybody else
    sessions.init_app(app, secure=config.secure)
    translations.install()
    babel.init_app(app, default_locale="zh_Hans_CN", default_timezone="Asia/Shanghai")
    csrf.init_app(app)
    login_manager.init_app(app)
    limiter.init_app(app)
    for blueprint in (
        session.blueprint,
        preferences.blueprint,
        downloads.blueprint,
        pages.blueprint,
        verify.blueprint,
    ):
        app.register_blueprint(blueprint)
    admin = _admin()
    admin.init_app(app)
    for screen in screens():
        admin.add_view(screen)
    app.context_processor(lambda: _frame(config))
    app.jinja_env.globals["asset"] = _asset
    app.after_request(badge_counts.invalidate)
    cli.register(app)
    return app


def _admin() -> Admin:
    return Admin(
        name="绿梯",
        theme=Bootstrap4Theme(base_template="ui/base.html", swatch="default", fluid=True),
        index_view=WorkbenchView(),
        csp_nonce_generator=security.nonce,
    )


def _asset(endpoint: str, filename: str) -> str:
    """Return the URL of a static file; cached, because a page names two dozen of them."""
    return _asset_below(request.script_root, endpoint, filename)


@lru_cache(maxsize=256)
def _asset_below(root: str, endpoint: str, filename: str) -> str:
    return url_for(endpoint, filename=filename, v=VERSION)


@lru_cache(maxsize=16)
def _places_below(root: str) -> dict[str, Any]:
    """Return the fixed URLs of every page after login."""
    return {
        "home_url": url_for("admin.index"),
        "search_url": url_for("admin.search"),
        "account_links": [
            ("消息设置", url_for("preferences.page")),
            ("更换密码", url_for("session.password")),
            ("公开名单", url_for("public.index")),
        ],
    }


def _frame(config: Config) -> dict[str, Any]:
    """Return the variables of the frame around every page."""
    pack = rules.pack()
    frame = {
        "city_name": pack.city.name,
        "app_version": VERSION,
        "demo": config.demo,
        "public_home": url_for("public.index"),
    }
    if not current_user.is_authenticated:
        return frame
    actor = acting()
    waiting = badge_counts.waiting(By(actor, clock.now()))
    places = _places_below(request.script_root)
    return (
        frame
        | places
        | {
            "me": {
                "name": actor.name,
                "username": actor.username,
                "role": actor.role,
                "area_label": area_name(actor.area) if actor.area else "",
            },
            "menu": menu.menu(waiting.screens, places["home_url"]),
            "todo_count": waiting.total,
            "late_count": waiting.late,
            "search_url": places["search_url"] if may_search(actor) else None,
        }
    )
