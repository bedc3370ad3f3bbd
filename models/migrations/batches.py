"""Reading and changing rows of a collection in batches."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

BATCH_SIZE = 500

Row = dict[str, Any]


def update_rows(
    collection: Collection[Row], needing: Row, changes: Callable[[list[Row]], Iterator[tuple[Row, Row]]]
) -> Iterator[int]:
    """Change all rows that match `needing`; `changes` yields each row of a batch with the fields to set."""
    rows = collection.find(needing).sort("_id", 1)
    while batch := list(islice(rows, BATCH_SIZE)):
        updates = [UpdateOne({"_id": row["_id"]}, {"$set": values}) for row, values in changes(batch)]
        if updates:
            collection.bulk_write(updates, ordered=False)
        yield len(updates)


def drop_index(collection: Collection[Row], *keys: tuple[str, int]) -> None:
    """Drop the index on these keys, if there is one."""
    for name, index in collection.index_information().items():
        if [(field, int(direction)) for field, direction in index["key"]] == list(keys):
            collection.drop_index(name)
