"""The page of a paper: its file, related papers and cases, the choice of a reserved number."""

from collections.abc import Iterator
from typing import Any

from flask import url_for

from app import documents
from app.services import papers
from app.services.core import scope
from models.papers import Paper, PaperBatch
from views import acting, by
from views.panel.sections import Link, PageLink, Related


def may_preview(view: Any, record: Paper) -> bool:
    """Return whether the file may be read: of a draft by the bureau, once issued by all who see the paper."""
    return bool(record.attachment_id or view.may("export"))


def may_reword(view: Any, record: Paper) -> bool:
    """Return whether the actor may change the paper's own wording now."""
    return bool(view.can_edit and papers.may_draft(acting()) and record.open)


PAGE_LINKS = (
    PageLink("预览与版式检查", ".checks_view", "fa-eye", when=may_preview),
    PageLink("修改用语", ".reword_view", "fa-font", when=may_reword),
)


def files(view: Any, record: Paper) -> list[tuple[str, ...]]:
    """Return the paper's file: name, address, remark, digest, address of its preview."""
    if not may_preview(view, record):
        return []
    docx, pdf = (view.get_url(".draft", id=record.pk, format=form) for form in ("docx", "pdf"))
    preview = pdf if documents.available() else ""
    if record.attachment_id:
        name, remark = f"{record.number_text or ''}{record.title}.docx", ""
    else:
        name, remark = "拟稿（docx）", _draft_remark(record)
    return [(name, docx, remark, record.sha256 or "", preview)]


def _draft_remark(record: Paper) -> str:
    if record.final_id:
        return "定稿已上传"
    number = papers.number_of(record)
    return number.text if number else "未编号"


def _decision_link(view: Any, record: Paper) -> Iterator[Link]:
    if record.decision_id and view.may("export"):
        yield Link("审批单", url_for("decision.details_view", id=record.decision_id))


def _batch_link(view: Any, record: Paper) -> Iterator[Link]:
    if record.batch_id and view.may("export"):
        batch = scope.find(by(), PaperBatch, record.batch_id)
        yield Link(str(batch), url_for("paperbatch.details_view", id=record.batch_id))


def _succession_links(view: Any, record: Paper) -> Iterator[Link]:
    for key in (record.corrects_id, record.replaced_by):
        if other := scope.find(by(), Paper, key) if key else None:
            yield Link(str(other), view.get_url(".details_view", id=other.pk), other.get_state_display())


RELATED = (
    Related("依据", (_decision_link,)),
    Related("批次", (_batch_link,)),
    Related("更正关系", (_succession_links,)),
)


def reserved_number_input(record: Paper) -> list[dict[str, Any]]:
    """Return the choice among the reserved numbers of the paper's series, [] where there are none."""
    reserved = papers.free_reserved(record.series, record.year)
    if not reserved:
        return []
    choices = [(str(number.pk), f"{number.text}（{number.purpose}）") for number in reserved]
    help_text = "不选则取下一个号。"
    return [{"name": "kept", "label": "使用预留文号", "choices": choices, "help": help_text}]
