"""Accounts as administrators manage them; they see nothing of the business itself."""

from typing import Any

from flask import flash
from mongoengine import Document
from wtforms import SelectField, StringField

from app.policy.flow import Offer
from app.policy.terms import Role
from app.services import accounts
from models.accounts.people import ACCOUNT_ROLES
from models.registry.evaluators import Evaluator
from models.registry.units import Unit
from views import acting, by
from views.panel import formats
from views.panel.actions import Action
from views.panel.fields import LookupField, ScopedLoader
from views.panel.filters import Choice, YesNo
from views.panel.flow import FlowView
from views.panel.step_inputs import text

REASON = {"reason": text("reason")}


class NamesOnly(ScopedLoader):
    """Units or institutions as an administrator needs them: a name to tie an account to, nothing else."""

    def _rows(self):
        return accounts.assignable_names(self.model, acting())


class UserView(FlowView):
    """Accounts: created, disabled, unlocked, given new passwords."""

    column_list = ("username", "name", "role", "area", "active", "locked_until", "last_login_at")
    column_formatters = {
        "role": formats.words(Role),
        "area": lambda view, context, model, name: formats.area_name(model.area) if model.area else "",
    }
    column_sortable_list = ("username",)
    column_default_sort = "username"
    column_filters = (Choice("role", "角色", ACCOUNT_ROLES), YesNo("active", "启用"))
    form_columns = ("username", "name", "role", "area", "evaluator_id", "unit_id", "handles_tips")
    actions = {
        "reset": Action(
            accounts.reset_password,
            REASON,
            done=lambda password: f"新密码（只显示这一次）：{password}　首次登录须更换。",
        ),
        "second": Action(accounts.reset_second_factor, REASON),
        "unlock": Action(accounts.unlock_user, REASON),
        "disable": Action(accounts.disable_user, REASON),
        "enable": Action(accounts.enable_user, REASON),
    }
    form_overrides = {"username": StringField}
    form_args = {
        "area": {"description": "仅县级经办填写。"},
        "evaluator_id": {"description": "仅第三方机构账号填写。"},
        "unit_id": {"description": "仅申报单位账号填写。"},
        "handles_tips": {"description": "全局只有一个举报专办，须为市局经办（第二十三条）。"},
    }
    detail_groups = (
        ("账号", ("username", "name", "role", "area", "handles_tips", "active")),
        ("登录", ("last_login_at", "locked_until", "password_changed_at", "must_change_password")),
    )

    def __init__(self, model: type[Document]) -> None:
        self.form_extra_fields = {
            "area": SelectField(
                "所属县（市、区）", choices=lambda: [("", "（不填）"), *formats.areas()], default=""
            ),
            "evaluator_id": LookupField(
                NamesOnly("evaluator_id", Evaluator), "所属第三方机构", allow_blank=True
            ),
            "unit_id": LookupField(NamesOnly("unit_id", Unit), "所属单位", allow_blank=True),
        }
        super().__init__(model)
        self._form_ajax_refs |= {
            "evaluator_id": NamesOnly("evaluator_id", Evaluator),
            "unit_id": NamesOnly("unit_id", Unit),
        }

    def init_search(self) -> bool:
        return False

    def writable(self, record: Document | None) -> Any:
        return self.form_columns if record is None else self.form_columns[1:]

    def create_record(self, values: dict[str, Any]) -> Document:
        user, password = accounts.create_user(**values, by=by())
        flash(f"初始密码（只显示这一次）：{password}　首次登录须更换。", "warning")
        return user

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        return accounts.update_user(record, values, version=version, by=by())

    def offers(self, record: Document) -> list[Offer]:
        return accounts.user_offers(record, by=by())
