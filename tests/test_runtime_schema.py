"""Migrations run once, in order, under a lease, and again where they were cut off; another version is refused."""

import threading
import time
from types import SimpleNamespace

import pytest

import jobs.__main__
import wsgi
from app.config import Config
from app.factory import create_app
from models import database, schema


@pytest.fixture
def records(db, owner):
    """The record of migrations, as it was afterwards."""
    rows = owner["greenladder"][schema.COLLECTION]
    before = list(rows.find())
    yield rows
    rows.delete_many({})
    rows.insert_many(before)


@pytest.fixture
def app(db):
    return create_app(Config.from_environment({"VAR_DIR": str(db.var_dir)}))


def counting(log, *, stops_at=0, pause=0.0):
    """A migration that counts up a row, a batch at a time, from where it stands."""

    def up(databases):
        rows = databases["default"].test_steps
        while (value := (rows.find_one({"_id": 1}) or {"value": 0})["value"]) < 5:
            if value and value == stops_at and log.count("cut") == 0:
                log.append("cut")
                raise KeyboardInterrupt
            rows.update_one({"_id": 1}, {"$set": {"value": value + 1}}, upsert=True)
            log.append(value + 1)
            time.sleep(pause)
            yield 1

    return SimpleNamespace(LABEL="数到五", up=up)


@pytest.fixture
def appended(monkeypatch, records, owner):
    """Appends a migration to those there are."""
    owner["greenladder"].test_steps.delete_many({})

    def append(migration):
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, migration))

    yield append
    owner["greenladder"].test_steps.drop()


def test_every_step_is_recorded_with_its_time(records):
    rows = {row["_id"]: row for row in records.find({"_id": {"$type": "number"}})}
    assert sorted(rows) == list(range(1, schema.newest() + 1))
    for number, row in rows.items():
        assert row["label"] == schema.MIGRATIONS[number - 1].LABEL
        assert row["started"] <= row["finished"]
    assert schema.problem() == ""


def test_an_outstanding_step_runs_once_and_says_what_it_changed(db, appended):
    log, said = [], []
    appended(counting(log))
    assert schema.init_db(db.owner_uri, said.append) == [schema.newest()]
    assert said == [f"第 {schema.newest()} 步　数到五：改动 5 条。"]
    assert schema.init_db(db.owner_uri, said.append) == []
    assert log == [1, 2, 3, 4, 5]


def test_a_step_that_was_cut_off_goes_on_where_it_stood(db, appended, records):
    log = []
    appended(counting(log, stops_at=3))
    with pytest.raises(KeyboardInterrupt):
        schema.init_db(db.owner_uri)
    assert "请执行" in schema.problem()
    schema.init_db(db.owner_uri)
    assert log == [1, 2, 3, "cut", 4, 5]
    assert schema.problem() == ""
    assert records.find_one({"_id": schema.LEASE}) is None


def test_two_at_once_do_nothing_twice(db, appended):
    log, ran = [], []
    appended(counting(log, pause=0.05))
    threads = [threading.Thread(target=lambda: ran.extend(schema.init_db())) for _ in range(4)]
    database.connect(db.owner_uri)  # the same connection for all: aliases are the process's own
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ran == [schema.newest()]
    assert log == [1, 2, 3, 4, 5]


def test_the_lease_of_a_killed_process_lapses_by_the_servers_clock(db, records):
    records.update_one(
        {"_id": schema.LEASE},
        [{"$set": {"holder": "dead", "until": {"$add": ["$$NOW", 1_500]}}}],
        upsert=True,
    )
    began = time.monotonic()
    schema.init_db(db.owner_uri)
    assert 1 < time.monotonic() - began < 30


def test_an_older_and_a_newer_database_are_refused_in_words(records):
    records.delete_one({"_id": schema.newest()})
    older = schema.newest() - 1
    assert schema.problem() == (
        f"数据库结构为第 {older} 版，程序需要第 {schema.newest()} 版：请执行 flask --app wsgi migrate"
    )
    records.insert_many(
        [{"_id": number, "finished": True} for number in (schema.newest(), schema.newest() + 3)]
    )
    assert schema.problem().startswith(f"数据库结构为第 {schema.newest() + 3} 版，程序只认到第")
    with pytest.raises(database.DatabaseRefused, match="请使用新版程序"):
        schema.check()


@pytest.fixture
def older(records):
    records.delete_one({"_id": schema.newest()})


def test_the_web_process_refuses_an_older_database(app, older):
    with pytest.raises(SystemExit, match=f"没有启动。数据库结构为第 .* 版，程序需要第 {schema.newest()} 版"):
        wsgi._check_server(app.config["SETTINGS"])


def test_the_scheduler_refuses_an_older_database(db, older, monkeypatch, capsys):
    monkeypatch.setenv("VAR_DIR", str(db.var_dir))
    monkeypatch.setattr(jobs.__main__.signal, "signal", lambda *_: None)
    assert jobs.__main__.main() == 1
    assert "请执行 flask --app wsgi migrate" in capsys.readouterr().err


def test_readiness_names_the_reason(app, records):
    client = app.test_client()
    assert client.get("/readyz").json["schema"] == schema.newest()
    records.delete_one({"_id": schema.newest()})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "请执行 flask --app wsgi migrate" in answer.json["schema"]


def test_the_command_migrates_and_refuses_a_newer_database(app, records, older):
    runner = app.test_cli_runner()
    ran = runner.invoke(args=["migrate"])
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (0, f"数据库结构已升级到第 {schema.newest()} 版。")
    assert runner.invoke(args=["migrate"]).output.endswith("版，无须升级。\n")
    records.insert_one({"_id": schema.newest() + 1, "label": "以后的一步", "finished": True})
    refused = runner.invoke(args=["migrate"])
    assert refused.exit_code == 1
    assert "请使用新版程序" in refused.output
