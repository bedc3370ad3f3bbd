"""Open zip containers (.xlsx, .docx): checked by their directory before anything is unpacked."""

import io
import zipfile
from itertools import pairwise

from app.exchange.errors import ExchangeError

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 150
RATIO_THRESHOLD = 1024 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def opened(data: bytes) -> zipfile.ZipFile:
    """Return the archive if its directory is harmless; reads stop at the sizes the directory claims."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ExchangeError("文件不完整或已损坏；请用办公软件打开并另存后重新上传。") from None
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise ExchangeError(
            f"压缩包内有{len(entries)}个部件，超过{MAX_ENTRIES}个；请删去多余内容后另存再上传。"
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ExchangeError(f"文件展开后超过{MAX_UNPACKED >> 20}MB；请删去多余内容后另存再上传。")
    if any(map(_is_bomb, entries)):
        raise ExchangeError("文件压缩比异常，疑为压缩炸弹；请用办公软件重新制作后上传。")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ExchangeError("文件已加密；请去除密码后重新上传。")
    if _is_malformed(entries):
        raise ExchangeError("文件内部结构异常；请用办公软件打开并另存后重新上传。")
    return archive


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_THRESHOLD and entry.file_size > MAX_RATIO * entry.compress_size


def _is_malformed(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether names climb or repeat, methods are unusual, data precede the first entry, or entries overlap."""
    names = [entry.filename.lower() for entry in entries]
    has_repeated_names = len(set(names)) < len(names)
    has_unusual_methods = any(entry.compress_type not in METHODS for entry in entries)
    return has_repeated_names or has_unusual_methods or any(map(_climbs, names)) or _is_overlapping(entries)


def _climbs(name: str) -> bool:
    """Return whether a name leads out of the archive, or would on another system."""
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _is_overlapping(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether data precede the first entry, or an entry reaches into the next."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    if ordered and ordered[0].header_offset:
        return True
    return any(
        entry.header_offset + entry.compress_size > following.header_offset
        for entry, following in pairwise(ordered)
    )


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read one entry in full. Raises ExchangeError if it is broken or missing."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ExchangeError("文件不完整或已损坏；请用办公软件打开并另存后重新上传。") from error
