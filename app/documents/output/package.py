"""Saves a document so that the same inputs give the same bytes."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

EPOCH = (1980, 1, 1, 0, 0, 0)


def to_bytes(document, title, author, on):
    """The .docx: core properties from the paper itself, every zip entry with the same time."""
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title[:250], author[:250], author[:250]
    properties.created = properties.modified = datetime(on.year, on.month, on.day, tzinfo=UTC)
    properties.revision = 1
    saved, result = BytesIO(), BytesIO()
    document.save(saved)
    with (
        zipfile.ZipFile(saved) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()
