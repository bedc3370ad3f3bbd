"""The form of an annual report: drawn from the definition, read back for the service."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import request

from app import clock
from app.policy.flow import NotAllowed
from app.policy.reports import calculation, cell_values, formula_words, self_check
from app.policy.reports.indicators import Definition, Indicator
from app.policy.terms import ChangeKind, Kind
from app.services import reports
from app.services.core import audit, records, scope
from models.registry.units import Unit
from models.reports import AnnualReport, ChangeStatement
from views import by
from views.panel import detail, editing

HEAD = ("platform_receipt", "submitted_on", "stated_name", "stated_address", "stated_boundary")
HELP = {
    "platform_receipt": "以管理平台回执为准（第六条）。",
    "submitted_on": "年-月-日，以管理平台回执为准；每年4月15日前（第十八条）。退回补正后仍以首次日期为准。",
    "stated_name": "照管理平台表头填写；与登记不一致时须说明变更。",
    "stated_address": "照管理平台表头填写。",
    "stated_boundary": "仅园区填写。",
}


def page(view: Any, record: AnnualReport, posted: Any = None, errors: Mapping[str, str] | None = None) -> Any:
    """Return the form with the stored values, or with the typed ones and their errors."""
    _, definition = reports.form_definition(record)
    errors = errors or {}
    return view.render(
        "ui/report_form.html",
        title=f"填报：{record}",
        record=record,
        version=record.version,
        preview=False,
        note=errors.get(""),
        errors={name: text for name, text in errors.items() if name},
        labels={**definition.names, **{name: records.label_of(record, name) for name in HEAD}},
        head=_head(record, posted, errors),
        sections=sections(definition, record, posted, errors),
        statements=_statements(record, posted),
        questions=_questions(record, posted),
        derive_url=view.get_url(".derive_view"),
        return_url=view.get_url(".details_view", id=record.pk),
        help_articles=detail.articles((18, 20)),
    )


def sections(
    definition: Definition,
    record: AnnualReport | None = None,
    posted: Any = None,
    errors: Mapping[str, str] | None = None,
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the cells by group, as the form draws them; without a record those of a preview."""
    cells = record.cells if record else {}
    last = _last_year(record)
    numbers = calculation.figures(definition, cells)
    skipped = set(posted.getlist("skipped") if posted else record.skipped if record else ())

    def cell(indicator: Indicator) -> dict[str, Any]:
        stored = cells.get(indicator.key)
        typed = posted.get(f"v-{indicator.key}", "") if posted else _typed(stored)
        return {
            "one": indicator,
            "id": f"v-{indicator.key}",
            "value": typed,
            "skipped": indicator.key in skipped,
            "derived": cell_values.cell_text(indicator, numbers.get(indicator.key))
            if indicator.formula
            else "",
            "formula": _in_words(indicator, definition),
            "error": (errors or {}).get(indicator.key, ""),
            "last": cell_values.cell_text(indicator, last.get(indicator.key)),
            "limits": _limits(indicator),
        }

    return [(group, [cell(report) for report in members]) for group, members in definition.sections()]


def _in_words(indicator: Indicator, definition: Definition) -> str:
    return formula_words.in_words(indicator.formula, definition.names) if indicator.formula else ""


def _limits(indicator: Indicator) -> str:
    if indicator.formula or (indicator.minimum is None and indicator.maximum is None):
        return ""
    low, high = (
        cell_values.plain(limit) if limit is not None else "不限"
        for limit in (indicator.minimum, indicator.maximum)
    )
    return f"允许 {low} 至 {high}"


