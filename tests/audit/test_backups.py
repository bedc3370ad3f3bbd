"""Backup and restore: everything or nothing, at one instant, and no damaged one is taken for a good one."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bson import ObjectId
from pymongo import MongoClient

from app.config import Config
from app.factory import create_app
from app.policy.access import Actor
from app.services.audit import backup_files, backup_manifest, backup_writing, backups, integrity, restoring
from app.services.audit.backup_manifest import MANIFEST, BackupRefused
from app.services.audit.sealing import Ledger
from app.services.core.by import By
from jobs import runs
from models import database, schema
from models.audit import AuditEntry, Backup
from models.registry.units import Unit
from tests.builders.tree import ROOT
from tests.builders.world import NOW

KEY = b"a key of the tests, longer than thirty-two characters"
OTHER = b"another key of the tests, longer than thirty-two characters"
STEM = "restored"


def into(owner_uri: str) -> str:
    return owner_uri.replace("/greenladder?", f"/{STEM}?")


def hashes(owner: MongoClient, stem: str) -> dict[str, str]:
    """Digests of every collection of the three databases."""
    return {
        f"{suffix}.{name}": digest
        for suffix in database.ALIASES.values()
        for name, digest in owner[stem + suffix].command("dbHash")["collections"].items()
        if name not in backup_writing.EPHEMERAL
    }


def indexes(owner: MongoClient, stem: str) -> dict[str, object]:
    return {
        f"{suffix}.{name}": {
            index: {key: value for key, value in facts.items() if key != "ns"}
            for index, facts in owner[stem + suffix][name].index_information().items()
        }
        for suffix, name in backup_writing.stored_collections(owner, stem)
        if name not in backup_writing.EPHEMERAL
    }


@pytest.fixture
def target(mongod, owner):
    """The URI of an empty place on the same server."""
    yield into(mongod.owner_uri)
    for suffix in database.ALIASES.values():
        owner.drop_database(STEM + suffix)
    database.connect(mongod.uri)


@pytest.fixture
def own_config(world, mongod) -> Config:
    return Config.from_environment({"VAR_DIR": str(mongod.var_dir), "BACKUP_DIR": "/nowhere"})


@pytest.fixture
def sealed(own_config, owner, tmp_path):
    """The log of the world, sealed with this folder's key."""
    owner.greenladder_audit.seals.delete_many({})
    own_config.audit_anchors.unlink(missing_ok=True)
    ledger = Ledger(owner.greenladder_audit, key=own_config.audit_key, anchors=own_config.audit_anchors)
    assert ledger.seal() > 100
    ledger.anchor(NOW)


def write(mongod, folder, master=None, **facts):
    return backup_writing.write_backup(mongod.owner_uri, folder, master=master, facts=facts, now=NOW)


def nothing_in(owner) -> bool:
    return not any(
        owner[STEM + suffix][name].find_one()
        for suffix, name in backup_writing.stored_collections(owner, STEM)
        if name != schema.COLLECTION
    )


# --- round trip -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("master", [None, KEY], ids=["plain", "encrypted"])
def test_every_collection_comes_back_as_it_was(mongod, owner, world, target, tmp_path, master):
    before, shapes = hashes(owner, "greenladder"), indexes(owner, "greenladder")
    manifest = write(mongod, tmp_path, master)
    assert manifest.rows > 500
    restoring.load_backup(manifest.folder, target, master=master)
    database.connect(target)
    assert schema.problem() == ""
    assert schema.init_db() == []
    after = hashes(owner, STEM)
    assert {name: digest for name, digest in after.items() if name in before} == before
    assert indexes(owner, STEM).items() >= shapes.items()
    assert [problem for check in integrity.run_checks() for problem in check.problems] == []
    plain = b"".join(file.read_bytes() for file in manifest.folder.glob("*.bson.gz*"))
    assert (plain[:2] == b"\x1f\x8b") is (master is None)


