"""Fields of records from the cells of a ledger row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from bson import Decimal128

from app.exchange.records import Column, LedgerRow
from app.policy import spelling
from app.policy.pack import RulePack
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Address, Contact, Unit
from models.search import terms_of, text_of

# Fields that the search fields are computed from.
SEARCHED: dict[type[Record], frozenset[str]] = {
    Unit: frozenset({"name", "former_names", "credit_code"}),
    Application: frozenset({"unit_name", "former_names", "credit_code", "platform_receipt"}),
    Evaluation: frozenset({"unit_name", "former_names", "evaluator_name"}),
}


def unit_fields(row: LedgerRow, old: dict[str, Any] | None, now: datetime, pack: RulePack) -> dict[str, Any]:
    """Return the unit's fields that the row states; an empty cell states nothing.

    No ledger holds the registered address.
    """
    old = old or {}
    return (
        {"credit_code": row.credit_code, "name": row.name, "area": row.area, "kinds": _kinds(row, old)}
        | _renaming(row, old, now)
        | _industry_fields(row)
        | _without_empty(
            production=_production(row, pack),
            contacts=_contacts(row, old.get("contacts", [])) if row.contact or row.phone else None,
            products=row.products,
            output_value=_number(row.output_value),
            energy=_number(row.energy),
        )
    )


def _kinds(row: LedgerRow, old: dict[str, Any]) -> list[str]:
    kinds: list[str] = old.get("kinds", [])
    return kinds if row.kind.value in kinds else [*kinds, row.kind.value]


def _renaming(row: LedgerRow, old: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the former names with the replaced and the stated one added, {} where there is nothing to add."""
    former = list(old.get("former_names", []))
    if old and not spelling.same(old["name"], row.name):
        former.append({"name": old["name"], "until": _day(now.date())})
    if row.former_name and not any(spelling.same(each["name"], row.former_name) for each in former):
        former.append({"name": row.former_name})
    return {"former_names": former} if len(former) > len(old.get("former_names", [])) else {}


def _industry_fields(row: LedgerRow) -> dict[str, Any]:
    if not row.industries:
        return {}
    codes = list(dict.fromkeys(code for _, code in row.industries if code))
    return {"industries": codes, "industries_stated": _industries_stated(row)}


def _production(row: LedgerRow, pack: RulePack) -> dict[str, str] | None:
    """Return the production address with its area as far as it is named, None for an empty cell."""
    if not row.production_address:
        return None
    area = _place(row.production_address, row.area, pack)
    return ({"area": area} if area else {}) | {"text": row.production_address}


def evaluator_fields(name: str) -> dict[str, Any]:
    """Return the fields of an institution that only the ledger names: 待核实 until the bureau checks it."""
    return {"name": name}


@dataclass(frozen=True)
class RowContext:
    """Row with its unit and institution, from which application, report and engagement are filled."""

    row: LedgerRow
    year: int
    unit: dict[str, Any]
    institution: dict[str, Any] | None
    now: datetime
    order: int

    def of(self, model: type[Record], old: dict[str, Any] | None) -> dict[str, Any]:
        """Return the record's fields that the row states."""
        own = {Application: self._application, Evaluation: self._evaluation, Engagement: self._engagement}[
            model
        ]
        key = {} if old else self._of_new_record()
        return key | {"unit_name": self.unit["name"], "area": self.unit["area"]} | own(old)

    def _of_new_record(self) -> dict[str, Any]:
        return {
            "unit_id": self.unit["_id"],
            "credit_code": self.row.credit_code,
            "former_names": self._former_names(),
            "kind": self.row.kind.value,
            "year": self.year,
        }

    def _application(self, old: dict[str, Any] | None) -> dict[str, Any]:
        row = self.row
        return {
            "credit_code": row.credit_code,
            "former_names": self._former_names(),
            "county_order": self.order,
        } | _without_empty(
            platform_receipt=row.receipt,
            submitted_on=row.submitted_on and _day(row.submitted_on),
            stated_exclusions=row.exclusions_stated,
            stated_opinion=row.opinion_stated,
            score=_number(row.score),
        )

    def _former_names(self) -> list[str]:
        return [former["name"] for former in self.unit.get("former_names", [])]

    def _evaluation(self, old: dict[str, Any] | None) -> dict[str, Any]:
        chosen = self.institution or {}
        who = {"evaluator_id": chosen.get("_id"), "evaluator_name": chosen.get("name")}
        if old is None and not chosen:
            who = {}
        return (
            {"mode": self.row.mode.value, "former_names": self._former_names()}
            | who
            | _without_empty(standard=self.row.standard, score=_number(self.row.score))
        )

    def _engagement(self, old: dict[str, Any] | None) -> dict[str, Any]:
        if old:
            return {}
        institution, until = self.institution or {}, date(self.year, 12, 31)
        return {
            "evaluator_id": institution["_id"],
            "evaluator_name": institution["name"],
            "since": _day(min(self.now.date(), until)),
            "until": _day(until),
        }


