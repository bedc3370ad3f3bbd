"""The form of a kind of paper, made from its inputs: a field for each, tables pasted or chosen."""

from datetime import date, datetime
from types import UnionType
from typing import Any, get_args

from flask import request
from flask_admin.form import BaseForm, DatePickerWidget, FormOpts
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField

from app import clock
from app.documents.kinds import KINDS
from app.documents.kinds.inputs import labels_of, row_type, types_of
from app.policy import papers as catalogue
from app.services import papers, prefills
from views.panel import formats
from views.panel.fields import LookupListField, TagChoices

CHOSEN = "__chosen"  # after the name of a table: entries of the list to be added to it
LONG = ("asks", "matter", "scope", "losses", "conclusion", "addressees", "ground_text")
CHOICES = {
    "publicity": ("主动公开", "依申请公开", "不予公开"),
    "opinion": ("同意变更并保留", "重新评价", "不同意变更"),
    "day_type": ("工作日", "自然日"),
    "kind_label": ("绿色工厂", "绿色工业园区", "绿色供应链管理企业"),
}
HEAD = ("issuer", "signed_on", "contact", "phone", "rules_title", "rules_number", "cc", "publicity")
ADDRESSED = ("areas", "unit_ids")
PASTED = "从表格软件复制后粘贴，一行一条，依次为："


def make(view: Any, kind: str, inputs: Any = None, addressed: dict[str, Any] | None = None) -> BaseForm:
    """Return the form bound to the posted values, else the given inputs, else the known values."""
    fields: dict[str, Any] = {}
    inputs_type = KINDS[kind].inputs
    for name, hint in types_of(inputs_type).items():
        fields |= _fields(view, name, hint, labels_of(inputs_type)[name])
    fields["areas"] = TagChoices(
        "可见的县（市、区）", choices=formats.areas(), description="印发后这些县（市、区）可以查看。"
    )
    fields["unit_ids"] = LookupListField(
        view._form_ajax_refs["unit_ids"], label="可见的单位", description="印发后这些单位可以查看。"
    )
    cls = type("PaperForm", (BaseForm,), fields)
    known = _shown(inputs) if inputs is not None else _beforehand(kind)
    data = known | (addressed or {"areas": _to_all(kind), "unit_ids": []})
    return cls(request.form if request.method == "POST" else None, data=data)


def _beforehand(kind: str) -> dict[str, Any]:
    """Return the values that the rule pack, the bureau and this year's cases give."""
    now = clock.now()
    from_cases = {
        name: papers.input_as_text(value)
        for name, value in prefills.prefilled_inputs(kind, now.date()).items()
    }
    return papers.default_inputs(kind, now) | from_cases


def _to_all(kind: str) -> list[str]:
    """Return every area for papers to all areas or the public; a letter about one unit shows to nobody yet."""
    public = ("各县（市、区）", "社会公众")
    everybody = catalogue.KINDS[kind].addressee.startswith(public)
    return [code for code, _ in formats.areas()] if everybody else []


def _fields(view: Any, name: str, hint: Any, label: str) -> dict[str, Any]:
    if row := row_type(hint):
        help_text = PASTED + "、".join(papers.table_headings(row)) + "。"
        made = {name: TextAreaField(label, description=help_text, render_kw={"rows": 6})}
        if row in papers.ROW_BUILDERS:
            made[name + CHOSEN] = LookupListField(
                view._form_ajax_refs["entries"],
                label=f"从名单选择，加入{label}",
                description="保存时加在表格之后。",
            )
        return made
    inner = (
        next((part for part in get_args(hint) if part is not type(None)), hint)
        if isinstance(hint, UnionType)
        else hint
    )
    return {name: _scalar(name, label, inner, get_args(hint))}


def _scalar(name: str, label: str, hint: Any, of: tuple[Any, ...]) -> Any:
    if name in CHOICES:
        return SelectField(label, choices=[(choice, choice) for choice in CHOICES[name]])
    if hint is bool:
        return BooleanField(label)
    if hint is int:
        return IntegerField(label)
    if hint is date:
        return DateField(label, widget=DatePickerWidget())
    if hint is datetime:
        return StringField(label, description="年-月-日 时:分，如 2026-06-12 09:30。")
    if of and of[-1] is Ellipsis:
        return TextAreaField(label, description="一行一段（或一个单位）。", render_kw={"rows": 4})
    return TextAreaField(label, render_kw={"rows": 3}) if name in LONG else StringField(label)


def _shown(inputs: Any) -> dict[str, Any]:
    values = {name: papers.input_as_text(getattr(inputs, name)) for name in types_of(type(inputs))}
    return {
        name: f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def inputs_of(kind: str, form: BaseForm) -> Any:
    """Return the inputs typed, pasted and chosen. Raises NotAllowed naming the field."""
    hints = types_of(KINDS[kind].inputs)
    values = {name: _typed(form[name], hint) for name, hint in hints.items()}
    inputs = papers.build_inputs(kind, values)
    for name, hint in hints.items():
        chosen = form[name + CHOSEN].data if name + CHOSEN in form else None
        if chosen:
            rows = (
                *getattr(inputs, name),
                *papers.table_rows(row_type(hint), chosen, clock.now().date()),
            )
            inputs = papers.build_inputs(kind, values | {name: rows})
            values[name] = rows
    return inputs


def _typed(field: Any, hint: Any) -> Any:
    """Return a field's value, or its raw text where it could not be read, so that the refusal names it."""
    if isinstance(field, BooleanField):
        return bool(field.data)
    if field.data is None:
        return (field.raw_data or [""])[0] or ("" if not isinstance(hint, UnionType) else None)
    return field.data


def addressed_of(form: BaseForm) -> dict[str, Any]:
    """Return the areas and units that may read the issued paper."""
    return {
        "areas": list(form["areas"].data or ()),
        "unit_ids": [unit.pk for unit in form["unit_ids"].data or ()],
    }


def context(kind: str, form: BaseForm) -> dict[str, Any]:
    """Return the groups of the form page: matter, tables, signature, visibility."""
    names = [field.name for field in form]
    hints = types_of(KINDS[kind].inputs)
    tables = [name for name in names if row_type(hints.get(name.removesuffix(CHOSEN)))]
    matter = [name for name in names if name not in (*tables, *HEAD, *ADDRESSED)]
    head = [name for name in HEAD if name in names]
    groups = (
        ("正文要素", matter),
        ("名单和表格", tables),
        ("发文机关、联系人和版记", head),
        ("谁可以看", list(ADDRESSED)),
    )
    return {
        "form": form,
        "form_opts": FormOpts(widget_args=None, form_rules=None),
        "form_groups": [(title, group) for title, group in groups if group],
    }
