"""The log's seal: every way to change the past is found, and an honest log is not accused."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.config import Config
from app.policy.access import Actor
from app.services.audit.sealing import Ledger
from app.services.core import audit
from app.services.core.by import By
from jobs.audit import seal_audit_log
from models.audit import AuditEntry
from models.database import transact
from tests.builders.accounts import now  # noqa: F401

KEY = "audit-key-" * 4
CLERK = Actor.system("test")


@dataclass
class Log:
    """A sealed log, the database behind it, and where its anchors lie."""

    ledger: Ledger
    entries: Any
    seals: Any
    now: Any

    def write(self, count, age=timedelta(0)):
        for n in range(count):
            made = transact(lambda n=n: audit.record("edit", by=By(CLERK, self.now), reason=f"第 {n} 件"))
            if age:
                self._backdate(made.pk, age)

    def _backdate(self, key, age):
        row = self.entries.find_one_and_delete({"_id": key})
        row["_id"] = older(key, age)
        self.entries.insert_one(row)

    def seal(self):
        sealed = self.ledger.seal()
        self.ledger.anchor(self.now)
        return sealed

    @property
    def kinds(self):
        return [finding.kind for finding in self.ledger.verify()]

    def row(self, seq):
        return self.seals.find_one({"_id": seq})["entry"]


def older(key, age):
    return ObjectId(ObjectId.from_datetime(key.generation_time - age).binary[:4] + key.binary[4:])


@pytest.fixture
def log(now, owner, tmp_path):  # noqa: F811
    database = owner["greenladder_audit"]
    log = Log(
        Ledger(database, key=KEY, anchors=tmp_path / "anchors.jsonl"), database.entries, database.seals, now
    )
    log.write(6, age=timedelta(hours=1))
    log.write(4)
    assert log.seal() == 10
    assert log.kinds == []
    return log


def test_an_honest_log_grows_and_stays_whole(log):
    log.write(3)
    assert log.kinds == []  # what waits for the sealer is no forgery
    assert log.seal() == 3
    assert log.seal() == 0
    assert log.kinds == []
    assert len(log.ledger.anchors.read_text().splitlines()) == 2
    assert log.ledger.anchors.stat().st_mode & 0o777 == 0o600


def test_a_row_shown_late_by_its_transaction_is_sealed_behind_its_successors(log):
    log.write(1, age=timedelta(minutes=2))
    assert log.seal() == 1
    assert log.kinds == []


@pytest.mark.parametrize("field, value", [("reason", "改"), ("who", "other"), ("at", None), ("extra", 1)])
def test_an_edit_is_found(field, value, log):
    log.entries.update_one({"_id": log.row(3)}, {"$set": {field: value}})
    assert log.kinds == ["edited"]


def test_a_field_taken_away_is_found(log):
    log.entries.update_one({"_id": log.row(3)}, {"$unset": {"reason": ""}})
    assert log.kinds == ["edited"]


def test_a_deletion_is_found(log):
    log.entries.delete_one({"_id": log.row(3)})
    assert log.kinds == ["deleted"]


def test_a_deletion_with_its_link_is_found(log):
    key = log.row(3)
    log.entries.delete_one({"_id": key})
    log.seals.delete_one({"_id": 3})
    assert log.kinds == ["chain"]


def test_an_insertion_into_the_past_is_found(log):
    row = log.entries.find_one({"_id": log.row(2)})
    forged = older(log.row(2), timedelta(hours=3))
    log.entries.insert_one({**row, "_id": forged, "reason": "伪造"})
    log.seal()
    assert log.kinds == ["inserted"]
    assert log.ledger.verify()[0].subject == str(forged)


def test_a_swap_of_contents_is_found(log):
    first, second = (log.entries.find_one({"_id": log.row(n)}) for n in (2, 5))
    log.entries.replace_one({"_id": first["_id"]}, {**second, "_id": first["_id"]})
    log.entries.replace_one({"_id": second["_id"]}, {**first, "_id": second["_id"]})
    assert log.kinds == ["swapped", "swapped"]


def test_a_swap_with_its_links_is_found(log):
    first, second = (log.seals.find_one({"_id": n}) for n in (2, 5))
    log.seals.delete_many({"_id": {"$in": [2, 5]}})
    log.seals.insert_many([{**first, "_id": 5}, {**second, "_id": 2}])
    assert "chain" in log.kinds


def forge(log, key):
    """Seal the rows that are left anew, with this key, from the beginning."""
    log.seals.delete_many({})
    Ledger(log.entries.database, key=key, anchors=log.ledger.anchors).seal()


def test_chaining_again_with_another_key_is_found(log):
    log.entries.update_one({"_id": log.row(3)}, {"$set": {"reason": "改"}})
    forge(log, "another-key" * 4)
    assert {"edited", "chain"} <= set(log.kinds)


def test_chaining_again_with_the_stolen_key_is_found_by_the_anchors(log):
    log.entries.update_one({"_id": log.row(3)}, {"$set": {"reason": "改"}})
    forge(log, KEY)
    assert log.kinds == ["chain"]


def test_a_truncated_log_is_found(log):
    for n in (9, 10):
        log.entries.delete_one({"_id": log.row(n)})
    log.seals.delete_many({"_id": {"$gt": 8}})
    assert log.kinds == ["truncated"]


def test_an_emptied_log_is_found(log):
    log.entries.delete_many({})
    log.seals.delete_many({})
    assert log.kinds == ["truncated"]


def test_an_old_backup_is_found_before_and_after_work_goes_on(log):
    backup = list(log.entries.find()), list(log.seals.find())
    log.write(3)
    log.seal()
    log.entries.delete_many({})
    log.seals.delete_many({})
    log.entries.insert_many(backup[0])
    log.seals.insert_many(backup[1])
    assert log.kinds == ["truncated"]
    log.write(5)
    log.seal()
    assert log.kinds == ["chain"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[0].replace('"seq": 10', '"seq": 9'), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: ["{", *lines[1:]],
        lambda lines: ["\ufffd", *lines[1:]],
    ],
    ids=["edited", "line missing", "cut", "garbage"],
)
def test_a_spoilt_anchor_is_found(spoil, log):
    log.write(2)
    log.seal()
    lines = log.ledger.anchors.read_text().splitlines()
    assert json.loads(lines[0])["seq"] == 10
    log.ledger.anchors.write_text("\n".join(spoil(lines)), encoding="utf-8")
    assert "anchor" in log.kinds


def test_an_anchor_from_another_key_is_found(log):
    stranger = Ledger(log.entries.database, key="x" * 32, anchors=log.ledger.anchors)
    assert "anchor" in [finding.kind for finding in stranger.verify()]


def test_each_finding_says_in_words_where(log):
    log.entries.delete_one({"_id": log.row(3)})
    finding = log.ledger.verify()[0]
    assert finding.message == "第 3 号审计记录已被删除"


def test_many_rows_and_batches(log, monkeypatch):
    monkeypatch.setattr("app.services.audit.sealing.BATCH_SIZE", 3)
    log.write(8)
    assert log.seal() == 8
    assert log.kinds == []
    log.entries.delete_one({"_id": log.row(12)})
    assert log.kinds == ["deleted"]


def test_the_job_seals_with_its_own_database_user(log, mongod, tmp_path, monkeypatch):
    anchors = tmp_path / "elsewhere" / "anchors.jsonl"
    monkeypatch.setenv("VAR_DIR", str(mongod.var_dir))
    monkeypatch.setenv("AUDIT_ANCHORS", str(anchors))
    log.write(2)
    seal_audit_log(log.now, Config.from_environment())
    assert log.seals.count_documents({}) == 12
    assert json.loads(anchors.read_text())["seq"] == 12


def test_rows_are_those_that_the_application_wrote(log):
    assert AuditEntry.objects.count() == 10
