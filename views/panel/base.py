"""The base of all list screens: scoped, denied by default, in Chinese, no write without its service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, redirect, request
from flask_admin import expose
from flask_admin.contrib.mongoengine import ModelView
from flask_login import current_user
from mongoengine import Document, QuerySet

from app.policy import access
from app.policy.resources import RESOURCES
from app.services.core import records, scope
from models.search import matching
from views import acting, by, signed_in
from views.panel import columns, detail, editing, exporting, formats, list_page, rows, saved_views
from views.panel.fields import Converter, ScopedLoader, object_id
from views.panel.filters import Filter, Reference
from views.panel.sections import PageLink, Related, Table, Tables

# An exact count of more costs more than it tells; a search must look into every record that it counts.
COUNT_LIMIT, SEARCH_COUNT_LIMIT = 10_000, 1_000


class ScopedView(ModelView):
    """A screen over one resource; everything that it shows or writes goes through the scope and a service."""

    resource: ClassVar[str]
    # lookups: field → model whose rows may be chosen, always within the actor's scope
    lookups: ClassVar[Mapping[str, type[Document]]] = {}
    detail_groups: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()
    form_groups: ClassVar[Sequence[tuple[str, Sequence[str]]]] = ()
    tab_field: ClassVar[str] = ""  # a field of closed choices whose values become tabs with counts
    year_field: ClassVar[str] = ""  # lists show this year unless the chip is removed
    help_articles: ClassVar[Sequence[int]] = ()
    tables: ClassVar[Sequence[Table | Tables]] = ()
    related: ClassVar[Sequence[Related]] = ()
    page_links: ClassVar[Sequence[PageLink]] = ()

    list_template = "ui/list.html"
    details_template = "ui/details.html"
    create_template = "ui/form.html"
    edit_template = "ui/form.html"
    model_form_converter = Converter
    can_view_details = True
    can_set_page_size = True
    page_size = 20
    page_size_options = (20, 50, 100)
    column_display_actions = False
    column_type_formatters = formats.FORMATTERS
    column_type_formatters_detail = formats.FORMATTERS
    column_type_formatters_export = formats.PLAIN

    api_file_view = None  # docs/traps.md#1: streams any GridFS file
    ajax_update = None  # docs/traps.md#3: writes although can_edit is False
    action_delete = None  # docs/traps.md#2: ignores the scope

    def __init__(self, model: type[Document]) -> None:
        self.resource = scope.resource_of(model)
        if not self.form_columns:  # docs/traps.md#8: without a list, any posted field is stored
            raise ValueError(f"{type(self).__name__}: form_columns must name the fields of its form")
        self.form_ajax_refs = {field: ScopedLoader(field, target) for field, target in self.lookups.items()}
        self.column_labels = columns.labels_of(model) | (self.column_labels or {})
        self.column_sortable_list = self.column_sortable_list or ()
        super().__init__(model, RESOURCES[self.resource].label, endpoint=self.resource)
        if missing := [
            name for name in self.form_columns if not hasattr(self._create_form_class, name)
        ]:  # docs/traps.md#11: some field types vanish from forms without a word
            raise ValueError(f"{type(self).__name__}: not in the form: {missing}")

    # --- rights -------------------------------------------------------------------------------------

    def is_accessible(self) -> bool:
        return signed_in() and self.may("read")

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return redirect(self.get_url("session.login", next=request.full_path))
        return abort(403)

    def may(self, verb: str) -> bool:
        return signed_in() and access.may(acting(), verb, self.resource)

    @property
    def can_create(self) -> bool:
        return self.may("create")

    @property
    def can_edit(self) -> bool:
        return self.may("edit")

    @property
    def can_export(self) -> bool:
        return self.may("export")

    can_delete = False

    def may_edit(self, record: Document) -> bool:
        """Return whether the record's stage lets the actor edit it; the service asks again."""
        return self.can_edit

    def writable(self, record: Document | None) -> Sequence[str]:
        """Return the form's fields that the actor may write on this record, None for a new one."""
        return self.form_columns

    # --- reading ------------------------------------------------------------------------------------

    def get_query(self) -> QuerySet:
        return scope.rows(by(), self.model)

    def get_one(self, id: Any) -> Document:
        """Return the record. Aborts with 404: a foreign record and a missing one look the same."""
        key = object_id(id)
        record = self.get_query().filter(pk=key).first() if key else None
        return record if record is not None else abort(404)

    def get_list(
        self, page, sort_column, sort_desc, search, filters, execute=True, page_size=None, count: bool = True
    ) -> tuple[int | None, list[rows.Row]]:
        query = self.filtered(search, filters)
        size, skipped = page_size or self.page_size, (page or 0) * (page_size or self.page_size)
        chosen = self.sorted(query, sort_column, bool(sort_desc)).skip(skipped).limit(size)
        shown = list(rows.rows(self.model, chosen))
        if 0 < len(shown) < size:
            return skipped + len(shown), shown  # the last page says itself how many there are
        return rows.count(self.model, query, self.count_limit(search) + 1) if count else None, shown

    def count_limit(self, search: str | None) -> int:
        """Return up to which number rows are counted."""
        return SEARCH_COUNT_LIMIT if search else COUNT_LIMIT

    def filtered(self, search: str | None, filters: Any) -> QuerySet:
        """Return the actor's rows that match search and filters, tab included."""
        query = self.get_query()
        for index, _, value in filters or ():
            condition = self._filters[index]
            query = condition.apply(query, condition.clean(value))
        if tab := self.tab():
            query = query.filter(**{self.tab_field: tab})
        if not (search and self._search_supported):
            return query
        return matching(query, search, codes=self.searches_codes())

    def sorted(self, query: QuerySet, column: str | None, descending: bool) -> QuerySet:
        """Sort by a listed column, ties by key in the same direction, as the indexes do (docs/traps.md#28)."""
        return query.order_by(*("-" * down + name for name, down in self.order(column, descending)))

    def order(self, column: str | None, descending: bool) -> list[tuple[str, bool]]:
        """Return the fields to sort by, and whether each falls; the key is always the last."""
        asked = [(column, descending)] if column and self.is_sortable(column) else []
        order = asked or list(self._get_default_order() or [])
        return order if "id" in dict(order) else [*order, ("id", bool(order and order[0][1]))]

    def _get_column_by_idx(self, idx: int | None) -> tuple[str, str] | None:
        column = super()._get_column_by_idx(idx)
        return column if column and columns.visible(self, [column]) else None

    def is_sortable(self, name: str) -> bool:
        return name in self.column_sortable_list

    def column_index(self, name: str) -> int | None:
        """Return the number of a column in addresses, whichever columns are shown."""
        names = [column for column, _ in self._list_columns]
        return names.index(name) if name in names else None

    def init_search(self) -> bool:
        return "search_text" in self.model._fields

    def searches_codes(self) -> bool:
        """Return whether a search looks into credit codes: never for those who may not read them."""
        return "credit_code" not in access.hidden(acting(), self.resource)

    def search_placeholder(self) -> str:
        return "名称、曾用名、代码" if self.searches_codes() else "名称、曾用名"

    def get_empty_list_message(self) -> str:
        return "还没有记录。"

    def get_invalid_value_msg(self, value: str, filter: Filter) -> str:
        return f"筛选条件“{filter.name}”的值不对，已忽略。"

    def get_filter_arg(self, index: int, flt: Filter) -> str:
        return flt.slug

    # --- list page ----------------------------------------------------------------------------------

    def tab(self) -> str:
        """Return the chosen tab, "" for all."""
        chosen = request.args.get("tab", "")
        return chosen if self.tab_field and chosen in dict(self.tab_choices()) else ""

    def tab_choices(self) -> list[tuple[str, str]]:
        return list(self.model._fields[self.tab_field].choices)

    def _get_filter_groups(self) -> dict[str, list[dict[str, Any]]]:
        """Return the filters; choices that depend on the account are made for each page, the others once."""
        groups = super()._get_filter_groups() or {}
        for entry in (entry for group in groups.values() for entry in group):
            if isinstance(flt := self._filters[entry["index"]], Reference):
                entry["options"] = flt.named()
        return groups

    def asked_filters(self) -> list[Any]:
        """Return the filters that the URL asks for."""
        return super()._get_list_filter_args() or []

    def _get_list_filter_args(self) -> list[Any]:
        return list_page.filters_with_year(self)

    def _get_list_url(self, view_args: Any) -> str:
        return list_page.address(self, view_args)

    def render(self, template: str, **context: Any) -> str:
        if template == self.list_template:
            context |= self._list_context(context)
        return super().render(template, **context)

    def _list_context(self, context: dict[str, Any]) -> dict[str, Any]:
        """Return everything that a list shows around its rows; screens add to it."""
        return list_page.context(self, context)

    def batch_actions(self) -> list[tuple[str, str]]:
        """Return the actions on many rows; a plain screen has none."""
        return []

    def extra_buttons(self) -> list[dict[str, str]]:
        return []

    def get_actions_list(self) -> tuple[list[Any], dict[str, str]]:
        return [], {}

    @expose("/views/", methods=("POST",))
    def views_view(self) -> Any:
        """Save this list under a name, or remove such a view."""
        return saved_views.act(self) if access.may(acting(), "create", "savedview") else abort(403)

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """Refuse an invented action: a plain screen has none."""
        abort(404)

    # --- detail -------------------------------------------------------------------------------------

    @expose("/details/")
    def details_view(self) -> str:
        record = self.get_one(request.args.get("id"))
        return self.render(self.details_template, **self.detail_context(record))

    def detail_context(self, record: Document) -> dict[str, Any]:
        """Return everything that the page of a record shows; screens add to it."""
        return detail.context(self, record)

    def header_facts(self, record: Document) -> list[tuple[str, Any]]:
        """Return the facts at the head of the page, label and value."""
        return []

    # --- writing ------------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return editing.create_page(self) if self.can_create else abort(403)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        return editing.edit_page(self, record) if self.can_edit else abort(403)

    def create_record(self, values: dict[str, Any]) -> Document:
        """Create the record, by default through the plain service."""
        return records.create(self.model(**values), by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        return records.update(record, values, version=version, by=by())

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Any:
        """Refuse: drafts are discarded through a service, nothing else is deleted."""
        abort(404)

    # --- export and look-up -------------------------------------------------------------------------

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        return exporting.response(self, export_type) if self.can_export else abort(403)

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        loader = self._form_ajax_refs.get(request.args.get("name", "")) or abort(404)
        return loader.asked_page()
