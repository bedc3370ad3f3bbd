"""PDF previews drawn one at a time in this process, the latest ones cached for their page pictures."""

import hashlib
import threading
from collections import OrderedDict

from app.documents.output import preview

CACHE_SIZE = 8
WAIT_SECONDS = 20  # longer than a letter takes, shorter than a user waits
BUSY = "服务器正在生成其他预览，请稍后再试；Word 文件可以照常下载。"

_cache: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


def cached(content: bytes) -> bytes | None:
    """Return the PDF of a .docx if it was drawn recently, else None."""
    return _cache.get(hashlib.sha256(content).hexdigest())


def draw(content: bytes) -> bytes:
    """Return the PDF of a .docx, drawn once however many ask at once.

    Raises PreviewError, also when other previews take too long.
    """
    if not _lock.acquire(timeout=WAIT_SECONDS):
        raise preview.PreviewError(BUSY)
    try:
        pdf = cached(content) or preview.preview_pdf(content)
        _cache[hashlib.sha256(content).hexdigest()] = pdf
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
        return pdf
    finally:
        _lock.release()
