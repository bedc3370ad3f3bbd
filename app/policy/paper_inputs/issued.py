"""What the bureau puts into force by a notice (第五条: 组织制定评价程序要求)."""

from __future__ import annotations

from dataclasses import dataclass

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs


@dataclass(frozen=True, kw_only=True)
class RulesIssueInputs(Letterhead):
    """印发规程的通知; `issued_text` is the whole text, chapters and articles a paragraph each."""

    addressees: str
    issued_title: str
    issued_text: Paragraphs
    cc: tuple[str, ...] = ()
    publicity: str = "主动公开"
