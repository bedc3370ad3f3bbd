"""The pages that must stand when nothing else does: errors, the door, the public verification."""

from pathlib import Path

import pytest
from flask import Flask, render_template, url_for
from flask_admin import Admin
from flask_wtf.csrf import CSRFProtect

APP = Path(__file__).parents[2] / "app"


@pytest.fixture(scope="module")
def app():
    app = Flask("pages", template_folder=APP / "templates", static_folder=APP / "static")
    app.config.update(SECRET_KEY="pages", TESTING=True)
    CSRFProtect(app)
    Admin(app)
    app.jinja_env.globals["asset"] = lambda endpoint, filename: url_for(endpoint, filename=filename)
    return app


@pytest.mark.parametrize(
    "template, context, expected",
    [
        (
            "ui/error.html",
            {"title": "没有找到", "message": "不存在", "number": "20260608-7F3A"},
            "20260608-7F3A",
        ),
        ("ui/login.html", {"error": "账号或密码不正确"}, "账号或密码不正确"),
        ("ui/password.html", {"forced": True}, "首次登录"),
        ("ui/second_factor.html", {}, "六位数字"),
        ("public/index.html", {"entries": []}, "没有符合条件的单位"),
        ("public/verify.html", {"result": {"ok": False, "message": "与存档不符"}}, "与存档不符"),
    ],
)
def test_a_page_stands_without_login_or_context(app, template, context, expected):
    with app.test_request_context():
        html = render_template(template, **context)
    assert expected in html
    assert html.count("<h1") == 1
    assert '<html lang="zh-CN">' in html


def test_every_asset_of_a_page_is_served(app):
    client = app.test_client()
    with app.test_request_context():
        html = render_template("ui/login.html")
    addresses = [part.split('"')[0].replace("&amp;", "&") for part in html.split('src="')[1:]]
    addresses += [part.split('href="')[1].split('"')[0] for part in html.split("<link")[1:]]
    assert len(addresses) >= 7
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_what_users_typed_is_escaped(app):
    with app.test_request_context():
        html = render_template("ui/login.html", username='"><script>alert(1)</script>')
    assert "<script>alert" not in html
