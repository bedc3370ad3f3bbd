"""Evaluation reports, submitted and revised with their files (第十二条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.exchange import uploads
from app.exchange.uploads import UploadRefused
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.terms import Mode, Role, Stage
from app.services.core import files, records, scope
from app.services.core.by import By
from app.services.core.records import Invalid
from app.services.filing import scores
from models.database import transactional
from models.files import Attachment
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.registry.evaluators import Evaluator
from models.registry.units import Unit

ALLOWED_TYPES = ("pdf", "docx")
MAX_BYTES = 50 * 1024 * 1024

Upload = tuple[str, bytes]  # name and content


def evaluation_fields(role: Role) -> Sequence[str]:
    """Return the fields of a report that a role fills in: only an institution declares for itself."""
    own = ("institution_declaration", "conflict_statement") if role is Role.EVALUATOR else ()
    return (
        "unit_id",
        "kind",
        "year",
        "standard",
        "basic",
        "score",
        "highlights",
        "file",
        "unit_declaration",
        *own,
    )


def may_revise_evaluation(report: Evaluation, actor: Actor) -> bool:
    """Return whether the actor submitted the report and its application is still in draft or correction."""
    if actor.role in (Role.COUNTY, Role.UNIT):
        own = report.mode == Mode.SELF
    else:
        own = report.evaluator_id == actor.evaluator_id
    return own and not _frozen(report)


def _frozen(report: Evaluation) -> bool:
    """Return whether the report is under judgement: from submission to the end of the round it stays as it is."""
    application = (
        Application.objects(unit_id=report.unit_id, kind=report.kind, year=report.year).only("stage").first()
    )
    return application is not None and Stage(application.stage) not in Stage.DRAFT | Stage.RETURNED


def submit_evaluation(values: Mapping[str, Any], upload: Upload | None, *, by: By) -> Evaluation:
    """Submit a report with its file. Raises NotAllowed (not engaged, twice), Invalid (file, score, standard)."""
    unit = scope.find(by, Unit, values.get("unit_id"))
    if unit is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    report = Evaluation(**values, submitted_at=by.now, **_author(by.actor))
    report.copy_unit(unit)
    if not scope.covers(by, report):
        raise NotAllowed("该单位本年度、本类别没有委托贵机构，不能提交评价报告。")
    existing = Evaluation.objects(unit_id=report.unit_id, kind=report.kind, year=report.year).first()
    if existing is not None:
        return _submit_on_existing(existing, report, values, upload, by=by)
    _demand_complete(report, upload)
    return _create(report, _store(upload, by=by), by=by)


@transactional
def _create(report: Evaluation, attachment: Attachment, *, by: By) -> Evaluation:
    report.attachment_id = attachment.pk
    saved = records.create(report, by=by)
    files.finalise(attachment, saved, by=by)
    scores.refresh_score(saved)
    return saved


def _submit_on_existing(
    existing: Evaluation,
    report: Evaluation,
    values: Mapping[str, Any],
    upload: Upload | None,
    *,
    by: By,
) -> Evaluation:
    """Submit on the record that a ledger has entered already without a file."""
    if (
        existing.attachment_id is not None
        or existing.mode != report.mode
        or existing.evaluator_id != report.evaluator_id
    ):
        raise NotAllowed("该单位本年度、本类别已有评价报告，请在原报告上修改。")
    revised = {name: value for name, value in values.items() if name not in ("unit_id", "kind", "year")}
    return revise_evaluation(existing, revised, upload, version=existing.version, by=by)


def revise_evaluation(
    report: Evaluation, values: Mapping[str, Any], upload: Upload | None, *, version: int, by: By
) -> Evaluation:
    """Change a report, optionally with a new file; the old file stays on record."""
    if not may_revise_evaluation(report, by.actor):
        raise NotAllowed("申报已提交，评价报告不能再改；需要更正时请由县级退回补正。")
    _demand_complete(Evaluation(**{**_plain(report), **values}), upload or report.attachment_id)
    attachment = _store(upload, by=by) if upload else None
    return _update(report, {**values, "submitted_at": by.now}, attachment, version=version, by=by)


@transactional
def _update(
    report: Evaluation, values: dict[str, Any], attachment: Attachment | None, *, version: int, by: By
) -> Evaluation:
    if attachment is not None:
        values = values | {"attachment_id": attachment.pk}
    fresh = records.update(report, values, version=version, by=by)
    if attachment is not None:
        files.finalise(attachment, fresh, by=by)
    scores.refresh_score(fresh)
    return fresh


def _plain(report: Evaluation) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report._fields if name != "id"}


def _author(actor: Actor) -> dict[str, Any]:
    """Return the fields that say who made the evaluation: an institution, or the unit itself."""
    if actor.role is not Role.EVALUATOR:
        return {"mode": Mode.SELF.value}
    evaluator = Evaluator.objects.get(pk=actor.evaluator_id)
    return {"mode": Mode.THIRD_PARTY.value, "evaluator_id": evaluator.pk, "evaluator_name": evaluator.name}


def _demand_complete(report: Evaluation, file: Any) -> None:
    """Raise Invalid naming every missing field."""
    missing = {}
    if not file:
        missing["file"] = "请上传评价报告文件（第十二条）。"
    if report.score is None:
        missing["score"] = "请填写得分。"
    if not report.standard:
        missing["standard"] = "请填写评价标准。"
    if missing:
        raise Invalid(missing)


def _store(upload: Upload | None, *, by: By) -> Attachment:
    if upload is None:
        raise Invalid({"file": "请上传评价报告文件（第十二条）。"})
    name, content = upload
    try:
        examined = uploads.examine(content, name, allowed=ALLOWED_TYPES, max_size=MAX_BYTES)
    except UploadRefused as refusal:
        raise Invalid({"file": str(refusal)}) from refusal
    return files.store(examined, content, by=by)
