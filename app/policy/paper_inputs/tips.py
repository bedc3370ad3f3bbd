"""Letters to a reporter (第二十三条), sealed with the tip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.policy.paper_inputs.letterhead import Letterhead, Paragraphs


@dataclass(frozen=True, kw_only=True)
class TipInputs(Letterhead):
    """举报事项受理、不予受理告知书 (第二十三条)."""

    reporter: str
    receipt: str
    received_on: date
    subject_name: str
    matter: str


@dataclass(frozen=True, kw_only=True)
class TipAcceptedInputs(TipInputs):
    """受理告知书."""

    close_due: date


@dataclass(frozen=True, kw_only=True)
class TipRefusedInputs(TipInputs):
    """不予受理告知书."""

    reasons: Paragraphs


@dataclass(frozen=True, kw_only=True)
class TipResultInputs(TipInputs):
    """办理结果告知书; `outcome` is one of 不实, 整改, 移出, 第三方处理."""

    accepted_number: str
    course: Paragraphs
    finding: str
    outcome: str
