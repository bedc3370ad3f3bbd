"""What a report's page takes beside its steps: a proof, a refusal in writing, comparing again, discarding a draft."""

from typing import Any

from flask import request

from app.exchange import uploads
from app.exchange.errors import ExchangeError
from app.policy.flow import PolicyError
from app.services.reports import acts, extensions
from models.reports import AnnualReport
from views.panel import step_inputs

MOST_FILE = 20 * 1024 * 1024
PROOFS = ("pdf", "docx", "xlsx", "png", "jpg")


def _uploaded() -> tuple[uploads.Examined, bytes]:
    """The posted proof, examined. Raises PolicyError in words."""
    posted = request.files.get("file")
    content = posted.read(MOST_FILE + 1) if posted else b""
    try:
        return uploads.examine(
            content, posted.filename if posted else "", allowed=PROOFS, max_size=MOST_FILE
        ), content
    except ExchangeError as refusal:
        raise PolicyError(str(refusal)) from refusal


def _attach(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    acts.attach(record, *_uploaded(), **who)
    return "证明材料已上传。"


def _decline(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    acts.decline(record, *_uploaded(), reason=request.form.get("reason", ""), version=version, **who)
    return "已登记书面拒绝填报，书面说明已存档。"


def _recheck(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    return f"已重新核对：{len(acts.recheck(record, version=version, **who).findings)} 处疑点。"


def _discard(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    acts.discard(record, version=version, **who)
    return "草稿已删除。"


def _ask_extension(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    until = step_inputs.day("until", "延至")
    extensions.ask(record, until, request.form.get("reason", ""), version=version, **who)
    return "延期申请已提交，待市局答复。"


def _grant_extension(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    fresh = extensions.answer(record, True, request.form.get("answer", ""), version=version, **who)
    return f"已同意延期至{extensions.due(fresh)}。"


def _refuse_extension(record: AnnualReport, version: int, who: dict[str, Any]) -> str:
    extensions.answer(record, False, request.form.get("reason", ""), version=version, **who)
    return "已答复：不同意延期。"


ACTS = {
    "ask_extension": _ask_extension,
    "grant_extension": _grant_extension,
    "refuse_extension": _refuse_extension,
    "attach": _attach,
    "decline": _decline,
    "recheck": _recheck,
    "discard": _discard,
}
