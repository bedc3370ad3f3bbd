"""Verification of papers by anybody; answers name no person and no unit."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from app.policy import papers as catalogue
from app.policy.terms import PaperState, Succession
from app.services.papers import drafts
from models.papers import Paper

MAX_VERIFIED_BYTES = 20 * 1024 * 1024
NOT_FOUND = "没有查到这份公文，请核对文号和验证码。"
NOT_ISSUED = "该文件与任何已印发公文的存档都不一致：内容可能被改动，或者不是本局印发的。"


@dataclass(frozen=True)
class VerificationResult:
    """Public facts of a paper: in force, replaced or revoked, by which paper; number, date, issuer."""

    ok: bool
    message: str
    facts: tuple[tuple[str, str], ...] = ()


def verify_code(code: str, number: str = "") -> VerificationResult:
    """Verify the paper with this code; a number, when given, must be that paper's."""
    code = "".join(code.upper().split())
    paper = (
        Paper.objects(verification=code, issued_at__ne=None).first()
        if len(code) == drafts.CODE_LENGTH
        else None
    )
    if paper is None or _is_sealed(paper) or (number and not _same_number(paper.number_text or "", number)):
        return VerificationResult(False, NOT_FOUND)
    return _result(paper)


def verify_content(content: bytes) -> VerificationResult:
    """Verify the issued paper with exactly these bytes."""
    digest = hashlib.sha256(content).hexdigest()
    paper = Paper.objects(sha256=digest, issued_at__ne=None).first()
    if paper is None or _is_sealed(paper):
        return VerificationResult(False, NOT_ISSUED, (("文件 SHA-256", digest),))
    result = _result(paper)
    return VerificationResult(
        result.ok, f"文件与存档一致。{result.message}", (*result.facts, ("文件 SHA-256", digest))
    )


def _result(paper: Paper) -> VerificationResult:
    facts = (
        ("文号", paper.number_text or "（不编文号）"),
        ("文种", catalogue.KINDS[paper.kind].label),
        ("发文机关", str(paper.inputs.get("issuer", ""))),
        ("印发日期", f"{paper.issued_on.year}年{paper.issued_on.month}月{paper.issued_on.day}日"),
    )
    if paper.state == PaperState.ISSUED.value:
        return VerificationResult(True, "有效", facts)
    return VerificationResult(False, _how_ended(paper), facts)


def _how_ended(paper: Paper) -> str:
    """Return the sentence naming the paper that replaced or revoked this one."""
    later = Paper.objects(pk=paper.replaced_by).first()
    name = (later.number_text or catalogue.KINDS[later.kind].label) if later else "后发公文"
    if later is not None and later.succession == Succession.REVOKES.value:
        return f"已由{name}公告撤销"
    return f"已被{name}替代"


def _is_sealed(paper: Paper) -> bool:
    """Tell whether a paper must not be verifiable: that a letter to a reporter exists is a secret."""
    return catalogue.KINDS[paper.kind].sealed


def _same_number(one: str, other: str) -> bool:
    plain = other.strip().translate(str.maketrans("[]【】（）()", "〔〕〔〕〔〕〔〕"))
    return hmac.compare_digest(one.encode(), plain.encode())
