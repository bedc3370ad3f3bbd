"""Drafts that correct or revoke an issued paper."""

from __future__ import annotations

from app.documents.kinds.issued import RevocationInputs
from app.policy import papers as catalogue
from app.policy.flow import NotAllowed
from app.policy.terms import Succession
from app.services.core.by import By
from app.services.papers.defaults import default_inputs
from app.services.papers.drafting import compose
from app.services.papers.values import from_plain
from models.papers import Paper


def correct(old: Paper, *, by: By) -> Paper:
    """Draft a paper with the same inputs that will replace an issued one. Raises NotAllowed."""
    inputs = dict(old.inputs) | {"signed_on": by.today.isoformat()}
    return compose(
        old.kind,
        from_plain(old.kind, inputs),
        areas=old.areas,
        unit_ids=old.unit_ids,
        corrects=old,
        succession=Succession.REPLACES,
        by=by,
    )


def revoke(old: Paper, reasons: str, *, by: By) -> Paper:
    """Draft the announcement that revokes an issued paper. Raises NotAllowed."""
    if not reasons.strip():
        raise NotAllowed("撤销公文须写明理由。")
    head = default_inputs(catalogue.REVOCATION, by.now)
    inputs = RevocationInputs(
        **head,
        revoked_title=old.title,
        revoked_number=old.number_text or "",
        revoked_on=old.issued_on,
        reasons=tuple(line.strip() for line in reasons.splitlines() if line.strip()),
    )
    return compose(
        catalogue.REVOCATION,
        inputs,
        areas=old.areas,
        unit_ids=old.unit_ids,
        corrects=old,
        succession=Succession.REVOKES,
        by=by,
    )
