"""The whole application on a real database with two counties in it, and a browser for each role."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from mongoengine.context_managers import switch_db  # noqa: F401

from app import clock as app_clock
from app.config import Config
from app.factory import create_app
from app.services.core import rules
from app.sessions import _json
from models import database
from models.accounts import sessions
from models.accounts.people import User
from tests.builders import world as worlds
from tests.tables import rights
from tests.tables.screens import SCREENS


def databases(owner):
    return [owner[name] for name in owner.list_database_names() if name.startswith(("greenladder",))]


def emptied(owner) -> None:
    for one in databases(owner):
        for name in one.list_collection_names(filter={"name": {"$not": {"$regex": "^(system\\.|schema$)"}}}):
            one[name].delete_many({})


@pytest.fixture(scope="session")
def _snapshot(mongod, owner):
    """The world as raw rows, made once; every module gets it fresh."""
    database.connect(mongod.uri)
    emptied(owner)
    rules.use("yunfu")
    worlds.make()
    return [
        (one.name, name, list(one[name].find()))
        for one in databases(owner)
        for name in one.list_collection_names(filter={"name": {"$not": {"$regex": "^(system\\.|schema$)"}}})
    ]


@pytest.fixture(scope="session")
def _instant(tmp_path_factory):
    file = tmp_path_factory.mktemp("clock") / "instant"
    file.write_text(worlds.NOW.isoformat(), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def config(mongod, _instant, tmp_path_factory) -> Config:
    return Config(
        mongodb_uri=mongod.uri,
        secret_key="k" * 64,
        trusted_hosts=("localhost", "127.0.0.1"),
        clock_file=_instant,
        var_dir=tmp_path_factory.mktemp("app"),
    )


@pytest.fixture(scope="session")
def _app(config) -> Flask:
    return create_app(config)


@pytest.fixture(scope="module")
def world(_snapshot, _app, config, mongod, owner) -> Iterator[object]:
    """The two counties, as they were made, for one module."""
    database.connect(mongod.uri)  # other tests may have connected elsewhere
    emptied(owner)
    for base, collection, rows in _snapshot:
        if rows:
            owner[base][collection].insert_many(rows)
    rules.use("yunfu")
    app_clock.configure(config.clock_file)
    yield worlds.read()
    app_clock.configure(None)


@pytest.fixture(scope="module")
def app(_app, world) -> Flask:
    return _app


class Browser:
    """A signed-in client that puts the token of its session into what it posts."""

    def __init__(self, app: Flask, user: User | None) -> None:
        self.client: FlaskClient = app.test_client()
        self.user = user
        self._token = ""
        if user is not None:
            token = sessions.new_token()
            data = _json.dumps({"_user_id": user.get_id(), "_fresh": True})
            User.objects(pk=user.pk).update(set__session_id=sessions.key_of(token))
            sessions.start(token, user=user, data=data, now=app_clock.now())
            self.client.set_cookie("greenladder", token)
        self.get = self.client.get

    @property
    def token(self) -> str:
        if not self._token:
            page = self.get("/password" if self.user else "/login").text
            self._token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self._token

    def post(self, path: str, data=None, **options):
        values = list(data.items()) if isinstance(data, dict) else list(data or ())
        lists: dict[str, list] = {}
        for name, value in [("csrf_token", self.token), *values]:
            lists.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        return self.client.post(path, data=lists, **options)


@pytest.fixture(scope="module")
def browser(app) -> Callable[[str], Browser]:
    """browser("city") is signed in as the account of that role; one for each role and module, "" is nobody."""
    made: dict[str, Browser] = {}

    def signed_in(role: str, username: str = "") -> Browser:
        name = username or (role.replace("_", "-") + "1" if role else "")
        if name not in made:
            made[name] = Browser(app, User.objects.get(username=name) if name else None)
        return made[name]

    return signed_in


def fields(html: str, form: str = '//form[@id="record-form"]') -> list[tuple[str, str]]:
    """What a browser would post from a form that nobody touched; `form` is its path in the page."""
    from lxml import html as parser

    found = []
    for element in (
        parser.fromstring(html)
        .xpath(form)[0]
        .xpath(".//input[@name] | .//select[@name] | .//textarea[@name]")
    ):
        if element.xpath("ancestor::template | ancestor::*[contains(@class, 'inline-field-template')]"):
            continue
        kind = (element.get("type") or "text").lower()
        if element.tag == "select":
            options = element.xpath(".//option")
            chosen = [one for one in options if one.get("selected") is not None]
            if not chosen and element.get("multiple") is None:
                chosen = options[:1]
            found += [(element.get("name"), one.get("value", one.text or "")) for one in chosen]
        elif element.tag == "textarea":
            found.append((element.get("name"), (element.text or "").lstrip("\n")))
        elif kind in ("checkbox", "radio"):
            if element.get("checked") is not None:
                found.append((element.get("name"), element.get("value", "on")))
        elif kind not in ("submit", "button", "file"):
            found.append((element.get("name"), element.get("value", "")))
    return [(name, unescape(value)) for name, value in found if name != "csrf_token"]


@pytest.fixture(scope="module")
def books(world):
    records_ = dict(
        world.ours.records,
        holiday=world.holiday,
        proposal=world.proposal,
        user=User.objects.get(username="unit1"),
    )
    for name in SCREENS.keys() - records_.keys():
        records_[name] = SCREENS[name].model.objects.first()
    return records_


@pytest.fixture
def record(role, name, books, world):
    """A record whose form is open to this role: the stage decides for some."""
    stages = {
        ("city", "application"): world.ours.recommended,
        ("county", "evaluation"): world.ours.last_report,
        ("unit", "evaluation"): world.ours.last_report,
    }
    found = stages.get((role, name), books[name])
    return type(found).objects.get(pk=found.pk)


def page(browser, role, url, status=200):
    answer = browser(role).get(url)
    assert answer.status_code == status, f"{role} {url}: {answer.status_code}"
    return answer.text


def raw(record) -> dict:
    return type(record)._get_collection().find_one({"_id": record.pk})


def pages(role, books):
    """Every page that this role can open."""
    yield from ("/", "/admin/", "/password", "/admin/search/?q=%E4%BA%91%E5%9F%8E", "/nowhere")
    yield from (url for url, need in rights.WORKBENCH.items() if rights.may(role, *need))
    for resource in ("rule", "setting"):
        if rights.may(role, "R", resource):
            yield f"/admin/{resource}/"
    for name in SCREENS:
        if not rights.may(role, "R", name):
            yield f"/admin/{name}/"
            continue
        yield from (f"/admin/{name}/?year=all", f"/admin/{name}/?year=all&search=%E6%B2%A1%E6%9C%89")
        if rights.may(role, "C", name) and name not in rights.WITHOUT_FORM:
            yield f"/admin/{name}/new/"
        if books[name] is not None:
            yield f"/admin/{name}/details/?id={books[name].pk}"
            if rights.may(role, "E", name) and name not in rights.WITHOUT_FORM | rights.NO_EDIT:
                yield f"/admin/{name}/edit/?id={books[name].pk}"
    if rights.may(role, "R", "application"):
        yield f"/admin/application/findings/?id={books['application'].pk}"
