"""Typed list filters: a value is checked and converted before it comes near a query (docs/traps.md#13)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from bson import ObjectId
from flask import g
from flask_admin.contrib.mongoengine.filters import BaseMongoEngineFilter
from mongoengine import DateField, DateTimeField, Document, QuerySet

from app.clock import SHANGHAI
from app.services.core import scope
from views import by

MAX_LENGTH = 60
MAX_NAMES = 200


class Filter(BaseMongoEngineFilter):
    """A filter with a readable URL key and a fixed operator."""

    operator = ""
    wording = "等于"
    suffix = ""

    def __init__(self, column: str, name: str, options: Any = None, data_type: str | None = None) -> None:
        super().__init__(column, name, options, data_type)
        self.slug = column.replace(".", "_") + self.suffix

    def operation(self) -> str:
        return self.wording

    def apply(self, query: QuerySet, value: Any) -> QuerySet:
        return query.filter(**{self.column.replace(".", "__") + self.operator: value})

    def shown(self, value: str) -> str:
        """Return the value as a chip shows it."""
        return str(value)


class Choice(Filter):
    """One of a closed list; anything else is refused."""

    def __init__(
        self,
        column: str,
        name: str,
        choices: Callable[[], Iterable[tuple[str, str]]] | Iterable[tuple[str, str]],
    ) -> None:
        self._choices = choices
        super().__init__(column, name, options=self._pairs)

    def _pairs(self) -> list[tuple[str, str]]:
        return list(self._choices() if callable(self._choices) else self._choices)

    def clean(self, value: str) -> str:
        if value not in dict(self._pairs()):
            raise ValueError(value)
        return value

    def shown(self, value: str) -> str:
        return dict(self._pairs()).get(value, value)


class Reference(Choice):
    """One of the records of another model that exist for the actor, chosen by name."""

    def __init__(self, column: str, name: str, model: type[Document]) -> None:
        self._model = model
        super().__init__(column, name, self.named)

    def get_options(self, view: Any) -> None:
        """Return nothing when the screen is made: the choices depend on the account of each page."""

    def named(self) -> list[tuple[str, str]]:
        """Return key and name of each record, read once a request: list, chip and check ask for the same."""
        names = g.setdefault("named", {})
        if self._model not in names:
            records = scope.rows(by(), self._model).order_by("name").limit(MAX_NAMES)
            names[self._model] = [(str(record.pk), str(record)) for record in records.only("name")]
        return names[self._model]

    def clean(self, value: str) -> ObjectId:
        return ObjectId(super().clean(value))


class Year(Filter):
    """A year, as a whole number."""

    def clean(self, value: str) -> int:
        year = int(value)
        if not 2000 <= year <= 2100:
            raise ValueError(value)
        return year

    def shown(self, value: str) -> str:
        return f"{value} 年度"


class From(Filter):
    """A day and later."""

    operator, wording, suffix = "__gte", "不早于", "_from"
    bound = time.min

    def __init__(self, column: str, name: str) -> None:
        super().__init__(column, name, data_type="datepicker")

    def clean(self, value: str) -> date:
        return date.fromisoformat(value)

    def apply(self, query: QuerySet, value: date) -> QuerySet:
        """Filter days by the day, and moments by its bounds in Shanghai, where the day is meant."""
        field = query._document._fields[self.column]
        moments = isinstance(field, DateTimeField) and not isinstance(field, DateField)
        return super().apply(query, datetime.combine(value, self.bound, SHANGHAI) if moments else value)


class Until(From):
    """A day and earlier."""

    operator, wording, suffix = "__lte", "不晚于", "_until"
    bound = time.max


class AtLeast(Filter):
    """A number and above."""

    operator, wording, suffix = "__gte", "不小于", "_min"

    def clean(self, value: str) -> float:
        number = float(value)
        if number != number or abs(number) == float("inf"):
            raise ValueError(value)
        return number


class AtMost(AtLeast):
    """A number and below."""

    operator, wording, suffix = "__lte", "不大于", "_max"


class Exactly(Filter):
    """A short text, compared as a whole."""

    def clean(self, value: str) -> str:
        if not value or len(value) > MAX_LENGTH:
            raise ValueError(value)
        return value


class YesNo(Choice):
    """A tick box of the record."""

    def __init__(self, column: str, name: str) -> None:
        super().__init__(column, name, (("1", "是"), ("0", "否")))

    def clean(self, value: str) -> bool:
        return super().clean(value) == "1"
