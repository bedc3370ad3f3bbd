"""What every paper says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Paragraphs = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What every paper says: who issues it, when, who answers questions, under which rules."""

    issuer: str
    signed_on: date
    contact: str
    phone: str
    rules_title: str
    rules_number: str
