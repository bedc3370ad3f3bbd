"""Check PNG and JPEG: complete, no data after the end, not too many pixels. Runs in the sandbox."""

import struct
import zlib

from app.exchange.errors import ExchangeError

MAX_PIXELS = 100_000_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIZE_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
START_OF_SCAN = 0xDA
STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})

BROKEN = "图片不完整或附带了其他内容；请用看图软件打开并另存后重新上传。"


def inspect(data: bytes, kind: str) -> None:
    """Raise ExchangeError for a corrupt, polyglot or oversized image."""
    try:
        width, height = _png(data) if kind == "png" else _jpeg(data)
    except (struct.error, IndexError):
        raise ExchangeError(BROKEN) from None
    if not 0 < width * height <= MAX_PIXELS:
        raise ExchangeError(
            f"图片为{width}×{height}像素，超过{MAX_PIXELS // 10_000}万像素；请缩小后重新上传。"
        )


def _png(data: bytes) -> tuple[int, int]:
    if not data.startswith(PNG_SIGNATURE) or data[12:16] != b"IHDR":
        raise ExchangeError(BROKEN)
    position = len(PNG_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 8 + length
        (checksum,) = struct.unpack_from(">I", data, end)
        if checksum != zlib.crc32(data[position + 4 : end]):
            raise ExchangeError(BROKEN)
        position = end + 4
    if position != len(data):
        raise ExchangeError(BROKEN)
    return struct.unpack_from(">II", data, 16)


def _jpeg(data: bytes) -> tuple[int, int]:
    """Return the size from the segments before the first scan; the end marker must end the file."""
    if not data.startswith(b"\xff\xd8\xff") or not data.rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise ExchangeError(BROKEN)
    position, size = 2, (0, 0)
    while True:
        if data[position] != 0xFF:
            raise ExchangeError(BROKEN)
        marker = data[position + 1]
        if marker == START_OF_SCAN:
            return size
        if marker == 0xFF or marker in STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        if marker in SIZE_MARKERS:
            height, width = struct.unpack_from(">HH", data, position + 5)
            size = (width, height)
        position += 2 + length
