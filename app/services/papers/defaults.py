"""Inputs of a new paper that the rule pack and the bureau's values give."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

from app.documents.kinds import KINDS
from app.policy import deadlines
from app.policy import papers as catalogue
from app.services.core import rules


def default_inputs(kind: str, now: datetime) -> dict[str, Any]:
    """Return the inputs of a new paper that the rule pack and the bureau's values give."""
    pack, values = rules.pack(), rules.values()
    known = {
        "issuer": pack.city.bureau,
        "signed_on": now.date(),
        "contact": values["contact_name"],
        "phone": values["contact_phone"],
        "rules_title": pack.rules.title,
        "rules_number": pack.rules.number,
        "year": now.year,
        "addressees": pack.city.addressees,
        "platform": pack.city.platform,
        "platform_address": pack.city.platform_address,
        "address": values["contact_address"],
        "bureau": pack.city.bureau,
        "province_department": pack.city.province_department,
        "report_to": pack.city.incident_report_to,
        "province_rules": pack.upstream["province"].citation,
        "as_of": now.date(),
    }
    fields = {field.name: field for field in dataclasses.fields(KINDS[kind].inputs)}
    usual = {name: field.default for name, field in fields.items() if isinstance(field.default, str)}
    return usual | {name: known[name] for name in fields if name in known} | _default_dates(kind, now)


def _default_dates(kind: str, now: datetime) -> dict[str, date]:
    """Return the legal dates that a kind of paper names."""
    row = catalogue.KINDS[kind]
    legal = {name: deadlines.legal_date(rules.pack(), key, now.year) for name, key in row.legal_dates.items()}
    return legal | {name: rules.due_after(now, key) for name, key in row.due_after.items()}
