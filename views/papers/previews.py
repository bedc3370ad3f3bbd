"""Previews as PDF: one file is laid out once, and each user only so often."""

from flask import Response, flash, redirect, request
from limits import RateLimitItemPerMinute
from werkzeug.wrappers import Response as Answer

from app import documents
from app.documents.output import pdf_cache, pictures
from app.exchange.uploads import content_disposition
from app.extensions import limiter
from app.services import papers
from views import acting

TOO_MANY = "您在十分钟内生成的预览过多，请稍后再试；Word 文件可以照常下载。"
MIMES = {"docx": papers.DOCX_MIME, "pdf": "application/pdf", "png": "image/png"}

# Counted for each account, and only real drawing: pages of a cached PDF cost nothing.
DRAWINGS = RateLimitItemPerMinute(30, 10)


def pdf(content: bytes) -> bytes:
    """Return the PDF of a .docx. Raises PreviewError, also when the machine is busy or the user over the limit."""
    if (cached := pdf_cache.cached(content)) is not None:
        return cached
    if not limiter.limiter.hit(DRAWINGS, "preview", acting().username):
        raise documents.PreviewError(TOO_MANY)
    return pdf_cache.draw(content)


def converted(content: bytes, form: str) -> bytes:
    """Return a .docx as it is, as PDF, or the page of it that the request asks for. Raises PreviewError."""
    if form == "docx":
        return content
    drawn = pdf(content)
    return pictures.page_png(drawn, max(request.args.get("page", 1, type=int), 1)) if form == "png" else drawn


def response(content: bytes, form: str, name: str) -> Response:
    """Return the file: Word to be saved, everything else to be shown."""
    disposition = content_disposition(f"{name}.{form}")
    if form != "docx":
        disposition = disposition.replace("attachment", "inline", 1)
    return Response(content, mimetype=MIMES[form], headers={"Content-Disposition": disposition})


def refused(words: str, form: str, back: str) -> Answer:
    """Answer a refused preview: plain text for a picture, else a redirect with the sentence."""
    if form == "png":
        return Response(words, status=503, mimetype="text/plain")
    flash(words, "error")
    return redirect(back)
