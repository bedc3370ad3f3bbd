"""The shell with nothing in it: an application of these parts and a few views made to be attacked."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort, flash, jsonify, request, url_for
from flask_admin import Admin
from flask_login import current_user, login_required

from app import security, sessions
from app.config import Config
from app.extensions import babel, csrf, limiter, login_manager
from app.policy.flow import Conflict, NotAllowed
from models.database import NotSaved
from tests.builders.accounts import PASSWORD  # noqa: F401
from views.accounts import session as session_views

APP = Path(security.__file__).parent


CONFIG = Config(secret_key="k" * 64, trusted_hosts=("localhost", "lvti.example"))


def build(uri, **values):
    config = replace(CONFIG, **values)
    app = Flask("app", root_path=str(APP))
    security.init_app(app, config, mongodb_uri=uri)
    sessions.init_app(app, secure=config.secure)
    for extension in (login_manager, csrf, babel, limiter):
        extension.init_app(app)
    Admin(app, csp_nonce_generator=security.nonce)
    app.jinja_env.globals["asset"] = lambda endpoint, filename: url_for(endpoint, filename=filename)
    app.register_blueprint(session_views.blueprint)
    _views(app)
    return app


def _views(app):
    @app.get("/who")
    def who():
        return current_user.username if current_user.is_authenticated else "nobody"

    @app.get("/closed")
    @login_required
    def closed():
        return "secret"

    @app.get("/echo")
    def echo():
        return jsonify(request.args.to_dict(flat=False))

    @app.post("/form")
    def form():
        return jsonify(request.form.to_dict(flat=False))

    @app.get("/records/<id>")
    def record(id):
        return id

    @app.get("/names/<name>")
    def named(name):
        return name

    @app.get("/fail/<kind>")
    def fail(kind):
        raise {
            "rule": NotAllowed("公示期未满，不得公布。<b>"),
            "race": Conflict("李静刚刚办理。"),
            "database": NotSaved("未保存：数据库没有应答。"),
            "bug": ZeroDivisionError("secret detail"),
        }[kind]

    @app.get("/abort/<int:code>")
    def stop(code):
        abort(code)

    @app.get("/flash")
    def say():
        flash("已办理。")
        return "ok"


@pytest.fixture
def uri(now, mongod):  # noqa: F811
    return mongod.uri


@pytest.fixture
def app(uri):
    return build(uri)


class Browser:
    """A test client that fetches the token of a form before it posts."""

    def __init__(self, app, **values):
        self.client = app.test_client(**values)
        self.get = self.client.get

    def token(self, page="/login"):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)[1]

    def post(self, path, page="/login", **values):
        return self.client.post(path, data={"csrf_token": self.token(page), **values})

    def login(self, username, password=PASSWORD, **values):
        return self.post("/login", username=username, password=password, **values)

    def logout(self):
        return self.post("/logout", page="/password")

    @property
    def who(self):
        return self.get("/who").text

    @property
    def cookie(self):
        cookie = self.client.get_cookie("greenladder")
        return cookie.value if cookie else ""

    def replay(self, value):
        """Use this cookie from now on."""
        self.client.set_cookie("greenladder", value)
        return self
