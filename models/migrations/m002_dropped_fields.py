"""Fields and indexes that no release uses any more go; decisions name the kind of record that they are about."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.migrations.batches import drop_index

if TYPE_CHECKING:
    from models.migrations import Databases

LABEL = "清除不再使用的字段和索引，审批单注明对象类别"


def up(databases: "Databases") -> Iterator[int]:
    """Unset evaluations' search terms, drop four indexes, complete decisions."""
    main, audit = databases["default"], databases["audit"]
    drop_index(main.evaluations, ("terms", 1))
    yield main.evaluations.update_many({"terms": {"$exists": True}}, {"$unset": {"terms": ""}}).modified_count
    of_applications = {"$set": {"resource": "application"}}
    yield main.decisions.update_many({"resource": {"$exists": False}}, of_applications).modified_count
    drop_index(main.applications, ("notice_id", 1))
    drop_index(audit.entries, ("subject_type", 1), ("subject_id", 1), ("at", -1))
    drop_index(audit.entries, ("unit_id", 1), ("at", -1))
    yield 0
