"""Records of a unit carry its name, former names, credit code and area; rows from before have only some of these."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from models.migrations.batches import Row, update_rows
from models.search import text_of

if TYPE_CHECKING:
    from models.migrations import Databases

LABEL = "单位名称、曾用名、代码补入各项记录"

COLLECTIONS = (
    *("applications", "evaluations", "annual_reports", "listings"),
    *("engagements", "objections", "reminder_entries"),
)
LABELS = ("unit_name", "former_names", "credit_code", "area")


def up(databases: "Databases") -> Iterator[int]:
    """Copy the missing labels from the registry of units."""
    main = databases["default"]
    missing = {"unit_id": {"$ne": None}, "$or": [{label: {"$exists": False}} for label in LABELS]}

    def changes(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
        units = {
            unit["_id"]: unit for unit in main.units.find({"_id": {"$in": [r["unit_id"] for r in rows]}})
        }
        for row in rows:
            if unit := units.get(row["unit_id"]):
                yield row, _completed(row, _labels(unit))

    for collection in COLLECTIONS:
        yield from update_rows(main[collection], missing, changes)


def _labels(unit: Row) -> dict[str, Any]:
    return {
        "unit_name": unit.get("name"),
        "former_names": [former["name"] for former in unit.get("former_names", ())],
        "credit_code": unit.get("credit_code"),
        "area": unit.get("area"),
    }


def _completed(row: Row, labels: Row) -> Row:
    values = {label: value for label, value in labels.items() if label not in row}
    if "search_text" in row and "evaluator_name" in row and "former_names" in values:  # an evaluation report
        names = (row.get("unit_name"), row.get("evaluator_name"), *values["former_names"])
        values["search_text"] = text_of(*names)
    return values
