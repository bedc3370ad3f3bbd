"""Acts behind the buttons of a paper's page; each returns a sentence for the user."""

from __future__ import annotations

from typing import Any

from flask import request

from app.policy.flow import NotAllowed
from app.services import papers
from app.services.core.by import By
from models.papers import Paper
from views.panel.actions import Action
from views.panel.fields import object_id
from views.panel.step_inputs import text

Upload = tuple[str, bytes]  # name and content


def _reserved_number() -> Any:
    """Return the key of the reserved number that was picked, None for the next free one."""
    picked = request.form.get("kept")
    return papers.find_reserved(object_id(picked)).pk if picked else None


def _posted_final() -> Upload:
    posted = request.files.get("file")
    if posted is None or not posted.filename:
        raise NotAllowed("请选择定稿文件。")
    return posted.filename, posted.read()


def _upload_final(paper: Paper, upload: Upload, *, version: int, by: By) -> Paper:
    return papers.upload_final(paper, *upload, version=version, by=by)


def _issued(paper: Paper) -> str:
    return f"已印发{paper.number_text or ''}，内容已冻结。"


def _numbered(number: Any) -> str:
    return f"已编号{number.text}；可下载带文号的稿子修改后上传定稿。"


def _corrected(draft: Paper) -> str:
    return f"已按原内容拟出更正稿，在公文列表中修改后送签：{draft.title}。原公文在更正稿印发前仍然有效。"


def _revoked(draft: Paper) -> str:
    return f"已拟出撤销公告：{draft.title}，送签、印发后原公文撤销。"


def _copied(batch: Any) -> str:
    return f"已拟出 {len(batch.paper_ids)} 份，见批次“{batch.title}”。"


ACTIONS = {
    "submit": Action(papers.submit, done="已送审签。"),
    "sign": Action(papers.sign, done="已审签，由拟稿人编号印发。"),
    "send_back": Action(papers.send_back, {"answer": text("reason")}, done="已退回拟稿人。"),
    "issue": Action(papers.issue, {"reserved_id": _reserved_number}, done=_issued),
    "take_number": Action(papers.take_number, {"reserved_id": _reserved_number}, done=_numbered),
    "upload": Action(_upload_final, {"upload": _posted_final}, done="定稿已通过检查，印发时以此为准。"),
    "withdraw": Action(papers.withdraw, {"reason": text("reason")}, done="已撤稿。"),
    "correct": Action(papers.correct, done=_corrected),
    "revoke": Action(papers.revoke, {"reasons": text("reason")}, done=_revoked),
    "copy": Action(papers.copy_by_rows, {"table": text("table")}, done=_copied),
}
