"""The audit log's seal: a keyed chain over its rows, anchored outside the database, and its verification.

The key and the anchors lie outside the database, the sealer has a database user of its own: whoever may do
everything in the database can still not change the log unnoticed. Copy the anchors to another machine, and
not even the key and the database together are enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from mongoengine.connection import get_db
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

BATCH_SIZE = 1_000
# A row carries the moment of its creation but becomes visible when its transaction commits: for so long it may
# follow rows already sealed. A row without a seal that is older was inserted later.
GRACE_PERIOD = timedelta(minutes=10)
START = "0" * 64
SIGNED = ("seq", "chain", "at", "previous")


@dataclass(frozen=True)
class Finding:
    """A difference from the sealed log: its kind, the row or link concerned, a sentence."""

    kind: str  # edited, swapped, deleted, inserted, chain, truncated, anchor
    subject: str
    message: str


class Ledger:
    """Audit entries and their seals, with the key and the anchors that belong to them."""

    def __init__(self, database: Database, *, key: str, anchors: Path) -> None:
        raw = database.codec_options.with_options(document_class=RawBSONDocument)
        # Rows that a failover can still take back are not sealed yet.
        settled = ReadConcern("majority")
        self.entries = database.get_collection("entries", codec_options=raw, read_concern=settled)
        self.seals = database.get_collection("seals", read_concern=settled)
        self.anchors = anchors
        self._key = key.encode()

    def seal(self) -> int:
        """Append a link for each row that has none; return how many."""
        last = self.seals.find_one(sort=[("_id", -1)]) or {"_id": 0, "chain": START}
        sealed = 0
        for rows in _in_batches(self._unsealed(last.get("entry"))):
            links = []
            for row in rows:
                last = self._link(last, row)
                links.append(last)
            self.seals.insert_many(links)
            sealed += len(links)
        return sealed

    def anchor(self, now: datetime) -> bool:
        """Write the chain's present end, signed, to the anchors; return False if it has not moved."""
        last = self.seals.find_one(sort=[("_id", -1)])
        former = self._anchors()[-1:] or [{"seq": 0, "signature": START}]
        if last is None or last["_id"] == former[0]["seq"]:
            return False
        line = {
            "seq": last["_id"],
            "chain": last["chain"],
            "at": now.isoformat(timespec="seconds"),
            "previous": former[0]["signature"],
        }
        line["signature"] = self._signature(line)
        self.anchors.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.anchors, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def verify(self) -> list[Finding]:
        """Return every difference from the sealed and anchored log; [] if there is none."""
        return [*self._check_chain(), *self._check_inserted(), *self._check_anchors()]

    # Rows and links

    def _link(self, last: dict[str, Any], row: RawBSONDocument) -> dict[str, Any]:
        link = {"_id": last["_id"] + 1, "entry": row["_id"], "row": self._digest(b"row", _body(row))}
        return {**link, "chain": self._chain(last["chain"], link)}

    def _chain(self, previous: str, link: dict[str, Any]) -> str:
        return self._digest(b"link", f"{previous} {link['_id']} {link['entry']} {link['row']}".encode())

    def _signature(self, line: dict[str, Any]) -> str:
        return self._digest(b"anchor", " ".join(str(line[name]) for name in SIGNED).encode())

    def _digest(self, purpose: bytes, content: bytes) -> str:
        return hmac.new(self._key, purpose + b"\0" + content, hashlib.sha256).hexdigest()

    def _unsealed(self, last_entry: ObjectId | None) -> Iterator[RawBSONDocument]:
        since = {"_id": {"$gt": _id_before(last_entry, GRACE_PERIOD)}} if last_entry else {}
        for rows in _in_batches(self.entries.find(since).sort("_id", 1)):
            known = self.seals.find({"entry": {"$in": [row["_id"] for row in rows]}}, {"entry": 1})
            sealed = {link["entry"] for link in known}
            yield from (row for row in rows if row["_id"] not in sealed)

    # Verification

    def _check_chain(self) -> Iterator[Finding]:
        previous, expected, differing = START, 1, {}
        for links in _in_batches(self.seals.find().sort("_id", 1)):
            linked = self.entries.find({"_id": {"$in": [link["entry"] for link in links]}})
            rows = {row["_id"]: self._digest(b"row", _body(row)) for row in linked}
            for link in links:
                seq, entry = link["_id"], link["entry"]
                if seq != expected:
                    yield Finding("chain", str(seq), f"封存链缺少第 {expected} 至 {seq - 1} 号")
                elif link["chain"] != self._chain(previous, link):
                    yield Finding("chain", str(seq), f"封存链第 {seq} 号与前后不符：被改写、对调或重排")
                if entry not in rows:
                    yield Finding("deleted", str(entry), f"第 {seq} 号审计记录已被删除")
                elif rows[entry] != link["row"]:
                    differing[entry] = (seq, link["row"], rows[entry])
                previous, expected = link["chain"], seq + 1
        yield from _edited_or_swapped(differing)

    def _check_inserted(self) -> Iterator[Finding]:
        last = self.seals.find_one(sort=[("_id", -1)])
        if last is None:
            return
        before = {"$lte": _id_before(last["entry"], GRACE_PERIOD)}
        links = iter(self.seals.find({"entry": before}, {"entry": 1}).sort("entry", 1))
        sealed = next(links, None)
        for row in self.entries.find({"_id": before}, {"_id": 1}).sort("_id", 1):
            while sealed and sealed["entry"] < row["_id"]:
                sealed = next(links, None)
            if not sealed or sealed["entry"] != row["_id"]:
                yield Finding("inserted", str(row["_id"]), "审计记录没有封存，是事后插入的")

    def _check_anchors(self) -> Iterator[Finding]:
        previous = START
        for line in self._anchors():
            seq, at = line["seq"], line["at"]
            if line["signature"] != self._signature(line) or line["previous"] != previous:
                yield Finding("anchor", str(seq), f"{at} 的锚点被改写，或锚点文件缺行、密钥不符")
            elif (link := self.seals.find_one({"_id": seq})) is None:
                yield Finding("truncated", str(seq), f"{at} 已封存至第 {seq} 号，现已没有：截断或旧备份")
            elif link["chain"] != line["chain"]:
                yield Finding("chain", str(seq), f"第 {seq} 号与 {at} 的锚点不符：重排，或旧备份后续写")
            previous = line["signature"]

    def _anchors(self) -> list[dict[str, Any]]:
        if not self.anchors.exists():
            return []
        text = self.anchors.read_text(encoding="utf-8", errors="replace")
        return [_parsed(line) for line in text.splitlines()]