def _typed(value: Any) -> str:
    """Return a stored cell as the box shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return (
        f"{value.normalize():f}" if hasattr(value, "normalize") and not isinstance(value, str) else str(value)
    )


def _last_year(record: AnnualReport | None) -> dict[str, Any]:
    if record is None:
        return {}
    previous = reports.previous_report(record, by=by())
    return {**previous.cells, **previous.numbers} if previous else {}


def _head(record: AnnualReport, posted: Any, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    locked = reports.was_filed(record)
    names = [name for name in HEAD if name != "stated_boundary" or record.kind == Kind.PARK]
    registered = _registered(record)
    return [
        {
            "name": name,
            "label": records.label_of(record, name),
            "value": posted.get(name, "") if posted else getattr(record, name) or "",
            "help": HELP[name] + (f"登记为：{registered[name]}" if registered.get(name) else ""),
            "error": errors.get(name, ""),
            "locked": locked and name in reports.PLATFORM_FIELDS,
            "most": getattr(record._fields[name], "max_length", None) or 20,
        }
        for name in names
    ]


def _registered(record: AnnualReport) -> dict[str, str]:
    unit = scope.find(by(), Unit, record.unit_id)
    if unit is None:
        return {}
    address = unit.production or unit.registered
    return {"stated_name": unit.name, "stated_address": (address.text or "") if address else ""}


def _statements(record: AnnualReport, posted: Any) -> list[dict[str, Any]]:
    stored = {statement.kind: statement for statement in record.statements}
    rows = []
    for kind in ChangeKind:
        one = stored.get(kind.value)
        fields = {
            name: posted.get(f"s-{kind.value}-{name}", "") if posted else str(getattr(one, name, None) or "")
            for name in ("before", "after", "changed_on", "reason")
        }
        stated = posted.get(f"s-{kind.value}") == "yes" if posted else one is not None
        rows.append({"kind": kind, "stated": stated, "fields": fields})
    return rows


def _questions(record: AnnualReport, posted: Any) -> list[dict[str, Any]]:
    rows = []
    for question in self_check.QUESTIONS:
        given = record.answers.get(question.code) or {}
        answer = posted.get(f"a-{question.code}", "") if posted else given.get("answer", "")
        note = posted.get(f"n-{question.code}", "") if posted else given.get("note", "")
        rows.append({"question": question, "answer": answer, "note": note})
    return rows


# --- reading back -----------------------------------------------------------------------------------------


def filing(record: AnnualReport, lenient: bool = False) -> reports.Filing:
    """Return the posted form; parts that it did not hold stay as they are. `lenient`: while typing, no refusals."""
    form = request.form
    _, definition = reports.form_definition(record)
    cells = {
        indicator.key: form[f"v-{indicator.key}"]
        for indicator in definition.inputs
        if f"v-{indicator.key}" in form
    }
    head: dict[str, Any] = {
        name: form[name].strip() or None for name in HEAD if name in form and name != "submitted_on"
    }
    if "submitted_on" in form:
        head["submitted_on"] = _day(form["submitted_on"], "管理平台提交日期", lenient)
    held = set(form.get("_fields", "").split())
    return reports.Filing(
        cells=cells,
        skipped=form.getlist("skipped") if "skipped" in held else None,
        head=head or None,
        answers=dict(_answers()) if "answers" in held else None,
        statements=list(_stated(record, lenient)) if "statements" in held else None,
    )


def _day(text: str, label: str, lenient: bool) -> date | None:
    written = text.strip().replace("/", "-").replace("年", "-").replace("月", "-").removesuffix("日")
    try:
        day = date.fromisoformat("-".join(part.zfill(2) for part in written.split("-"))) if written else None
    except ValueError:
        if lenient:
            return None
        raise records.Invalid(
            {"submitted_on": f"{label}“{text[:20]}”应写成“年-月-日”，如 2026-04-10。"}
        ) from None
    if day and day > clock.today() and not lenient:
        raise records.Invalid({"submitted_on": f"{label}{day}晚于今天，请核对。"})
    return day


def _answers() -> Iterator[tuple[str, dict[str, str]]]:
    for question in self_check.QUESTIONS:
        answer = request.form.get(f"a-{question.code}", "")
        note = request.form.get(f"n-{question.code}", "").strip()[:500]
        if answer in dict(question.choices) or note:
            yield question.code, {"answer": answer if answer in dict(question.choices) else "", "note": note}


def _stated(record: AnnualReport, lenient: bool) -> Iterator[ChangeStatement]:
    stored = {statement.kind: statement for statement in record.statements}
    for kind in ChangeKind:
        if request.form.get(f"s-{kind.value}") != "yes":
            continue
        given = {
            name: request.form.get(f"s-{kind.value}-{name}", "").strip()
            for name in ("before", "after", "reason")
        }
        day = _day(request.form.get(f"s-{kind.value}-changed_on", ""), f"{kind.label}的手续办结日期", lenient)
        missing = self_check.statement_gaps(given | {"changed_on": day})
        if missing and not lenient:
            labels = "、".join(ChangeStatement._fields[name].verbose_name for name in missing)
            raise NotAllowed(f"已声明“{kind.label}”，请填写{labels}（第二十条）。")
        known = stored.get(kind.value)
        yield ChangeStatement(
            kind=kind.value, changed_on=day, change_id=known.change_id if known else None, **given
        )


# --- two people at once -----------------------------------------------------------------------------------


def conflict(view: Any, record: AnnualReport) -> tuple[str, int]:
    """Show both versions, cell by cell; nothing was written and nothing typed is lost."""
    theirs = view.get_one(record.pk)
    _, definition = reports.form_definition(theirs)
    rows = []
    for indicator in definition.inputs:
        name = f"v-{indicator.key}"
        if name in request.form:
            now, mine = _typed(theirs.cells.get(indicator.key)), request.form[name]
            rows.append((indicator.heading, None, now, mine, now != mine))
    for name in HEAD:
        if name in request.form:
            now, mine = str(getattr(theirs, name) or ""), request.form[name]
            rows.append((records.label_of(theirs, name), None, now, mine, now != mine))
    last = audit.history(record).first()
    html = view.render(
        "ui/conflict.html",
        title=f"{record}：内容已被他人修改",
        rows=[row for row in rows if row[4]],
        theirs_by=last.name if last else "",
        theirs_at=last.at if last else None,
        version=theirs.version,
        fields=[
            (key, value)
            for key, value in request.form.items(multi=True)
            if key not in (editing.VERSION, editing.RESOLVE, "csrf_token")
        ],
        theirs_url=view.get_url(".details_view", id=record.pk),
        post_url=view.get_url(".edit_view", id=record.pk),
    )
    return html, 409
