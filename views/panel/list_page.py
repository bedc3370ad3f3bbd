"""The list page around its rows: tabs with counts, chips of active filters, buttons, exports."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from app import clock
from views.panel import cells, columns, saved_views


def context(view: Any, listed: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the list template, beside the rows `listed` that Flask-Admin read for it."""
    arguments = view._get_list_extra_args()
    count, limit = listed["count"], view.count_limit(listed["search"])
    shown = columns.shown(view)
    return {
        # The default year is a chip, not a condition that somebody set: the panel stays closed for it.
        "active_filters": view.asked_filters(),
        "list_columns": shown,
        "table": cells.table(view, listed["data"], listed["return_url"], shown),
        "column_choices": columns.choices(view),
        "saved_views": saved_views.panel(view),
        "tabs": _tabs(view, arguments),
        "chips": _chips(view, arguments),
        "count_label": f"{limit:,}+" if count is not None and count > limit else None,
        "export_urls": _export_urls(view) if view.can_export else None,
        "batch_actions": view.batch_actions(),
        "extra_buttons": view.extra_buttons(),
    }


def filters_with_year(view: Any) -> list[Any]:
    """Return the filters that the URL asks for, and this year unless it names a year or has removed the chip."""
    filters = view.asked_filters()
    if not view.year_field or request.args.get("year") == "all" or request.args.get("search"):
        return filters
    index = next(i for i, flt in enumerate(view._filters) if flt.column == view.year_field)
    if all(entry[0] != index for entry in filters):
        filters.append((index, view._filters[index].name, str(clock.today().year)))
    return filters


def address(view: Any, arguments: Any) -> str:
    """Return the address of the list, as Flask-Admin has it but without asking the router for the same path again."""
    values = {
        "page": arguments.page or None,
        "sort": arguments.sort,
        "desc": 1 if arguments.sort_desc else None,
        "search": arguments.search,
        **arguments.extra_args,
        "page_size": view.get_safe_page_size(arguments.page_size),
        **view._get_filters(arguments.filters),
    }
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return f"{request.script_root}{view.url}/?{query}"


def _chips(view: Any, arguments: Any) -> list[dict[str, str]]:
    """Return the active filters, each with the address of the list without it."""
    shown = []
    for entry in arguments.filters or ():
        rest = [other for other in arguments.filters if other is not entry]
        flt = view._filters[entry[0]]
        extra = dict(arguments.extra_args)
        if flt.column == view.year_field:
            extra["year"] = "all"
        url = view._get_list_url(arguments.clone(filters=rest, page=0, extra_args=extra))
        operator = "" if flt.wording == "等于" else flt.wording
        shown.append({"label": f"{flt.name}{operator}：{flt.shown(entry[2])}", "remove_url": url})
    return shown


def _tabs(view: Any, arguments: Any) -> list[dict[str, Any]]:
    """Return a tab for each value that occurs, with its count under the present filters."""
    if not view.tab_field:
        return []
    query = view.get_query()
    for index, _, value in arguments.filters or ():
        query = view._filters[index].apply(query, view._filters[index].clean(value))
    counted = query.aggregate([{"$group": {"_id": f"${view.tab_field}", "n": {"$sum": 1}}}])
    counts = {row["_id"]: row["n"] for row in counted}
    chosen = view.tab()

    def entry(code: str, label: str, count: int) -> dict[str, Any]:
        extra = {key: value for key, value in arguments.extra_args.items() if key != "tab"}
        url = view._get_list_url(arguments.clone(page=0, extra_args=extra | ({"tab": code} if code else {})))
        return {"label": label, "count": count, "url": url, "active": chosen == code}

    values = [(code, label) for code, label in view.tab_choices() if code in counts or code == chosen]
    return [
        entry("", "全部", sum(counts.values())),
        *(entry(code, label, counts.get(code, 0)) for code, label in values),
    ]


def _export_urls(view: Any) -> dict[str, str]:
    arguments = request.args.to_dict(flat=True)
    return {kind: view.get_url(".export", export_type=kind, **arguments) for kind in ("xlsx", "csv")}
