"""What the buttons on a paper's page do; each says in a sentence what was done."""

from typing import Any

from flask import request

from app.policy.flow import NotAllowed
from app.services import papers
from models.papers import Paper
from views import by
from views.panel.fields import object_id


def _submit(paper: Paper, version: int) -> str:
    papers.submit(paper, version=version, by=by())
    return "已送审签。"


def _sign(paper: Paper, version: int) -> str:
    papers.sign(paper, by=by(), seen=version)
    return "已审签，由拟稿人编号印发。"


def _send_back(paper: Paper, version: int) -> str:
    papers.send_back(paper, request.form.get("reason", ""), by=by(), seen=version)
    return "已退回拟稿人。"


def _issue(paper: Paper, version: int) -> str:
    made = papers.issue(paper, kept=_kept(), by=by())
    return f"已印发{made.number_text or ''}，内容已冻结。"


def _take_number(paper: Paper, version: int) -> str:
    number = papers.take_number(paper, _kept(), by=by())
    return f"已编号{number.text}；可下载带文号的稿子修改后上传定稿。"


def _kept() -> Any:
    """The number that was picked of those kept for a purpose, None: the next one."""
    picked = request.form.get("kept")
    return papers.find_reserved(object_id(picked)).pk if picked else None


def _upload(paper: Paper, version: int) -> str:
    posted = request.files.get("file")
    if posted is None or not posted.filename:
        raise NotAllowed("请选择定稿文件。")
    papers.upload_final(paper, posted.filename, posted.read(), version=version, by=by())
    return "定稿已通过检查，印发时以此为准。"


def _withdraw(paper: Paper, version: int) -> str:
    papers.withdraw(paper, request.form.get("reason", ""), version=version, by=by())
    return "已撤稿。"


def _correct(paper: Paper, version: int) -> str:
    made = papers.correct(paper, by=by())
    return f"已按原内容拟出更正稿，在公文列表中修改后送签：{made.title}。原公文在更正稿印发前仍然有效。"


def _revoke(paper: Paper, version: int) -> str:
    made = papers.revoke(paper, request.form.get("reason", ""), by=by())
    return f"已拟出撤销公告：{made.title}，送签、印发后原公文撤销。"


def _copy(paper: Paper, version: int) -> str:
    batch = papers.copy_by_rows(paper, request.form.get("table", ""), by=by())
    return f"已拟出 {len(batch.paper_ids)} 份，见批次“{batch.title}”。"


ACTS = {
    "submit": _submit,
    "sign": _sign,
    "send_back": _send_back,
    "issue": _issue,
    "take_number": _take_number,
    "upload": _upload,
    "withdraw": _withdraw,
    "correct": _correct,
    "revoke": _revoke,
    "copy": _copy,
}
