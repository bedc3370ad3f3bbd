"""预览：同一份稿子只排一次；排版很费机器，一个人不能没完没了地排。"""

from flask import Response, flash, redirect
from limits import RateLimitItemPerMinute
from werkzeug.wrappers import Response as Answer

from app import documents
from app.documents.output import pdf_cache
from app.extensions import limiter
from views import acting

TOO_MANY = "您在十分钟内生成的预览过多，请稍后再试；Word 文件可以照常下载。"

# Counted a user, only what is really drawn: pages of a PDF that is kept cost nothing.
DRAWINGS = RateLimitItemPerMinute(30, 10)


def pdf(content: bytes) -> bytes:
    """The PDF of a .docx. Raises PreviewError in words, also when the machine or the user has enough."""
    if (found := pdf_cache.cached(content)) is not None:
        return found
    if not limiter.limiter.hit(DRAWINGS, "preview", acting().username):
        raise documents.PreviewError(TOO_MANY)
    return pdf_cache.draw(content)


def refused(words: str, form: str, back: str) -> Answer:
    """A picture within a page says nothing by itself; everything else leads back with the sentence."""
    if form == "png":
        return Response(words, status=503, mimetype="text/plain")
    flash(words, "error")
    return redirect(back)
