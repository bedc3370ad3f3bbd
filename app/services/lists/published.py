"""What everybody may see: the list in force and the notices; an allow-list of fields, nothing else leaves here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.policy.terms import Kind, Level, PaperState
from app.services.core import rules
from models.lists import Listing, PublicNotice
from models.papers import Paper
from models.search import matching


@dataclass(frozen=True)
class Entry:
    """One line of the published list."""

    name: str
    kind: str
    level: str
    area: str
    year: int
    number: str


@dataclass(frozen=True)
class Notice:
    """One public notice with its units."""

    key: str
    title: str
    first_day: date
    last_day: date
    days: int
    lines: tuple[tuple[str, str, str, str], ...]
    revoked: str = ""  # by which paper and when, "" while it holds

    def open_on(self, today: date) -> bool:
        return not self.revoked and self.first_day <= today <= self.last_day


@dataclass(frozen=True)
class Announcement:
    """A paper that revoked a list or a notice: that an entry is gone has its trace in public too."""

    title: str
    number: str
    issued_on: date


PUBLISHED = ("listing_announcement", "public_notice")
FIELDS = ("unit_name", "kind", "level", "area", "year", "source_paper")


def entries(
    *, q: str = "", kind: str = "", area: str = "", year: int | None = None, page: int = 0, size: int = 50
) -> tuple[int, list[Entry]]:
    """How many entries in force match, and one page of them."""
    wanted: dict[str, Any] = {
        name: value for name, value in (("kind", kind), ("area", area), ("year", year)) if value
    }
    rows = matching(Listing.objects(in_force=True, **wanted), q, codes=False)
    found = rows.only(*FIELDS).order_by("-year", "-id").skip(page * size).limit(size)
    return rows.count(), [_entry(row) for row in found]


def _entry(row: Listing) -> Entry:
    area = rules.pack().area(row.area).name
    return Entry(
        row.unit_name, Kind(row.kind).label, Level(row.level).label, area, row.year, row.source_paper or ""
    )


def years() -> list[int]:
    return sorted(Listing.objects(in_force=True).distinct("year"), reverse=True)


def notices(today: date, most: int = 10) -> list[Notice]:
    """Notices that have begun, the newest first."""
    return [
        _notice(row)
        for row in PublicNotice.objects(first_day__lte=today).order_by("-first_day", "-id").limit(most)
    ]


def notice(key: Any, today: date) -> Notice | None:
    row = PublicNotice.objects(pk=key, first_day__lte=today).first()
    return _notice(row) if row else None


def _notice(row: PublicNotice) -> Notice:
    lines = [json.loads(line) for line in row.lines]
    cells = tuple((one["name"], one["kind_label"], one["area_name"], one["industry"]) for one in lines)
    revoked = f"{row.revoked_by}（{row.revoked_on}）" if row.revoked_on else ""
    return Notice(str(row.pk), row.title, row.first_day, row.last_day, row.days, cells, revoked)


def revocations(most: int = 10) -> list[Announcement]:
    """Announcements that revoked a published list or a notice, the newest first."""
    issued = Paper.objects(kind="revocation", state=PaperState.ISSUED.value).order_by("-issued_at")
    old = {paper.replaced_by for paper in Paper.objects(kind__in=PUBLISHED, state=PaperState.REVOKED.value)}
    rows = issued.filter(pk__in=list(old)).limit(most)
    return [Announcement(row.title, row.number_text or "", row.issued_on) for row in rows]
