"""Form fields from model fields: scoped look-ups, Chinese labels, decimals, local dates, clean text."""

from typing import Any
from weakref import WeakKeyDictionary

from bson import Decimal128, ObjectId
from bson.errors import InvalidId
from flask import has_request_context, request
from flask_admin.contrib.mongoengine.form import CustomModelConverter
from flask_admin.form import DatePickerWidget, Select2Widget
from flask_admin.model.ajax import AjaxModelLoader
from flask_admin.model.fields import AjaxSelectField, AjaxSelectMultipleField, InlineFieldList
from markupsafe import Markup
from mongoengine import Document
from wtforms import fields, validators

from app.security import clean_text
from app.services.core import rules, scope
from models.search import matching
from views import by

PAGE_SIZE = 20  # look-up results
DEFAULT_PAGE_SIZE = 10
MAX_OFFSET = 1_000_000


def object_id(value: Any) -> ObjectId | None:
    """Return the key from a URL or form, or None: a bad key is a missing record, never an error."""
    try:
        return value if isinstance(value, ObjectId) else ObjectId(str(value))
    except (InvalidId, TypeError):
        return None


class ScopedLoader(AjaxModelLoader):
    """Look-up of records that exist for the account; by POST nothing else is accepted (docs/traps.md#4, docs/traps.md#5)."""

    def __init__(self, name: str, model: type[Document], **conditions: Any) -> None:
        super().__init__(name, {"placeholder": "输入名称或代码搜索", "minimum_input_length": 0})
        self.model = model
        self.conditions = conditions

    def _rows(self):
        return scope.rows(by(), self.model).filter(**self.conditions)

    def format(self, model: Any) -> tuple[str, str] | None:
        return (str(model.pk), str(model)) if model else None

    def get_one(self, pk: Any) -> Document | None:
        key = object_id(pk)
        return self._rows().filter(pk=key).first() if key else None

    def get_list(self, query: str, offset: int = 0, limit: int = PAGE_SIZE) -> list[Document]:
        skipped, size = min(max(offset or 0, 0), MAX_OFFSET), min(max(limit or PAGE_SIZE, 1), PAGE_SIZE)
        return list(matching(self._rows(), query or "").skip(skipped).limit(size))

    def asked_page(self) -> list[tuple[str, str] | None]:
        """Return the page of results that the request asks for."""
        offset, limit = (request.args.get(name, type=int) for name in ("offset", "limit"))
        records = self.get_list(request.args.get("query", ""), offset or 0, limit or DEFAULT_PAGE_SIZE)
        return [self.format(record) for record in records]


class LookupField(AjaxSelectField):
    """Chooses a record and stores its key."""

    def process_data(self, value: Any) -> None:
        self._set_data(
            self.loader.get_one(value) if isinstance(value, ObjectId) and has_request_context() else value
        )

    def populate_obj(self, obj: Any, name: str) -> None:
        setattr(obj, name, self.data.pk if self.data else None)


class LookupListField(AjaxSelectMultipleField):
    """Chooses several records and stores their keys."""

    def process_data(self, value: Any) -> None:
        keys = value or []
        chosen = [self.loader.get_one(key) if isinstance(key, ObjectId) else key for key in keys]
        self._set_data([record for record in chosen if record is not None])

    def populate_obj(self, obj: Any, name: str) -> None:
        setattr(obj, name, [record.pk for record in self.data or []])


class Parts(InlineFieldList):
    """A list of parts; the empty part that a browser copies looks the same on every page: made once a rule pack."""

    _empty: WeakKeyDictionary[Any, dict[tuple[str, str], Markup]] = WeakKeyDictionary()

    def __call__(self, **kwargs: Any) -> Any:
        rendered, key = self._empty.setdefault(self.unbound_field, {}), (self.name, rules.pack().digest)
        if key not in rendered:
            rendered[key] = self._rendered()
        template = EmptyPart(rendered[key])
        return self.widget(self, template=template, check=self.display_row_controls, **kwargs)

    def _rendered(self) -> Markup:
        template = self.unbound_field.bind(form=None, name="", _meta=self.meta)
        if isinstance(template, fields.FormField):
            template.separator = ""  # the browser puts the whole prefix before each name
        template.process(None)
        return Markup(template())


