"""Which field of which record a ledger's cell becomes, how it compares, and how a difference reads."""

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
from app.policy.pack import RulePack
from app.policy.privacy import masked_phone
from app.policy.terms import Kind, Mode
from app.services.core import audit, records
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Address, Contact, Unit
from models.search import terms_of, text_of

Change = tuple[str, str, str, str]  # field, label, old, new

# Copies of what another record owns: kept up to date, but no change of their own.
COPIES: dict[type[Record], frozenset[str]] = {
    Unit: frozenset({"former_names"}),
    Application: frozenset({"unit_id", "unit_name", "credit_code", "former_names", "area", "score"}),
    Evaluation: frozenset({"unit_id", "unit_name", "credit_code", "former_names", "area", "evaluator_id"}),
    Engagement: frozenset({"unit_id", "unit_name", "credit_code", "former_names", "area", "evaluator_id"}),
    Evaluator: frozenset(),
}
# What the search fields are made of.
SEARCHED: dict[type[Record], frozenset[str]] = {
    Unit: frozenset({"name", "former_names", "credit_code"}),
    Application: frozenset({"unit_name", "former_names", "credit_code", "platform_receipt"}),
    Evaluation: frozenset({"unit_name", "former_names", "evaluator_name"}),
}
WORDS = dict(Kind.choices()) | dict(Mode.choices())
CODED = frozenset({"kind", "kinds", "mode"})  # fields that hold codes of WORDS


def of_unit(row: LedgerRow, old: dict[str, Any] | None, now: datetime, pack: RulePack) -> dict[str, Any]:
    """The unit's fields that the row states; an empty cell states nothing. The registered address is in no ledger."""
    old = old or {}
    kinds = old.get("kinds", [])
    wanted = {
        "credit_code": row.credit_code,
        "name": row.name,
        "area": row.area,
        "kinds": kinds if row.kind.value in kinds else [*kinds, row.kind.value],
    }
    if old and old["name"] != row.name:
        wanted["former_names"] = [
            *old.get("former_names", []),
            {"name": old["name"], "until": _day(now.date())},
        ]
    if row.industries:
        wanted["industries"] = list(dict.fromkeys(code for _, code in row.industries if code))
        wanted["industries_stated"] = _industries_stated(row)
    if row.production_address:
        place = {"area": _place(row.production_address, row.area, pack), "text": row.production_address}
        wanted["production"] = {name: value for name, value in place.items() if value}
    if row.contact or row.phone:
        wanted["contacts"] = _contacts(row, old.get("contacts", []))
    return wanted | _stated(
        products=row.products, output_value=_number(row.output_value), energy=_number(row.energy)
    )


def of_evaluator(name: str) -> dict[str, Any]:
    """An institution as the ledger names it: 待核实 until the bureau has looked at it."""
    return {"name": name}


