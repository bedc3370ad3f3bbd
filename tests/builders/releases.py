"""Databases of earlier releases: small fictional dumps that the newest program must open."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bson import json_util
from pymongo import MongoClient

FOLDER = Path(__file__).resolve().parents[1] / "data" / "releases"
RELEASES = sorted(file.name.removesuffix(".jsonl.gz") for file in FOLDER.glob("*.jsonl.gz"))


@dataclass(frozen=True)
class Dump:
    """Rows by database suffix and collection, with the fictional key that sealed their audit log."""

    now: str
    audit_key: str
    anchors: str
    rows: dict[tuple[str, str], list[dict[str, Any]]]


def read(release: str) -> Dump:
    """Return the dump of a release."""
    with gzip.open(FOLDER / f"{release}.jsonl.gz", "rt", encoding="utf-8") as lines:
        head = json.loads(next(lines))
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for line in lines:
            suffix, collection, row = json_util.loads(line)
            rows.setdefault((suffix, collection), []).append(row)
    return Dump(head["now"], head["audit_key"], "\n".join(head["anchors"]) + "\n", rows)


def load(dump: Dump, owner: MongoClient[dict[str, Any]], stem: str) -> None:
    """Fill empty databases as the release left them: without any of the collections that came later."""
    for (suffix, collection), rows in dump.rows.items():
        owner[stem + suffix][collection].insert_many(rows)
