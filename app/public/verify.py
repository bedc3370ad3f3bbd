"""Verification of papers 公文核验: by code, by number and code, or by file; guessing is slowed down."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app.extensions import limiter
from app.public.pages import frame
from app.services import papers
from app.services.papers import VerificationResult

blueprint = Blueprint("verify", __name__)
FAILED_GUESS = 404  # the only status that is counted

# Whoever checks real papers is never slowed down, a machine that guesses codes is.
guesses = limiter.shared_limit(
    "20 per 15 minutes",
    scope="verify",
    deduct_when=lambda response: response.status_code == FAILED_GUESS,
    error_message="核验失败次数过多，请 15 分钟后再试。",
)


@blueprint.get("/verify/")
def form() -> str:
    """Show an empty form."""
    return _page()


@blueprint.get("/verify/<code>")
@guesses
def code(code: str) -> Response:
    """Verify the code in the QR picture of a paper."""
    return _answer(papers.verify_code(code), code=code)


@blueprint.post("/verify/")
@guesses
def ask() -> Response:
    """Verify a number and code, or a file, which is compared and not stored."""
    posted = request.files.get("file")
    if posted is not None and posted.filename:
        content = posted.read(papers.MAX_VERIFIED_BYTES + 1)
        if len(content) > papers.MAX_VERIFIED_BYTES:
            return _answer(VerificationResult(False, "文件过大，不能核验。"))
        return _answer(papers.verify_content(content))
    number, code = request.form.get("number", ""), request.form.get("code", "")
    return _answer(papers.verify_code(code, number), code=code, number=number)


def _answer(verdict: VerificationResult, **typed: str) -> Response:
    """Answer with 404 only for an unknown paper: replaced and revoked ones count as no guess."""
    page = _page(result={"ok": verdict.ok, "message": verdict.message, "facts": verdict.facts}, **typed)
    known = any(label == "文号" for label, _ in verdict.facts)
    return make_response(page, 200 if known else FAILED_GUESS)


def _page(**context: Any) -> str:
    return render_template("public/verify.html", post_url=url_for(".ask"), **context, **frame())