@dataclass(frozen=True)
class Subject:
    """One row with its unit and institution: what its application, report and engagement are made of."""

    row: LedgerRow
    year: int
    unit: dict[str, Any]
    institution: dict[str, Any] | None
    now: datetime
    order: int

    def of(self, model: type[Record], old: dict[str, Any] | None) -> dict[str, Any]:
        """The record's fields that the row states."""
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
        } | _stated(
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
            | _stated(standard=self.row.standard, score=_number(self.row.score))
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
    """The last day of a sanction that forbids choosing the institution today."""
    for sanction in evaluator.get("sanctions", ()):
        if sanction["since"].date() <= today <= sanction["until"].date():
            return sanction["until"].date()
    return None


@cache
def _defaults(model: type[Record]) -> dict[str, Any]:
    return model().to_mongo().to_dict()


def blank(model: type[Record]) -> dict[str, Any]:
    """A new record with the model's defaults, as MongoEngine would store it."""
    return {name: [] if value == [] else value for name, value in _defaults(model).items()}  # type: ignore[arg-type]  # classes are hashable


@cache
def _labels(model: type[Record]) -> dict[str, str]:
    return {name: records.label_of(model, name) for name in model._fields}


def searched(model: type[Record], record: dict[str, Any]) -> dict[str, Any]:
    """The search fields as the model's `clean` computes them."""
    former = record.get("former_names", ())
    if model is Unit:
        texts = (record["name"], *(one["name"] for one in former), record["credit_code"])
    elif model is Application:
        texts = (record["unit_name"], record["credit_code"], record.get("platform_receipt"), *former)
    elif model is Evaluation:
        return {"search_text": text_of(record["unit_name"], record.get("evaluator_name"), *former)}
    elif model is Evaluator:
        texts = (record["name"],)
    else:
        return {}
    return {"terms": terms_of(*texts), "search_text": text_of(*texts)}


def label(model: type[Record], record: dict[str, Any]) -> str:
    """The record as its model's `__str__` names it."""
    if model in (Unit, Evaluator):
        return record["name"]
    if model is Engagement:
        return f"{record['unit_name']}委托{record['evaluator_name']}（{record['year']}年）"
    kind = WORDS[record["kind"]]
    if model is Application:
        return f"{record['unit_name']}（{record['year']} 年度{kind}）"
    return f"{record['unit_name']} {record['year']} 年度{kind}评价报告"


def too_long(row: LedgerRow) -> Iterator[tuple[str, int, str]]:
    """Cells that their record's field cannot hold: column, limit, text."""
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


def as_cells(row: LedgerRow, columns: Iterable[Column], pack: RulePack) -> tuple[Any, ...]:
    """A row that was read and then refused, in the columns of its file."""
    shown = {
        "area": pack.area(row.area).name,
        "kind": row.kind.label,
        "mode": row.mode.label,
        "industries": _industries_stated(row),
    }
    return tuple(
        shown.get(column.field) or getattr(row, column.field or "nothing", None) for column in columns
    )


def equal(old: Any, new: Any) -> bool:
    """Whether two stored values mean the same: 87 and 87.0, a day in either form, an empty list and none."""
    if new == [] and not old:
        return True
    if old is None or new is None or old == new:
        return old is new or old == new
    if isinstance(new, Decimal128):
        return old.to_decimal() == new.to_decimal()
    return isinstance(new, datetime) and old.date() == new.date()


def changes(model: type[Record], old: dict[str, Any] | None, changed: dict[str, Any]) -> tuple[Change, ...]:
    """What preview and history say about the changed fields."""
    found: list[Change] = []
    copies, had = COPIES[model], old or {}
    labels = _labels(model)  # type: ignore[arg-type]  # classes are hashable
    for name, value in changed.items():
        if name == "contacts":
            found += _contact_changes(had.get(name), value)
        elif name not in copies:
            found.append((name, labels[name], _shown(name, had.get(name)), _shown(name, value)))
    return tuple(found)


def _contact_changes(old: list[dict[str, Any]] | None, new: list[dict[str, Any]]) -> Iterator[Change]:
    before, after = (old or [{}])[0], new[0]
    if before.get("name") != after.get("name"):
        yield "contacts", "联系人", before.get("name") or "", after.get("name") or ""
    if before.get("phone") != after.get("phone"):
        yield (
            "contacts",
            "联系电话",
            masked_phone(before.get("phone") or ""),
            masked_phone(after.get("phone") or ""),
        )


def _shown(name: str, value: Any) -> str:
    if name in CODED and value:
        return "、".join(WORDS[code] for code in ([value] if isinstance(value, str) else value))
    return IN_WORDS.get(value.__class__, audit.short)(value)


# Nearly every value of a ledger, without asking what else it might be.
IN_WORDS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "",
    str: lambda value: value[: audit.MAX_LENGTH],
    int: str,
    Decimal128: lambda value: f"{value.to_decimal():f}",
    datetime: lambda value: value.date().isoformat(),
    dict: lambda value: audit.short(value.get("text")),
}


def _stated(**wanted: Any) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None and value != ""}


@lru_cache(1_024)  # a score stands in two records of a row, and many rows share it
def _number(value: Decimal | None) -> Decimal128 | None:
    return None if value is None else Decimal128(value)


def _day(day: date) -> datetime:
    """A day as MongoEngine's DateField stores it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _contacts(row: LedgerRow, old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first contact as the row has it; title and mail of another person are not kept."""
    first = dict(old[0]) if old else {}
    if row.contact and row.contact != first.get("name"):
        first = {"name": row.contact}
    if row.phone:
        first["phone"] = row.phone
    return [first, *old[1:]]


def _place(address: str, area: str, pack: RulePack) -> str:
    """The area that an address names, else the recommending one if it names the city, else unknown."""
    named = next((known.code for known in pack.areas if known.name in address), "")
    return named or (area if pack.city.name in address else "")
