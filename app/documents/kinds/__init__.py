"""The kinds of papers, read group by group: every row of the policy's catalogue has its section here."""

from __future__ import annotations

from typing import Any

from app.documents.kinds import (
    applications,
    changes,
    issued,
    lists,
    nomination,
    oversight,
    removals,
    review,
    tips,
    yearly,
)
from app.documents.kinds.inputs import Letterhead
from app.documents.kinds.kind import Filling, Kind
from app.documents.layout import wording
from app.policy import papers

GROUPS = (applications, review, lists, nomination, yearly, oversight, changes, removals, tips, issued)


class IncompleteKind(RuntimeError):
    """A kind that lacks one of its three places: policy row, section, wording."""


def catalogue(sections: tuple[Kind[Any], ...]) -> dict[str, Kind[Any]]:
    """Return code → section in the order of the policy's rows. Raises IncompleteKind naming the code."""
    codes = [section.code for section in sections]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise IncompleteKind(f"two sections: {', '.join(twice)}")
    if alone := sorted(set(codes) ^ set(papers.KINDS)):
        raise IncompleteKind(f"no row in app/policy/papers.py, or no section: {', '.join(alone)}")
    if silent := [code for code in codes if not (wording.FOLDER / f"{code}.md").is_file()]:
        raise IncompleteKind(f"no wording in docx_templates/wording: {', '.join(silent)}")
    by_code = dict(zip(codes, sections, strict=True))
    return {code: by_code[code] for code in papers.KINDS}


KINDS = catalogue(tuple(section for group in GROUPS for section in group.KINDS))


def specimen(code: str) -> Letterhead:
    """Return invented inputs of a kind, for previews of wording and for tests."""
    return KINDS[code].specimen()


def fill(code: str, inputs: Any) -> Filling:
    """Return the values and cases that a kind's wording may use for these inputs."""
    return KINDS[code].fill(inputs)
