"""Zip containers (.xlsx, .docx): judged by their directory before anything is unpacked."""

import io
import zipfile
from itertools import pairwise

from app.exchange.errors import ExchangeError

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 150
RATIO_MATTERS_FROM = 1024 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, when its directory is harmless; reads stop at the sizes that the directory claims."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise ExchangeError("文件不完整或已损坏；请用办公软件打开并另存后重新上传。") from None
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ExchangeError(
            f"压缩包内有{len(entries)}个部件，超过{MOST_ENTRIES}个；请删去多余内容后另存再上传。"
        )
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ExchangeError(f"文件展开后超过{MOST_UNPACKED >> 20}MB；请删去多余内容后另存再上传。")
    if any(map(_swollen, entries)):
        raise ExchangeError("文件压缩比异常，疑为压缩炸弹；请用办公软件重新制作后上传。")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ExchangeError("文件已加密；请去除密码后重新上传。")
    if _misbuilt(entries):
        raise ExchangeError("文件内部结构异常；请用办公软件打开并另存后重新上传。")
    return archive


def _swollen(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MOST_RATIO * entry.compress_size


def _misbuilt(entries: list[zipfile.ZipInfo]) -> bool:
    """Names that climb or repeat, unusual methods, something before the first entry, entries that overlap."""
    names = [entry.filename.lower() for entry in entries]
    placed = sorted(entries, key=lambda entry: entry.header_offset)
    return (
        len(set(names)) < len(names)
        or any(name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") for name in names)
        or any(entry.compress_type not in METHODS for entry in entries)
        or any(entry.header_offset for entry in placed[:1])
        or any(one.header_offset + one.compress_size > other.header_offset for one, other in pairwise(placed))
    )


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry in full."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ExchangeError("文件不完整或已损坏；请用办公软件打开并另存后重新上传。") from error
