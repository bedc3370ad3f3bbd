"""Uploads: size → allowed types → libmagic → structure → active content → viruses; names are for display only."""

import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from app.exchange import images, office, pdf, sandbox, virus_scan
from app.exchange.errors import ExchangeError

MAX_SECONDS = 30
MAX_MEMORY = 1024 * 1024 * 1024
MAX_NAME_LENGTH = 120
UNNAMED = "未命名"
SPELLINGS = {"jpeg": "jpg"}


@dataclass(frozen=True)
class Kind:
    """A kind of file: label, delivery type, and the types libmagic may report."""

    label: str
    mime: str
    sniffed: frozenset[str]


def _kind(label: str, mime: str, *also: str) -> Kind:
    return Kind(label, mime, frozenset((mime, *also)))


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_ZIP = (
    "application/zip",
    "application/octet-stream",
)  # libmagic recognises packages by the order of their parts only
KINDS = {
    "pdf": _kind("PDF", "application/pdf"),
    "docx": _kind("Word", f"{_OPEN_XML}wordprocessingml.document", *_ZIP),
    "xlsx": _kind("Excel", f"{_OPEN_XML}spreadsheetml.sheet", *_ZIP),
    "png": _kind("PNG 图片", "image/png"),
    "jpg": _kind("JPEG 图片", "image/jpeg"),
}


@dataclass(frozen=True)
class Examined:
    """A file that passed; `display_name` is for showing and saving, never a path."""

    kind: str
    mime: str
    size: int
    sha256: str
    display_name: str


class UploadRefused(ExchangeError):
    """A refused file; the message gives reason and remedy."""


def examine(
    source: bytes | BinaryIO, filename: str, *, allowed: Collection[str] = ("pdf", "docx"), max_size: int
) -> Examined:
    """Check an upload before it is stored; `max_size` in bytes. A stream is left at its start.

    Raises UploadRefused.
    """
    data = source if isinstance(source, bytes) else _content(source, max_size)
    shown = display_name(filename)
    if not data:
        raise UploadRefused(f"“{shown}”是空文件；请重新选择。")
    if len(data) > max_size:
        raise UploadRefused(f"“{shown}”超过{max_size / 1024 / 1024:g}MB；请压缩图片或拆分后重新上传。")
    kind = _named(shown)
    if kind not in allowed or kind not in KINDS:
        permitted = "、".join(f".{name}" for name in allowed)
        raise UploadRefused(f"“{shown}”的类型不在允许范围内；请上传{permitted}文件。")
    try:
        sandbox.run(inspect, data, kind, seconds=MAX_SECONDS, memory=MAX_MEMORY)
        virus_scan.scan(data)
    except virus_scan.ScannerUnavailable as refusal:
        raise UploadRefused(f"“{shown}”没有上传：{refusal}") from None
    except ExchangeError as refusal:
        raise UploadRefused(f"“{shown}”未通过检查：{refusal}") from None
    return Examined(kind, KINDS[kind].mime, len(data), hashlib.sha256(data).hexdigest(), shown)


def _content(stream: BinaryIO, max_size: int) -> bytes:
    data = stream.read(max_size + 1)
    stream.seek(0)
    return data


def _named(name: str) -> str:
    extension = name.rpartition(".")[2].lower()
    return SPELLINGS.get(extension, extension)


def inspect(data: bytes, kind: str) -> str:
    """Check the content against its kind; runs in the sandbox."""
    import magic  # a C library: loaded by the child alone, the server never parses uploads

    sniffed = magic.from_buffer(data, mime=True)
    if sniffed not in KINDS[kind].sniffed:
        raise ExchangeError(f"内容不是{KINDS[kind].label}文件；请确认没有改过扩展名，重新导出后上传。")
    if kind == "pdf":
        pdf.inspect(data)
    elif kind in office.MAIN:
        office.inspect(data, kind)
    else:
        images.inspect(data, kind)
    return sniffed


def display_name(filename: str) -> str:
    """Return the last part of a file name, NFC, without control and direction marks, extension preserved."""
    last = unicodedata.normalize("NFC", filename.replace("\\", "/")).rsplit("/", 1)[-1]
    name = "".join(c for c in last if not unicodedata.category(c).startswith("C")).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if len(name) > MAX_NAME_LENGTH and dot and len(extension) < 10:
        name = f"{stem[: MAX_NAME_LENGTH - len(extension) - 1]}.{extension}"
    return name[:MAX_NAME_LENGTH] or UNNAMED


def content_disposition(name: str) -> str:
    """Return the header for saving a file under its own name (RFC 6266): plain fallback first, then UTF-8."""
    shown = display_name(name)
    plain = "".join(c if c.isascii() and c.isalnum() or c in " .-_()" else "_" for c in shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"