def test_a_backup_shows_one_instant(mongod, owner, world, target, tmp_path, monkeypatch):
    """A row that is written while the backup runs is in it nowhere, however late its collection is read."""
    finish, late = backup_files.RowsFile.finish, ObjectId()

    def finish_and_disturb(self):
        owner.greenladder.units.update_one({}, {"$set": {"disturbed": True}})
        owner.greenladder_audit.entries.replace_one({"_id": late}, {"verb": "late"}, upsert=True)
        return finish(self)

    monkeypatch.setattr(backup_files.RowsFile, "finish", finish_and_disturb)
    before = hashes(owner, "greenladder")
    try:
        manifest = write(mongod, tmp_path)
        monkeypatch.undo()
        restoring.load_backup(manifest.folder, target, master=None)
        assert hashes(owner, "greenladder") != before
        assert hashes(owner, STEM) == before
    finally:
        owner.greenladder.units.update_many({}, {"$unset": {"disturbed": ""}})
        owner.greenladder_audit.entries.delete_one({"_id": late})


def test_sessions_are_not_taken_along(mongod, owner, world, tmp_path):
    owner.greenladder.sessions.insert_one({"_id": "somebody"})
    manifest = write(mongod, tmp_path)
    assert not backup_writing.EPHEMERAL & {each["collection"] for each in manifest.collections}


# --- damage ---------------------------------------------------------------------------------------------


def flip(path: Path, place: int = -20) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def alter(folder: Path, **values) -> None:
    """Change entries of the manifest and leave its seal."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(manifest | values), "utf-8")


def reseal(folder: Path, **values) -> None:
    """Change entries of a plain manifest as a newer program would have written them."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest.pop("seal")
    backup_manifest.write(folder, manifest | values, None)


UNITS = "greenladder.units.bson.gz"
DAMAGES = {
    "a changed bit": (lambda f: flip(f / UNITS), "备份损坏.*units"),
    "a shortened file": (lambda f: (f / UNITS).write_bytes((f / UNITS).read_bytes()[:-9]), "备份损坏.*units"),
    "a missing file": (lambda f: (f / UNITS).unlink(), "备份不完整：缺少.*units"),
    "exchanged files": (
        lambda f: (f / UNITS).write_bytes((f / "greenladder.papers.bson.gz").read_bytes()),
        "备份损坏",
    ),
    "a changed manifest": (lambda f: alter(f, stem="other"), "备份损坏.*被改动"),
    "a collection left out": (lambda f: alter(f, collections=[]), "备份损坏.*被改动"),
    "no manifest": (lambda f: (f / MANIFEST).unlink(), "不是一份完整的备份"),
    "an empty manifest": (lambda f: (f / MANIFEST).write_text(""), "备份损坏：读不出"),
    "a manifest of something else": (lambda f: (f / MANIFEST).write_text("[1]"), "备份损坏：读不出"),
    "another format": (lambda f: reseal(f, format=99), "不认识的备份格式 99"),
    "a newer schema": (lambda f: reseal(f, schema=schema.newest() + 1), "请使用新版程序"),
}


@pytest.mark.parametrize("spoil, words", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    mongod, owner, world, target, tmp_path, spoil, words
):
    folder = write(mongod, tmp_path).folder
    spoil(folder)
    with pytest.raises(BackupRefused, match=words):
        restoring.load_backup(folder, target, master=None)
    assert nothing_in(owner)


@pytest.mark.parametrize("key, words", [(None, "备份已加密"), (OTHER, "密钥不符")], ids=["none", "another"])
def test_an_encrypted_backup_asks_for_its_key(mongod, owner, world, target, tmp_path, key, words):
    folder = write(mongod, tmp_path, KEY).folder
    with pytest.raises(BackupRefused, match=words):
        restoring.load_backup(folder, target, master=key)
    assert nothing_in(owner)


def test_the_manifest_of_an_encrypted_backup_cannot_be_rewritten(mongod, world, target, tmp_path):
    folder = write(mongod, tmp_path, KEY).folder
    alter(folder, schema=1)
    with pytest.raises(BackupRefused, match="被改动"):
        restoring.load_backup(folder, target, master=KEY)


@pytest.fixture
def encrypted(tmp_path):
    """A file of several chunks, and what is in it."""
    content = ObjectId().binary * 300_000
    target = backup_files.DigestedFile(tmp_path / "chunks")
    layer = backup_files.Encrypting(target, KEY[:32])
    layer.write(content)
    layer.finish()
    target.finish()
    return tmp_path / "chunks", content


