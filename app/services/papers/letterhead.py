"""Letterhead of the bureau's papers, from the rule pack and the discretionary values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.services.core import rules


def bureau_letterhead(now: datetime) -> dict[str, Any]:
    """Return issuer, date, contact and legal basis of a paper that the bureau issues today."""
    pack, values = rules.pack(), rules.values()
    return {
        "issuer": pack.city.bureau,
        "signed_on": now.date(),
        "contact": values["contact_name"],
        "phone": values["contact_phone"],
        "rules_title": pack.rules.title,
        "rules_number": pack.rules.number,
    }
