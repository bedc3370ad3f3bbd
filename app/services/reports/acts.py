"""Acts on a report beside filling it in, and the actions offered on it."""

from __future__ import annotations

from collections.abc import Mapping

from app.exchange.uploads import Examined
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.reports import steps as listing
from app.policy.terms import ReportStage
from app.services.core import audit, files, workflow
from app.services.core.by import By
from app.services.core.workflow import StepInput
from app.services.reports import checks, extensions, writing
from models.database import transactional
from models.files import Attachment
from models.reports import AnnualReport


@transactional
def explain_doubts(report: AnnualReport, texts: Mapping[str, str], *, version: int, by: By) -> AnnualReport:
    """Explain doubts, by their place in the list; an explanation is for this unit's file, so it names who gave it."""
    if not report.editable_by(by.actor.role):
        raise NotAllowed(
            f"当前环节为“{ReportStage(report.stage).label}”，{by.actor.role.label}不能说明疑点。"
        )
    if too_long := [text for text in texts.values() if len(text) > 500]:
        raise NotAllowed(f"说明不超过 500 字，现有一条 {len(too_long[0])} 字。")

    fresh = writing.current_report(report, version, by)
    changes: list[audit.Change] = []
    for finding in fresh.findings:
        text = texts.get(finding.identity)
        if text is not None and text.strip() != (finding.explanation or ""):
            changes.append(("findings", finding.text, finding.explanation or "", text.strip()))
            finding.explanation, finding.explained_name, finding.explained_at = (
                text.strip(),
                by.actor.name,
                by.now,
            )
    return writing.write_report(fresh, version, Verb.DOUBTS_EXPLAINED, changes, by=by)


@transactional
def recheck_report(report: AnnualReport, *, version: int, by: By) -> AnnualReport:
    """Compare again: other units' and earlier years' figures may have come in meanwhile."""
    if not report.editable_by(by.actor.role):
        raise NotAllowed(
            f"当前环节为“{ReportStage(report.stage).label}”，{by.actor.role.label}不能重新核对。"
        )

    fresh = writing.current_report(report, version, by)
    fresh.findings = checks.current_findings(fresh, fresh.definition)
    return writing.write_report(
        fresh,
        version,
        Verb.REPORT_RECHECKED,
        [("findings", "数据疑点", len(report.findings), len(fresh.findings))],
        by=by,
    )


def attach_proof(report: AnnualReport, examined: Examined, content: bytes, *, by: By) -> Attachment:
    """Keep a proof with the report. Raises NotAllowed."""
    if not report.editable_by(by.actor.role):
        raise NotAllowed(
            f"当前环节为“{ReportStage(report.stage).label}”，{by.actor.role.label}不能上传附件。"
        )
    stored = files.store(examined, content, by=by)
    return files.finalise(stored, report, by=by)


def decline_report(
    report: AnnualReport,
    examined: Examined,
    content: bytes,
    *,
    reason: str,
    version: int,
    by: By,
) -> AnnualReport:
    """Record that the unit refuses in writing (第二十一条（二）): the letter is the evidence."""
    stored = files.store(examined, content, by=by)
    return _decline(report, stored, reason, version=version, by=by)


@transactional
def _decline(report: AnnualReport, stored: Attachment, reason: str, *, version: int, by: By) -> AnnualReport:
    fresh = writing.current_report(report, version, by)
    files.finalise(stored, fresh, by=by)
    given = StepInput(reason=reason, details={"attachment_id": stored.pk})
    return workflow.advance(fresh, "decline", by=by, given=given, seen=version)


# --- what is offered ----------------------------------------------------------------------------------------


def report_offers(report: AnnualReport, *, by: By) -> list[Offer]:
    """Return the actor's actions on a report now; those that end it come last."""
    return extensions.extension_offers(workflow.offers(report, by=by), report)


def report_batch_actions(actor: Actor) -> list[tuple[str, str]]:
    """Return the actor's actions on many reports at once: action and wording."""
    return [(step.action, step.label) for step in listing.REPORT_TABLE.batch_steps(actor.role)]
