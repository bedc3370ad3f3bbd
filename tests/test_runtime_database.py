"""Transactions through MongoEngine: all or nothing, nothing lost, retried, and the audit is append-only."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from mongoengine import Document, IntField, NotUniqueError, OperationError, StringField
from mongoengine.connection import get_connection, get_db
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from app import clock as app_clock
from app import embedded
from app.config import uri_file
from models import database, schema
from models.audit import AuditEntry
from models.database import NotSaved, in_transaction, transact

NINE = datetime(2026, 4, 1, 9, tzinfo=app_clock.SHANGHAI)


class Counter(Document):
    """Something to count with."""

    name = StringField(required=True)
    value = IntField(default=0)
    other = IntField(default=0)
    meta = {
        "collection": "test_counters",
        "auto_create_index": False,
        "indexes": [{"fields": ["name"], "unique": True}],
    }


def test_all_or_nothing_across_the_three_databases(db):
    def work() -> None:
        Counter(name="a").save()
        AuditEntry(verb="try", at=NINE).save()
        raise LookupError("no")

    with pytest.raises(LookupError):
        transact(work)
    assert Counter.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_a_nested_call_joins_the_outer_one(db):
    def outer() -> None:
        transact(lambda: Counter(name="inner").save())
        assert in_transaction()
        raise LookupError("no")

    with pytest.raises(LookupError):
        transact(outer)
    assert not in_transaction()
    assert Counter.objects.count() == 0


def test_nothing_is_lost_when_eight_threads_update_the_same_rows(db):
    """Read, add one, save: 160 transactions over two rows; without retry labels unwrapped most would fail."""
    for name in "ab":
        Counter(name=name).save()

    def add() -> None:
        for name in "ab":
            counter = Counter.objects.get(name=name)
            counter.value += 1
            counter.save()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: transact(add), range(160)))
    assert {counter.value for counter in Counter.objects} == {160}


def test_a_document_made_outside_is_written_whole_by_the_second_run(db):
    """save() forgets what it saved; a retry that then writes nothing, or half a row, would be silent loss."""
    new = Counter(name="new", value=7, other=9)
    old = Counter(name="old", value=1, other=2).save()
    runs = []

    def work() -> None:
        runs.append(1)
        new.save()
        old.value = 5
        old.save()
        if len(runs) == 1:
            conflict()

    transact(work)
    assert len(runs) == 2
    assert Counter.objects.get(name="new").to_mongo().to_dict() == new.to_mongo().to_dict()
    assert Counter.objects.get(name="old").value == 5


def conflict() -> None:
    """Fail as the server does at a write conflict, wrapped as MongoEngine wraps it."""
    Counter.objects(name="old").update(inc__other=1)
    try:
        raise OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]})
    except OperationFailure as error:
        raise OperationError(f"Could not save document ({error})")  # noqa: B904 - as MongoEngine does


def test_a_real_conflict_wrapped_by_mongoengine_is_retried(db):
    Counter(name="hot").save()
    entered, written, runs = threading.Event(), threading.Event(), []

    def work() -> None:
        runs.append(1)
        counter = Counter.objects.get(name="hot")
        if len(runs) == 1:
            entered.set()
            assert written.wait(10)
        counter.value += 1
        counter.save()

    def other() -> None:
        assert entered.wait(10)
        Counter.objects(name="hot").update(inc__value=10)
        written.set()

    thread = threading.Thread(target=other)
    thread.start()
    transact(work)
    thread.join()
    assert len(runs) == 2
    assert Counter.objects.get(name="hot").value == 11


def test_it_gives_up_in_words_when_conflicts_do_not_end(db, monkeypatch):
    monkeypatch.setattr(database, "RETRY_SECONDS", 0.2)
    Counter(name="old").save()
    with pytest.raises(NotSaved, match="未保存"):
        transact(conflict)
    assert Counter.objects.get(name="old").other == 0


def test_a_unique_key_is_reported_and_undoes_the_rest(db):
    Counter(name="taken").save()

    def work() -> None:
        Counter(name="free").save()
        Counter(name="taken").save()

    with pytest.raises(NotUniqueError):
        transact(work)
    assert [counter.name for counter in Counter.objects] == ["taken"]


def test_times_come_back_aware_in_shanghai(db):
    AuditEntry(verb="try", at=NINE).save()
    assert AuditEntry.objects.get().at.isoformat() == "2026-04-01T09:00:00+08:00"


@pytest.mark.parametrize(
    "attack",
    [
        lambda entries: entries.update_one({}, {"$set": {"verb": "other"}}),
        lambda entries: entries.delete_many({}),
        lambda entries: entries.drop(),
        lambda entries: entries.create_index("at", expireAfterSeconds=1),
        lambda entries: entries.aggregate([{"$out": "entries"}]),
    ],
    ids=["update", "delete", "drop", "expiring index", "overwrite"],
)
def test_the_application_can_only_add_to_the_audit_and_read_it(db, attack):
    AuditEntry(verb="kept", at=NINE).save()
    with pytest.raises(OperationFailure, match="not authorized"):
        attack(AuditEntry._get_collection())
    assert [entry.verb for entry in AuditEntry.objects] == ["kept"]


def test_majority_is_the_servers_default_and_start_checks_it(db, owner):
    default = owner.admin.command("getDefaultRWConcern")["defaultWriteConcern"]
    assert (default["w"], default["wtimeout"]) == ("majority", 10_000)
    database.check_server(production=False)
    owner.admin.command("setDefaultRWConcern", defaultWriteConcern={"w": 1})
    try:
        with pytest.raises(database.DatabaseRefused, match="多数节点"):
            database.check_server(production=False)
    finally:
        schema.init_db(db.owner_uri)
    database.check_server(production=False)


def test_the_embedded_server_is_too_old_for_production(db):
    with pytest.raises(database.DatabaseRefused, match=r"6\.0\.5.*6\.0\.30"):
        database.check_server(production=True)


def test_the_path_of_the_uri_is_the_stem_of_three_databases(db):
    names = [get_db(alias).name for alias in database.ALIASES]
    assert names == ["greenladder", "greenladder_tips", "greenladder_audit"]
    assert len({id(get_connection(alias)) for alias in database.ALIASES}) == 1


def test_every_document_leaves_its_indexes_to_init_db(db):
    making = [doc.__name__ for doc in database.documents() if doc._meta.get("auto_create_index", True)]
    assert not making


def test_every_declared_index_exists_after_init(db):
    for document in database.documents():
        existing = document._get_collection().index_information()
        declared = document._meta["index_specs"]
        keys = [tuple(index["key"]) for index in existing.values()]
        for spec in declared:
            assert any(key[-len(spec["fields"]) :] == tuple(spec["fields"]) for key in keys), (document, spec)


def test_the_other_users_have_their_own_rights(db, mongod):
    with MongoClient(uri_file(mongod.var_dir, "sealer").read_text()) as sealer:
        sealer[f"{embedded.STEM}_audit"].seals.insert_one({"_id": -1})
        with pytest.raises(OperationFailure, match="not authorized"):
            sealer[embedded.STEM].users.find_one()
