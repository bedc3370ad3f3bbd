"""Save a document so that the same inputs give the same bytes."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

EPOCH = (1980, 1, 1, 0, 0, 0)  # of every zip entry
MAX_PROPERTY = 250  # characters of a core property


def to_bytes(document: Any, title: str, author: str, dated: date) -> bytes:
    """Return the .docx: core properties from the paper itself, every zip entry with the same time."""
    properties = document.core_properties
    properties.title = title[:MAX_PROPERTY]
    properties.author = properties.last_modified_by = author[:MAX_PROPERTY]
    properties.created = properties.modified = datetime(dated.year, dated.month, dated.day, tzinfo=UTC)
    properties.revision = 1
    return stable_zip(saved(document))


def saved(document: Any) -> bytes:
    """Return the document as python-docx saves it."""
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def stable_zip(content: bytes) -> bytes:
    """Repack a zip file so that its bytes depend on its entries alone, not on the clock."""
    result = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()
