"""Zip files of several files, the same bytes for the same content and moment."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime


def zipped(entries: Iterable[tuple[str, bytes]], *, created: datetime) -> bytes:
    """Return a zip of (path, content) pairs; `created` becomes the time of every entry."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries:
            entry = zipfile.ZipInfo(path, created.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
