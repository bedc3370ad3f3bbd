"""The sealed audit log, checks of the stored data, and the evidence bundle of a listing (第十五至十七条)."""

from app.services.audit.evidence import export_evidence
from app.services.audit.integrity import run_checks
from app.services.audit.sealing import open_ledger

__all__ = ["export_evidence", "open_ledger", "run_checks"]