def sanction_on(evaluator: dict[str, Any], today: date) -> date | None:
    """Return the last day of a sanction that forbids choosing the institution today, or None."""
    for sanction in evaluator.get("sanctions", ()):
        if sanction["since"].date() <= today <= sanction["until"].date():
            return sanction["until"].date()
    return None


@cache
def _defaults(model: type[Record]) -> dict[str, Any]:
    return model().to_mongo().to_dict()


def new_record(model: type[Record]) -> dict[str, Any]:
    """Return a new record with the model's defaults, as MongoEngine would store it."""
    return {name: [] if value == [] else value for name, value in _defaults(model).items()}  # type: ignore[arg-type]  # classes are hashable


def search_fields(model: type[Record], record: dict[str, Any]) -> dict[str, Any]:
    """Return the search fields as the model's `clean` computes them."""
    former = record.get("former_names", ())
    if model is Unit:
        texts = (record["name"], *(entry["name"] for entry in former), record["credit_code"])
    elif model is Application:
        texts = (record["unit_name"], record["credit_code"], record.get("platform_receipt"), *former)
    elif model is Evaluation:
        return {"search_text": text_of(record["unit_name"], record.get("evaluator_name"), *former)}
    elif model is Evaluator:
        texts = (record["name"],)
    else:
        return {}
    return {"terms": terms_of(*texts), "search_text": text_of(*texts)}


def overlong_cells(row: LedgerRow) -> Iterator[tuple[str, int, str]]:
    """Yield cells that their record's field cannot hold: column, limit, text."""
    for column, most, text_of_row in LIMITS:
        if len(text := text_of_row(row)) > most:
            yield column, most, text


def _industries_stated(row: LedgerRow) -> str:
    return "、".join(f"{name}（{code}）" if code else name for name, code in row.industries)


LIMITS: tuple[tuple[str, int, Callable[[LedgerRow], str]], ...] = tuple(
    (column, model._fields[name].max_length, text_of_row)
    for column, model, name, text_of_row in (
        ("单位名称", Unit, "name", attrgetter("name")),
        ("主要产品", Unit, "products", attrgetter("products")),
        ("所属行业（代码）", Unit, "industries_stated", _industries_stated),
        ("联系人", Contact, "name", attrgetter("contact")),
        ("联系电话", Contact, "phone", attrgetter("phone")),
        ("实际生产地址", Address, "text", attrgetter("production_address")),
        ("第三方机构", Evaluator, "name", attrgetter("institution")),
        ("评价标准", Evaluation, "standard", attrgetter("standard")),
        ("管理平台受理号", Application, "platform_receipt", attrgetter("receipt")),
        ("负面清单核查", Application, "stated_exclusions", attrgetter("exclusions_stated")),
        ("县级意见", Application, "stated_opinion", attrgetter("opinion_stated")),
    )
)


def row_cells(row: LedgerRow, columns: Iterable[Column], pack: RulePack) -> tuple[Any, ...]:
    """Return a refused row in the columns of its file."""
    shown = {
        "area": pack.area(row.area).name,
        "kind": row.kind.label,
        "mode": row.mode.label,
        "industries": _industries_stated(row),
    }
    return tuple(
        shown.get(column.field) or getattr(row, column.field or "nothing", None) for column in columns
    )


def _without_empty(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


@lru_cache(1_024)  # a score stands in two records of a row, and many rows share it
def _number(value: Decimal | None) -> Decimal128 | None:
    return None if value is None else Decimal128(value)


def _day(day: date) -> datetime:
    """Return a day as MongoEngine's DateField stores it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _contacts(row: LedgerRow, old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the contacts with the first as the row has it, without title and mail of another person."""
    first = dict(old[0]) if old else {}
    if row.contact and row.contact != first.get("name"):
        first = {"name": row.contact}
    if row.phone:
        first["phone"] = row.phone
    return [first, *old[1:]]


def _place(address: str, area: str, pack: RulePack) -> str:
    """Return the area that an address names, else the recommending one if it names the city, else ""."""
    named = next((known.code for known in pack.areas if known.name in address), "")
    return named or (area if pack.city.name in address else "")