class EmptyPart:
    """A rendered field as the list's template shows it."""

    errors = ()

    def __init__(self, shown: Markup) -> None:
        self._shown = shown

    def __html__(self) -> str:
        return self._shown


class DecimalBox(fields.DecimalField):
    """A decimal that keeps its digits (Decimal128 in the database)."""

    def process_data(self, value: Any) -> None:
        super().process_data(value.to_decimal() if isinstance(value, Decimal128) else value)

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else format(self.data, "f")


class TagChoices(fields.SelectMultipleField):
    """Several of a closed list."""

    widget = Select2Widget(multiple=True)


def _areas() -> list[tuple[str, str]]:
    return [("", "（未选）"), *((area.code, area.name) for area in rules.pack().areas)]


def _places() -> list[tuple[str, str]]:
    return [("", "市外或未填"), *_areas()[1:]]


def _honours() -> list[tuple[str, str]]:
    return [("", "（未选）"), *((honour.key, honour.label) for honour in rules.pack().honours)]


# Closed choices that the rule pack holds; read when a form is made, not when the class is.
CLOSED = {("Unit", "area"): _areas, ("Address", "area"): _places, ("Honour", "code"): _honours}


def _without_filters(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name not in ("filters", "default")}


class Converter(CustomModelConverter):
    """MongoEngine field → form field, with fields that the stock converter lacks or gets wrong (docs/traps.md#11)."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self.converters |= {"Decimal128Field": self.conv_decimal128, "ObjectIdField": self.conv_lookup}

    def convert(self, model: Any, field: Any, field_args: Any) -> Any:
        args = dict(field_args or {})
        if getattr(field, "choices", None):
            args.setdefault("filters", []).append(lambda value: value or None)
        return super().convert(model, field, args)

    def _convert_choices(self, choices: Any):
        yield ("", "（未选）")
        yield from super()._convert_choices(choices)

    def coerce(self, field_type: str) -> Any:
        kind = super().coerce(field_type)
        return lambda value: kind(value) if value not in (None, "") else ""

    def conv_String(self, model: Any, field: Any, kwargs: dict[str, Any]) -> Any:
        if choices := CLOSED.get((model.__name__, field.name)):
            return fields.SelectField(
                choices=choices, filters=[lambda value: value or None], **_without_filters(kwargs)
            )
        kwargs["filters"] = [*kwargs.get("filters", ()), _clean]
        if field.max_length and field.max_length > 200:
            kwargs["textarea"] = True
        return super().conv_String(model, field, kwargs)

    def conv_Date(self, model: Any, field: Any, kwargs: dict[str, Any]) -> Any:
        kwargs["widget"] = DatePickerWidget()
        return fields.DateField(**kwargs)

    def conv_decimal128(self, model: Any, field: Any, kwargs: dict[str, Any]) -> Any:
        return DecimalBox(places=None, **kwargs)

    def conv_lookup(self, model: Any, field: Any, kwargs: dict[str, Any]) -> Any:
        loader = getattr(self.view, "_form_ajax_refs", {}).get(field.name)
        if loader is None:
            return None
        return LookupField(loader, allow_blank=not field.required, **kwargs)

    def conv_List(self, model: Any, field: Any, kwargs: Any) -> Any:
        loader = getattr(self.view, "_form_ajax_refs", {}).get(field.name)
        if loader is not None:
            return LookupListField(loader, **kwargs)
        if getattr(field.field, "choices", None):
            return TagChoices(
                choices=list(field.field.choices), **{k: v for k, v in kwargs.items() if k != "choices"}
            )
        unbound = super().conv_List(model, field, kwargs)
        if getattr(unbound, "field_class", None) is InlineFieldList:
            unbound.field_class = Parts
        return unbound


def _clean(value: str | None) -> str | None:
    """Return clean text, or None: an empty box stores no empty string."""
    return clean_text(value).strip() or None if value else None


def required(message: str = "必填。") -> validators.InputRequired:
    return validators.InputRequired(message)
