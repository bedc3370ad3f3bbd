"""Proposed settings with their approval and reversal."""

from mongoengine import Document

from app.policy.flow import Offer
from app.policy.terms import ProposalState
from app.services import settings
from app.services.core import rules
from views import acting
from views.panel import formats
from views.panel.actions import Action
from views.panel.filters import Choice
from views.panel.flow import FlowView
from views.panel.published import Published
from views.panel.step_inputs import text


def _targets() -> list[tuple[str, str]]:
    return [
        (settings.HOLIDAYS, "节假日"),
        *((row.key, row.label) for row in rules.pack().discretion.values()),
    ]


class ProposalView(Published, FlowView):
    """Changes of settings: proposed by the city, approved by its lead, all kept and reversible."""

    column_list = (
        "label",
        "former_shown",
        "shown",
        "note",
        "state",
        "prepared_name",
        "prepared_at",
        "decided_name",
    )
    column_formatters = {"state": formats.label(ProposalState)}
    column_default_sort = ("id", True)
    column_filters = (
        Choice("target", "事项", _targets),
        Choice("state", "状态", ProposalState.choices()),
    )
    tab_field = "state"
    actions = {
        "approve": Action(
            settings.approve_change, {"answer": text("answer")}, done="已批准，从现在起按新的取值办理。"
        ),
        "send_back": Action(
            settings.send_back_change, {"answer": text("reason")}, done="已退回，现行取值不变。"
        ),
        "undo": Action(settings.propose_reversal, {"reason": text("reason")}, done="已提出改回，待审批。"),
    }
    form_columns = ("note",)
    detail_groups = (
        ("拟改", ("label", "former_shown", "shown", "note", "state")),
        ("办理", ("prepared_name", "prepared_at", "decided_name", "decided_at", "answer")),
    )

    def get_empty_list_message(self) -> str:
        return "还没有修改过：全部按规则包的默认值和内置日历。"

    def offers(self, record: Document) -> list[Offer]:
        return settings.change_offers(record, actor=acting())
