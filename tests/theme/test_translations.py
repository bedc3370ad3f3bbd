"""The libraries' own messages are Chinese, all of them."""

import re
from pathlib import Path

import flask_admin.babel
import flask_admin.form
import flask_admin.translations
import pytest
import wtforms.i18n
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, Length

from app import translations

SHIPPED = {
    "admin": Path(flask_admin.translations.__path__[0]) / "zh_Hans_CN/LC_MESSAGES/admin.po",
    "wtforms": Path(wtforms.i18n.messages_path()) / "zh/LC_MESSAGES/wtforms.po",
}
ENGLISH_BY_NATURE = {"CNY"}


def catalogue(name: str, kind: str):
    read = {"po": read_po, "mo": read_mo}[kind]
    with (translations.CATALOGUES / "zh_Hans_CN" / "LC_MESSAGES" / f"{name}.{kind}").open("rb") as file:
        return read(file)


def first(text) -> str:
    return text if isinstance(text, str) else text[0]


def messages(catalogue) -> dict[str, str]:
    return {first(m.id): first(m.string) for m in catalogue if m.id}


@pytest.fixture
def app():
    app = Flask("translations")
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_Hans_CN"
    Babel(app)
    translations.install()
    return app


@pytest.mark.parametrize("name", SHIPPED)
def test_every_message_of_the_installed_version_is_there(name):
    with SHIPPED[name].open("rb") as file:
        wanted = set(messages(read_po(file)))
    assert wanted <= set(messages(catalogue(name, "po")))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_compiled_catalogue_is_that_of_the_text(name):
    assert messages(catalogue(name, "mo")) == messages(catalogue(name, "po"))


@pytest.mark.parametrize("name", SHIPPED)
def test_no_english_is_left(name):
    for text in messages(catalogue(name, "mo")).values():
        words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"%\(\w+\)\w", "", text)))
        assert words <= ENGLISH_BY_NATURE, text


def test_our_wording_wins_even_outside_an_admin_view(app):
    with app.test_request_context():
        assert flask_admin.babel.gettext("There are no items in the table.") == "没有符合条件的记录。"
        assert flask_admin.babel.gettext("between") == "介于"


def test_validation_speaks_chinese(app):
    class Form(flask_admin.form.BaseForm):
        name = StringField("名称", [DataRequired()])
        code = StringField("代码", [Length(min=18, max=18)])
        count = IntegerField("数量")

    with app.test_request_context():
        form = Form(MultiDict({"name": "", "code": "9144", "count": "x"}))
        form.validate()
    assert form.errors == {"name": ["此项必填。"], "code": ["须为 18 个字。"], "count": ["请填写整数。"]}
