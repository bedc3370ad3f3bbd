"""Acts offered on the pages of papers and batches, with the reason where one is not possible."""

from __future__ import annotations

from collections import Counter

from app.policy import access
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.flow import Offer, PolicyError
from app.policy.terms import PaperState, Succession
from app.services.papers import batches, drafts, numbers, rendering, signing, succession
from app.services.papers import succession as successions
from app.services.papers.values import from_plain
from models.papers import Paper, PaperBatch


def paper_offers(paper: Paper, *, actor: Actor) -> list[Offer]:
    """Return the acts for a paper in the order of its life; a paper of a decision moves with its decision."""
    if paper.decision_id is None or paper.attachment_id:
        if access.may(actor, "approve", "paper") and paper.state == PaperState.SUBMITTED.value:
            why = signing.signing_obstacle(paper, actor)
            return [
                Offer("sign", "审签", why, note="审签后由市局经办编号印发。"),
                Offer("send_back", "退回", why, ("reason",), grave=True),
            ]
        if drafts.may_draft(actor):
            return _FOR_CITY.get(PaperState(paper.state), lambda paper: [])(paper)
    return []


def _drafted(paper: Paper) -> list[Offer]:
    try:
        rendering.demand_complete(paper, from_plain(paper.kind, paper.inputs))
        why = ""
    except PolicyError as refusal:
        why = str(refusal)
    shown = [Offer("submit", "送审签", why)]
    if paper.series and numbers.number_of(paper) is None:
        shown.append(
            Offer(
                "take_number",
                "先编号",
                note="需要在 Word 或 WPS 中修改定稿时，先编号，下载带文号的稿子，改好后上传。",
            )
        )
    shown.append(Offer("upload", "上传定稿", _why_not_upload(paper), ("file",), UPLOAD_NOTE))
    if not paper.batch_id and not paper.corrects_id:
        shown.append(Offer("copy", "按表成批", asks=("paper_table",)))
    return [*shown, _withdraw(paper)]


def batch_offers(batch: PaperBatch, *, actor: Actor) -> list[Offer]:
    """Return the acts for a batch with the number of letters each applies to."""
    waiting = Counter(paper.state for paper in batches.papers_of(batch))
    drafted, submitted, signed = (
        waiting[state.value] for state in (PaperState.DRAFTED, PaperState.SUBMITTED, PaperState.SIGNED)
    )
    if drafts.may_draft(actor):
        shown = [("submit", "全部送审签", drafted, ""), ("issue", "预检并编号印发", signed, "")]
    elif access.may(actor, "approve", "paper"):
        shown = [("sign", "全部审签", submitted, "逐份审签；自己拟制或修改过的不能审签。")]
    else:
        shown = []
    return [Offer(act, f"{label}（{count} 份）", note=note) for act, label, count, note in shown if count]


UPLOAD_NOTE = "检查版式、文号、验证码和表格中的单位名称；通过后印发时以此文件为准。"


def _why_not_upload(paper: Paper) -> str:
    """Return why a finished file cannot be uploaded yet, or ""."""
    return "请先编号。" if paper.series and numbers.number_of(paper) is None else ""


def _submitted(paper: Paper) -> list[Offer]:
    return [_withdraw(paper)]


def _signed(paper: Paper) -> list[Offer]:
    return [Offer("issue", "编号印发", note="编号并冻结内容，印发后不能再改。"), _withdraw(paper)]


def _withdraw(paper: Paper) -> Offer:
    return Offer(
        "withdraw", "撤稿", asks=("reason",), note="已编的文号同时作废，登记簿保留并注明理由。", grave=True
    )


def _issued(paper: Paper) -> list[Offer]:
    again = succession.redraft_obstacle(catalogue.KINDS[paper.kind])
    again = again or succession.succession_obstacle(paper, Succession.REPLACES)
    gone = succession.succession_obstacle(paper, Succession.REVOKES)
    kept = "本公文的内容和文号不变。"
    then = f"印发后本公文撤销；{successions.revocation_consequence(paper)}{kept}"
    return [
        Offer("correct", "更正重发", again, note=f"按原内容拟一份新稿，印发后替代本公文；{kept}"),
        Offer(
            "revoke",
            "撤销",
            gone,
            ("reason",),
            f"拟一份撤销公告，{then}",
            grave=True,
        ),
    ]


_FOR_CITY = {
    PaperState.DRAFTED: _drafted,
    PaperState.SUBMITTED: _submitted,
    PaperState.SIGNED: _signed,
    PaperState.ISSUED: _issued,
}