def chunks(content: bytes) -> list[bytes]:
    found, place = [], 0
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big") + 4
        found.append(content[place : place + length])
        place += length
    return found


def decrypted(path: Path, key: bytes = KEY[:32]) -> bytes:
    with path.open("rb") as file:
        return backup_files.Decrypting(file, key).readall()


def test_chunks_come_back_and_none_may_be_moved_or_left_out(encrypted):
    path, content = encrypted
    assert decrypted(path) == content
    whole = chunks(path.read_bytes())
    assert len(whole) >= 3
    for spoilt in (
        [whole[1], whole[0], *whole[2:]],
        whole[1:],
        whole[:-1],
        [*whole[:-2], whole[-1]],
        [whole[0], *whole],
    ):
        path.write_bytes(b"".join(spoilt))
        with pytest.raises(backup_files.Damaged):
            decrypted(path)


def test_the_target_must_be_empty(mongod, owner, world, target, tmp_path):
    folder = write(mongod, tmp_path).folder
    owner[STEM].units.insert_one({"name": "somebody's work"})
    with pytest.raises(BackupRefused, match=r"目标数据库不是空的（restored\.units有数据）"):
        restoring.load_backup(folder, target, master=None)
    assert owner[STEM].units.count_documents({}) == 1


def test_the_folder_above_names_the_backups_in_it(mongod, world, target, tmp_path):
    write(mongod, tmp_path)
    with pytest.raises(BackupRefused, match="请指明一份，如 .*greenladder-20260622-090000"):
        restoring.load_backup(tmp_path, target, master=None)


# --- kill -9 --------------------------------------------------------------------------------------------

SLOW_BACKUP = """
import sys, time, datetime as dt
from pathlib import Path
from models import database
from app.services.audit import backup_files, backup_writing
add = backup_files.RowsFile.add
def slow(self, batch):
    add(self, batch)
    print("batch", flush=True)
    time.sleep(0.3)
backup_files.RowsFile.add = slow
database.connect(sys.argv[1])
now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
backup_writing.write_backup(sys.argv[1], Path(sys.argv[2]), master=None, facts={}, now=now)
"""

SLOW_RESTORE = """
import sys, time
from pathlib import Path
from app.services.audit import restoring
batches = restoring._batches
def slow(rows):
    for batch in batches(rows):
        yield batch
        print("batch", flush=True)
        time.sleep(0.3)
restoring._batches = slow
restoring.load_backup(Path(sys.argv[2]), sys.argv[1], master=None)
"""


