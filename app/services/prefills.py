"""Inputs that the year's cases state already for papers drafted freely: one row a kind.

The table stands outside the rooms because papers may import neither reports nor reminders.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.services import desk, filing, reminders

PREFILLS: dict[str, Callable[[date], dict[str, Any]]] = {
    "review_minutes": filing.review_minutes_inputs,
    "annual_call": reminders.annual_call_inputs,
    "annual_summary": desk.annual_summary_inputs,
}


def prefilled_inputs(kind: str, today: date) -> dict[str, Any]:
    """Return the inputs of a new draft that this year's cases state; {} for kinds without any."""
    prefill = PREFILLS.get(kind)
    return prefill(today) if prefill else {}
