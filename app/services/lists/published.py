"""Public reading of the list and the notices: an allow-list of fields, nothing else leaves here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.policy.papers import REVOCATION
from app.policy.terms import Kind, Level, PaperState
from app.services.core import rules
from models.lists import Listing, PublicNotice
from models.papers import Paper
from models.search import matching


@dataclass(frozen=True)
class PublishedEntry:
    """An entry of the published list."""

    name: str
    kind: str
    level: str
    area: str
    year: int
    number: str


@dataclass(frozen=True)
class PublishedNotice:
    """A public notice with its units."""

    key: str
    title: str
    first_day: date
    last_day: date
    days: int
    lines: tuple[tuple[str, str, str, str], ...]
    revoked: str = ""  # by which paper and when, "" while it holds

    def open_on(self, today: date) -> bool:
        """Return whether objections are accepted on a day."""
        return not self.revoked and self.first_day <= today <= self.last_day


@dataclass(frozen=True)
class RevocationAnnouncement:
    """A paper that revoked a list or a notice, so that a vanished entry leaves a public trace."""

    title: str
    number: str
    issued_on: date


PUBLISHING_KINDS = ("listing_announcement", "public_notice")
PUBLIC_FIELDS = ("unit_name", "kind", "level", "area", "year", "source_paper")


def published_entries(
    *, q: str = "", kind: str = "", area: str = "", year: int | None = None, page: int = 0, size: int = 50
) -> tuple[int, list[PublishedEntry]]:
    """Return how many entries in force match, and one page of them."""
    filters: dict[str, Any] = {
        name: value for name, value in (("kind", kind), ("area", area), ("year", year)) if value
    }
    rows = matching(Listing.objects(in_force=True, **filters), q, codes=False)
    shown = rows.only(*PUBLIC_FIELDS).order_by("-year", "-id").skip(page * size).limit(size)
    return rows.count(), [_entry(row) for row in shown]


def _entry(row: Listing) -> PublishedEntry:
    area = rules.pack().area(row.area).name
    return PublishedEntry(
        row.unit_name, Kind(row.kind).label, Level(row.level).label, area, row.year, row.source_paper or ""
    )


def published_years() -> list[int]:
    """Return the years with entries in force, latest first."""
    return sorted(Listing.objects(in_force=True).distinct("year"), reverse=True)


def published_notices(today: date, most: int = 10) -> list[PublishedNotice]:
    """Return the notices that have begun, latest first."""
    begun = PublicNotice.objects(first_day__lte=today).order_by("-first_day", "-id")
    return [_notice(row) for row in begun.limit(most)]


def find_published_notice(key: Any, today: date) -> PublishedNotice | None:
    """Return a notice that has begun, or None."""
    row = PublicNotice.objects(pk=key, first_day__lte=today).first()
    return _notice(row) if row else None


def _notice(row: PublicNotice) -> PublishedNotice:
    lines = [json.loads(line) for line in row.lines]
    units = tuple((line["name"], line["kind_label"], line["area_name"], line["industry"]) for line in lines)
    revoked = f"{row.revoked_by}（{row.revoked_on}）" if row.revoked_on else ""
    return PublishedNotice(str(row.pk), row.title, row.first_day, row.last_day, row.days, units, revoked)


def published_revocations(most: int = 10) -> list[RevocationAnnouncement]:
    """Return the issued papers that revoked a published list or a notice, latest first."""
    revoked = Paper.objects(kind__in=PUBLISHING_KINDS, state=PaperState.REVOKED.value)
    revoking = {paper.replaced_by for paper in revoked}
    issued = Paper.objects(kind=REVOCATION, state=PaperState.ISSUED.value, pk__in=list(revoking))
    return [
        RevocationAnnouncement(paper.title, paper.number_text or "", paper.issued_on)
        for paper in issued.order_by("-issued_at").limit(most)
    ]