def _parsed(line: str) -> dict[str, Any]:
    """Parse a line of the anchors; an unreadable one fails its check instead of stopping the verification."""
    try:
        values = json.loads(line)
        return {name: values[name] for name in (*SIGNED, "signature")}
    except (ValueError, KeyError, TypeError):
        return {"seq": 0, "at": "？", "chain": "", "previous": "", "signature": ""}


@contextmanager
def open_ledger(uri: str, *, key: str, anchors: Path) -> Iterator[Ledger]:
    """Open the connected system's log through the sealer's own database user."""
    client: MongoClient[dict[str, Any]] = MongoClient(uri, appname="greenladder-sealer")
    with client:
        yield Ledger(client[get_db("audit").name], key=key, anchors=anchors)


def _edited_or_swapped(differing: dict[ObjectId, tuple[int, str, str]]) -> Iterator[Finding]:
    """Tell rows that hold another's content (swapped) from rows that hold something new (edited)."""
    owners = {sealed: seq for seq, sealed, _ in differing.values()}
    for entry, (seq, _, actual) in differing.items():
        if actual in owners:
            yield Finding("swapped", str(entry), f"第 {seq} 号审计记录的内容与第 {owners[actual]} 号对调")
        else:
            yield Finding("edited", str(entry), f"第 {seq} 号审计记录的内容已被修改")


def _body(row: RawBSONDocument) -> bytes:
    """Return a row's stored bytes without its id, which the link names itself."""
    return bytes(row.raw).removeprefix(bytes(row.raw[:4]) + b"\x07_id\x00" + row["_id"].binary)


def _id_before(entry: ObjectId, back: timedelta) -> ObjectId:
    return ObjectId.from_datetime(entry.generation_time - back)


def _in_batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH_SIZE)):
        yield batch
