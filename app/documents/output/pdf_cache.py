"""PDFs that were drawn: one at a time in this process, kept for the pages that are then asked for one by one."""

import hashlib
import threading
from collections import OrderedDict

from app.documents.output import preview

KEPT = 8
PATIENCE = 20  # seconds: longer than a letter takes, shorter than a user waits
BUSY = "服务器正在生成其他预览，请稍后再试；Word 文件可以照常下载。"

_drawn: OrderedDict[str, bytes] = OrderedDict()
_turn = threading.Lock()


def kept(content):
    """The PDF of a .docx if it was drawn lately, else None."""
    return _drawn.get(hashlib.sha256(content).hexdigest())


def drawn(content):
    """The PDF of a .docx, drawn once however many ask at once. Raises PreviewError, also when it is not one's turn."""
    if not _turn.acquire(timeout=PATIENCE):
        raise preview.PreviewError(BUSY)
    try:
        found = kept(content) or preview.preview_pdf(content)
        _drawn[hashlib.sha256(content).hexdigest()] = found
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
        return found
    finally:
        _turn.release()