def kill_after(code: str, batches: int, *arguments: str) -> None:
    """Run a program and kill it while it works."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    for _ in range(batches):
        assert process.stdout.readline() == "batch\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.slow
@pytest.mark.parametrize("batches", [1, 5, 12])
def test_a_killed_backup_leaves_nothing_that_could_be_restored(
    mongod, owner, world, target, tmp_path, batches
):
    kill_after(SLOW_BACKUP, batches, mongod.owner_uri, str(tmp_path))
    assert backup_writing.finished_backups(tmp_path) == []
    (left,) = tmp_path.glob(f"{backup_writing.UNFINISHED}*")
    with pytest.raises(BackupRefused, match="备份没有做完"):
        restoring.load_backup(left, target, master=None)
    assert nothing_in(owner)
    assert write(mongod, tmp_path).rows
    assert not left.exists()


@pytest.mark.slow
@pytest.mark.parametrize("batches", [1, 5, 12])
def test_a_killed_restore_is_refused_by_the_program_and_done_again(
    mongod, owner, world, target, tmp_path, batches
):
    before = hashes(owner, "greenladder")
    folder = write(mongod, tmp_path).folder
    kill_after(SLOW_RESTORE, batches, target, str(folder))
    database.connect(target)
    assert "恢复没有完成" in schema.problem()
    restoring.load_backup(folder, target, master=None)
    assert schema.problem() == ""
    assert hashes(owner, STEM) == before


# --- job, commands, records -----------------------------------------------------------------------------


def plan(mongod, folder, **values) -> backups.BackupPlan:
    return backups.BackupPlan(uri=mongod.owner_uri, folder=folder, program="0", **values)


def test_the_newest_are_kept_and_those_that_went_are_marked(mongod, world, tmp_path, clock):
    Backup.objects.delete()
    for day in range(1, 5):
        by = By(Actor.system("back-up"), clock.set(f"2026-06-{day:02}T02:30"))
        backups.take_backup(plan(mongod, tmp_path, keep=2), by=by)
    names = [folder.name for folder in backup_writing.finished_backups(tmp_path)]
    assert names == ["greenladder-20260603-023000", "greenladder-20260604-023000"]
    assert [each.removed_at is None for each in Backup.objects.order_by("taken_at")] == [
        False,
        False,
        True,
        True,
    ]
    assert backups.backup_age(clock.set("2026-06-04T04:30")).total_seconds() == 7200


def test_a_failure_is_recorded_with_its_reason(mongod, world, tmp_path, clock):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackupRefused, match="备份没有做成"):
        backups.take_backup(
            plan(mongod, tmp_path / "file" / "folder"),
            by=By(Actor.system("back-up"), clock.set("2026-07-01T02:30")),
        )
    failed = Backup.objects.first()
    assert (failed.state, "备份没有做成" in failed.reason) == ("failed", True)
    assert AuditEntry.objects(verb="备份失败").first()


def test_the_daily_job_says_what_it_did_or_why_not(mongod, world, tmp_path):
    environ = {"VAR_DIR": str(mongod.var_dir), "BACKUP_DIR": str(tmp_path / "backups")}
    config = Config.from_environment(environ)
    run = runs.run("back-up", NOW.date(), config=config)
    assert (run.state, "条" in run.result) == ("done", True), run.result
    assert len(backup_writing.finished_backups(tmp_path / "backups")) == 1
    without = Config(mongodb_uri=mongod.uri)
    assert runs.run("back-up", NOW.date(), again=True, config=without).result.startswith("没有备份")


def test_the_commands_back_up_restore_check_and_verify(sealed, mongod, owner, own_config, target, tmp_path):
    runner = create_app(own_config).test_cli_runner()
    key = tmp_path / "key"
    key.write_bytes(KEY)
    ran = runner.invoke(args=["backup", str(tmp_path / "kept"), "--key", str(key)])
    assert (ran.exit_code, "已加密" in ran.output) == (0, True), ran.output
    (folder,) = backup_writing.finished_backups(tmp_path / "kept")
    refused = runner.invoke(args=["restore", str(folder), "--into", target])
    assert (refused.exit_code, "备份已加密" in refused.output) == (1, True)
    began = time.monotonic()
    ran = runner.invoke(args=["restore", str(folder), "--into", target, "--key", str(key)])
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (0, "恢复完成：数据自洽，审计日志完好。"), (
        ran.output
    )
    assert time.monotonic() - began < 60
    assert owner[STEM].units.count_documents({}) == owner.greenladder.units.count_documents({}) > 0
    assert AuditEntry.objects(verb="恢复备份").first().reason.startswith(folder.name)
    again = runner.invoke(args=["restore", str(folder), "--into", target, "--key", str(key)])
    assert (again.exit_code, "目标数据库不是空的" in again.output) == (1, True)


def test_another_audit_key_is_named(sealed, mongod, own_config, target, tmp_path):
    runner = create_app(own_config).test_cli_runner()
    assert runner.invoke(args=["backup", str(tmp_path)]).exit_code == 0
    (folder,) = backup_writing.finished_backups(tmp_path)
    other = Config.from_environment({"VAR_DIR": str(mongod.var_dir), "AUDIT_KEY": "o" * 40})
    ran = create_app(other).test_cli_runner().invoke(args=["restore", str(folder), "--into", target])
    assert ran.exit_code == 1
    assert "AUDIT_KEY 与备份时的不同" in ran.output
    assert Unit.objects.first()


@pytest.mark.parametrize("content, words", [(None, "读不到备份密钥文件"), (b"short", "至少须有 32 个字符")])
def test_a_key_file_is_checked(tmp_path, content, words):
    file = tmp_path / "key"
    if content:
        file.write_bytes(content)
    with pytest.raises(BackupRefused, match=words):
        backup_manifest.master_key(file)
