"""`flask check data` finds every spoilt promise, and calls sound data sound."""

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId

from app.config import Config
from app.factory import create_app
from app.policy.terms import Role
from app.services.audit import integrity
from app.services.core import rules
from models import schema
from tests.builders import cases


@pytest.fixture
def listed(db):
    rules.use("yunfu")
    return cases.listed()


@pytest.fixture
def tables(owner):
    """The collections, for whoever may spoil them."""
    return owner["greenladder"], owner["greenladder_audit"]


def problems() -> dict[str, tuple[str, ...]]:
    return {one.label: one.problems for one in integrity.run_checks() if one.problems}


def test_sound_data_are_called_sound(listed):
    assert problems() == {}
    assert all(one.looked_at for one in integrity.run_checks())


def another_number(main: Any) -> None:
    number = main.numbers.find_one()
    main.numbers.insert_one(
        number | {"_id": ObjectId(), "number": 9, "text": "云工信〔2026〕9号", "paper_id": ObjectId()}
    )


# fmt: off
SPOILT: dict[str, tuple[str, Callable[[Any, Any], object]]] = {
    "a stage set by hand": ("环节与办理记录一致",
        lambda main, _: main.applications.update_one({}, {"$set": {"stage": "cultivated"}})),
    "a trail with a hole": ("环节与办理记录一致",
        lambda main, _: main.applications.update_one({}, {"$pull": {"trail": {"action": "confirm"}}})),
    "a step without its audit row": ("每次办理都有审计记录",
        lambda _, log: log.entries.delete_one({"verb": "列入名单", "subject_type": "Application"})),
    "a number without a paper": ("文号与公文一一对应",
        lambda main, _: main.numbers.update_one({}, {"$set": {"paper_id": ObjectId()}})),
    "a used number that is void": ("文号与公文一一对应",
        lambda main, _: main.numbers.update_one({}, {"$set": {"state": "void", "reason": "误"}})),
    "a void number without a reason": ("文号与公文一一对应",
        lambda main, _: main.numbers.update_one({}, {"$set": {"state": "void"}, "$unset": {"reason": 1}})),
    "another number on the paper": ("文号与公文一一对应",
        lambda main, _: main.papers.update_one({"number": 1}, {"$set": {"number_text": "云工信〔2026〕8号"}})),
    "a gap in the register": ("文号连续、不重",
        lambda main, _: another_number(main)),
    "another digest on the paper": ("已印发公文与校验值一致",
        lambda main, _: main.papers.update_one({"state": "issued"}, {"$set": {"sha256": "0" * 64}})),
    "changed bytes of a paper": ("已印发公文与校验值一致",
        lambda main, _: _spoil_bytes(main, "paper")),
    "changed bytes of a report": ("存档文件有所属记录且内容完整",
        lambda main, _: _spoil_bytes(main, "evaluation")),
    "a file whose owner is gone": ("存档文件有所属记录且内容完整",
        lambda main, _: main.evaluations.delete_many({})),
    "a file of an unknown owner": ("存档文件有所属记录且内容完整",
        lambda main, _: main.attachments.update_one({}, {"$set": {"resource": "nothing"}})),
    "an entry that rests on a revoked paper": ("在册和公示所依据的公文有效",
        lambda main, _: main.papers.update_one({"kind": "listing_announcement"}, {"$set": {"state": "revoked"}})),
    "a notice whose paper is revoked": ("在册和公示所依据的公文有效",
        lambda main, _: main.papers.update_one({"kind": "public_notice"}, {"$set": {"state": "revoked"}})),
    "a case on a notice that is revoked": ("在册和公示所依据的公文有效",
        lambda main, _: main.public_notices.update_one({}, {"$set": {"revoked_on": cases.JUNE}})),
    "a decision with an open line": ("审批单办结完整",
        lambda main, _: main.decisions.update_one({"state": "done"}, {"$set": {"lines.0.result": ""}})),
    "a case that waits for nothing": ("审批单办结完整",
        lambda main, _: main.applications.update_one({}, {"$set": {"decision_id": ObjectId()}})),
}
# fmt: on


def _spoil_bytes(main: Any, resource: str) -> None:
    attachment = main.attachments.find_one({"resource": resource})
    main["files.chunks"].update_one({"files_id": attachment["content_id"]}, {"$set": {"data": b"spoilt"}})


@pytest.mark.parametrize("label, spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_promise_is_found(listed, tables, label, spoil):
    spoil(*tables)
    assert label in problems()


def test_two_entries_in_force_are_found(listed, tables, db):
    main, _ = tables
    unique = [name for name, index in main.listings.index_information().items() if index.get("unique")]
    main.listings.drop_index(unique[0])
    main.listings.insert_one(main.listings.find_one() | {"_id": ObjectId()})
    try:
        assert "在册名单不重复" in problems()
    finally:
        main.listings.delete_many({})
        schema.init_db(db.owner_uri)


@pytest.fixture
def run(db):
    app = create_app(Config.from_environment({"VAR_DIR": str(db.var_dir)}))
    return lambda *arguments: app.test_cli_runner().invoke(args=arguments)


def test_the_command_prints_a_summary(listed, run):
    ran = run("check", "data")
    assert ran.exit_code == 0
    assert ran.output.count("通过") == len(integrity.CHECKS)
    assert "数据自洽。" in ran.output


def test_the_command_names_what_is_wrong_and_exits_with_one(listed, tables, run):
    tables[0].applications.update_one({}, {"$set": {"stage": "cultivated"}})
    ran = run("check", "data")
    assert ran.exit_code == 1
    assert "有误　环节与办理记录一致" in ran.output
    assert listed.unit_name in ran.output


def test_a_database_with_accounts_gets_no_demo_data(db, run):
    cases.account("somebody", Role.CITY)
    ran = run("demo")
    assert ran.exit_code == 1
    assert "数据库中已有账号" in ran.output


def test_the_database_is_made_ready_again_where_it_is_embedded(run):
    ran = run("init-db")
    assert (ran.exit_code, ran.output) == (0, "数据库已就绪。\n")


def test_who_may_not_make_indexes_is_told_whose_account_it_takes(db):
    app = create_app(Config(mongodb_uri=db.uri, secret_key="k" * 64))
    ran = app.test_cli_runner().invoke(args=["init-db"])
    assert ran.exit_code == 1
    assert "数据库管理员" in ran.output
