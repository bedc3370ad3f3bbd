"""The newest program opens the data of earlier releases: all lists and records of all roles, checks, audit."""

from collections.abc import Iterator

import pytest
from mongoengine import Document
from pymongo import MongoClient

from app import clock as app_clock
from app import embedded
from app.config import Config
from app.factory import create_app
from app.services.audit import integrity, open_ledger
from app.services.core import rules
from models import database, schema
from models.accounts.people import User
from tests.builders import releases
from tests.builders.screens import Browser
from tests.tables import rights
from tests.tables.screens import SCREENS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module", params=releases.RELEASES)
def release(request, tmp_path_factory) -> Iterator[tuple[releases.Dump, Config]]:
    """A migrated database of a release, in a folder with the key and the anchors of its audit log."""
    folder = tmp_path_factory.mktemp("release")
    dump = releases.read(request.param)
    (folder / "audit.key").write_text(dump.audit_key, encoding="ascii")
    (folder / "anchors.jsonl").write_text(dump.anchors, encoding="ascii")
    instant = folder / "instant"
    instant.write_text(dump.now, encoding="utf-8")
    server = embedded.start(folder)
    with MongoClient(server.owner_uri) as owner:
        releases.load(dump, owner, embedded.STEM)
    database.connect(server.uri)
    assert (
        schema.problem() == f"数据库结构为第 0 版，程序需要第 {schema.newest()} 版：请执行 {schema.COMMAND}"
    )
    schema.init_db(server.owner_uri)
    environ = {"VAR_DIR": str(folder), "CLOCK_FILE": str(instant)}
    yield dump, Config.from_environment(environ)
    server.stop()
    app_clock.configure(None)


@pytest.fixture(scope="module")
def app(release):
    rules.use("yunfu")
    return create_app(release[1])


def test_there_are_dumps_and_they_are_small():
    files = list(releases.FOLDER.glob("*.gz"))
    assert len(files) >= 2
    assert [file.name for file in files if file.stat().st_size > 400_000] == []


@pytest.mark.parametrize("role", rights.ROLES)
def test_every_list_and_record_opens(app, role):
    browser = Browser(app, User.objects.get(username=role.replace("_", "-") + "1"))
    User.objects.update(password_changed_at=app_clock.now(), must_change_password=False)
    wrong = [url for url in ("/", "/admin/") if browser.get(url).status_code != 200]
    for name in SCREENS:
        answer = browser.get(f"/admin/{name}/?year=all")
        if answer.status_code != (200 if rights.may(role, "R", name) else 403):
            wrong.append(f"{name}: {answer.status_code}")
    for name, screen in SCREENS.items():
        for record in screen.model.objects if rights.may(role, "R", name) else ():
            wrong += _wrong_pages(browser, name, record)
    assert not wrong, "\n".join(wrong)


def _wrong_pages(browser: Browser, name: str, record: Document) -> Iterator[str]:
    for page in ("details", "edit"):
        url = f"/admin/{name}/{page}/?id={record.pk}"
        status = browser.get(url).status_code
        if status not in (200, 302, 403, 404):  # 404: not in this role's scope
            yield f"{url}: {status}"


@pytest.mark.parametrize("role", ["city", "auditor", "admin"])
def test_whoever_sees_all_opens_every_record(app, role):
    """The pages above may hide a record; here none may be missing."""
    browser = Browser(app, User.objects.get(username=f"{role}1"))
    for name, screen in SCREENS.items():
        if rights.may(role, "R", name) and name not in ("wording", "standard", "proposal"):
            for record in screen.model.objects:
                answer = browser.get(f"/admin/{name}/details/?id={record.pk}", follow_redirects=True)
                assert answer.status_code == 200, (name, record)


def test_every_stored_row_is_read_by_its_class(app):
    for document in database.documents():
        for record in document.objects:
            assert record.pk


def test_labels_and_dropped_fields(release, app):
    main = database.client()[embedded.STEM]
    assert main.engagements.count_documents({"credit_code": {"$exists": True}})
    for collection in ("evaluations", "engagements", "objections", "listings", "annual_reports"):
        assert main[collection].count_documents({"unit_id": {"$ne": None}, "credit_code": None}) == 0
    assert main.evaluations.count_documents({"terms": {"$exists": True}}) == 0
    assert main.decisions.count_documents({"resource": None}) == 0


def test_data_and_audit_are_sound(release, app):
    _, config = release
    assert [problem for check in integrity.run_checks() for problem in check.problems] == []
    with open_ledger(config.uri("sealer"), key=config.audit_key, anchors=config.audit_anchors) as ledger:
        assert ledger.entries.estimated_document_count() > 100
        assert ledger.verify() == []


def test_the_commands_say_the_same(app):
    runner = app.test_cli_runner()
    for arguments, words in (
        (["check", "data"], "数据自洽。"),
        (["audit", "verify"], "审计日志完好。"),
        (["migrate"], f"数据库结构已是第 {schema.newest()} 版，无须升级。"),
    ):
        ran = runner.invoke(args=arguments)
        assert (ran.exit_code, ran.output.splitlines()[-1]) == (0, words)
