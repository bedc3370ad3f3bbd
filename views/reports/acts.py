"""Actions on a report's page beside its steps: proofs, a refusal in writing, extensions, a new comparison."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import request

from app.exchange import uploads
from app.exchange.errors import ExchangeError
from app.policy.flow import PolicyError
from app.services import reports
from app.services.core.by import By
from models.reports import AnnualReport
from views.panel.actions import Action
from views.panel.step_inputs import day, text

MAX_BYTES = 20 * 1024 * 1024
PROOFS = ("pdf", "docx", "xlsx", "png", "jpg")

Upload = tuple[uploads.Examined, bytes]


def _posted_proof() -> Upload:
    """Return the posted proof, examined. Raises PolicyError in words."""
    posted = request.files.get("file")
    content = posted.read(MAX_BYTES + 1) if posted else b""
    name = posted.filename if posted else ""
    try:
        return uploads.examine(content, name, allowed=PROOFS, max_size=MAX_BYTES), content
    except ExchangeError as refusal:
        raise PolicyError(str(refusal)) from refusal


def _attach(report: AnnualReport, proof: Upload, *, by: By) -> Any:
    return reports.attach_proof(report, *proof, by=by)


def _decline(report: AnnualReport, proof: Upload, reason: str, *, version: int, by: By) -> AnnualReport:
    return reports.decline_report(report, *proof, reason=reason, version=version, by=by)


ACTIONS = {
    "ask_extension": Action(
        reports.ask_extension,
        {"until": day("until", "延至"), "reason": text("reason")},
        done="延期申请已提交，待市局答复。",
    ),
    "grant_extension": Action(
        partial(reports.answer_extension, granted=True),
        {"reason": text("answer")},
        done=lambda report: f"已同意延期至{reports.correction_due(report)}。",
    ),
    "refuse_extension": Action(
        partial(reports.answer_extension, granted=False),
        {"reason": text("reason")},
        done="已答复：不同意延期。",
    ),
    "attach": Action(_attach, {"proof": _posted_proof}, done="证明材料已上传。"),
    "decline": Action(
        _decline,
        {"proof": _posted_proof, "reason": text("reason")},
        done="已登记书面拒绝填报，书面说明已存档。",
    ),
    "recheck": Action(
        reports.recheck_report, done=lambda report: f"已重新核对：{len(report.findings)} 处疑点。"
    ),
    "discard": Action(reports.discard_draft, done="草稿已删除。"),
}
