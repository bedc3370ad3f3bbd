"""Check PDFs: complete, not encrypted, without active content. Runs in the sandbox.

Readers disagree about where a stream or a comment ends, so doubtful parts are searched, not skipped:
all bytes outside streams, streams that hold objects, and every compressed stream that unpacks to text.
"""

import re
import zlib

from app.exchange.errors import ExchangeError

ACTIVE = {
    b"JavaScript": "脚本",
    b"JS": "脚本",
    b"Launch": "启动程序的动作",
    b"SubmitForm": "外发数据的表单",
    b"ImportData": "导入数据的动作",
    b"EmbeddedFile": "嵌入文件",
    b"EmbeddedFiles": "嵌入文件",
    b"XFA": "动态表单",
    b"RichMedia": "多媒体程序",
}
MAX_TEXT = 200 * 1024 * 1024
HEAD = 512
TAIL = 2048
DICTIONARY = 64 * 1024

_PIECE = re.compile(rb"%[^\r\n]*|\(|\bstream(?:\r\n|\n|\r)")
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_OBJECT = re.compile(rb"\d\s{1,20}\d{1,10}\s{1,20}obj")
_NAME = re.compile(rb"/((?:[^\s()<>\[\]{}/%#\x00]|#[0-9A-Fa-f]{2})+)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PLAIN_FLATE = re.compile(rb"/Filter\s*(?:/FlateDecode\b|\[\s*/FlateDecode\s*\])")
_OPENING = re.compile(
    rb"/OpenAction\s*(?:(?P<harmless>\[|<<[^<>]*/S\s*/GoTo\b)|(?P<number>\d{1,10})\s+(?P<generation>\d{1,5})\s+R)?"
)
_INDEX = re.compile(rb"\s*(?:\d{1,10}\s+\d{1,10}\s+)++")
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a]")

RESAVE = "请在办公软件中重新“导出为 PDF”或打印为 PDF 后上传"


def inspect(data: bytes) -> None:
    """Raise ExchangeError for a file that is no complete PDF, is encrypted, or has active content."""
    if not data.startswith(b"%PDF-"):
        raise ExchangeError(f"文件开头不是 PDF；{RESAVE}。")
    if (
        b"%%EOF" not in data[-TAIL:]
        or b"startxref" not in data[-TAIL:]
        or not re.search(rb"\bxref\b|/XRef\b", data)
    ):
        raise ExchangeError("PDF 不完整，缺少结尾或索引；请重新导出后上传。")
    texts = [*_outside_streams(data), *_unpacked(data)]
    for text in texts:
        _refuse_active(text)
    whole = _unescaped(b"\n".join(map(_unrolled, texts)))
    if any(not _opens_harmlessly(opening, whole) for opening in _OPENING.finditer(whole)):
        raise ExchangeError(f"PDF 含有打开时自动执行的动作；{RESAVE}。")


def _unrolled(text: bytes) -> bytes:
    """Return an object stream (numbers and offsets, then the objects) as separate objects."""
    index = _INDEX.match(text)
    if not index:
        return text
    pairs = [int(number) for number in index[0].split()]
    places = list(zip(pairs[::2], pairs[1::2], strict=True))
    ends = [place for _, place in places[1:]] + [len(text)]
    body = text[index.end() :]
    return b"\n".join(
        b"%d 0 obj %b" % (number, body[begin:end]) for (number, begin), end in zip(places, ends, strict=True)
    )


def _refuse_active(text: bytes) -> None:
    for name in set(_NAME.findall(text)):
        name = _unescaped(name)
        if name == b"Encrypt":
            raise ExchangeError("PDF 已加密，无法检查；请去除密码或权限限制后重新上传。")
        if name in ACTIVE:
            raise ExchangeError(f"PDF 含有{ACTIVE[name]}；{RESAVE}。")


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)


def _opens_harmlessly(opening: re.Match[bytes], whole: bytes) -> bool:
    """Return whether an OpenAction only says where a document opens (an array or GoTo)."""
    if opening["harmless"]:
        return True
    if not opening["number"]:
        return False
    target = rb"\b%s\s+%s\s+obj\s*(?:\[|<<[^<>]*/S\s*/GoTo\b)" % (opening["number"], opening["generation"])
    return re.search(target, whole) is not None


def _outside_streams(data: bytes) -> list[bytes]:
    """Return the bytes outside streams, and streams in which objects could hide."""
    outside, begin, position = [], 0, 0
    while piece := _PIECE.search(data, position):
        position = piece.end()
        if piece[0] == b"(":
            position = _string_end(data, position)
        elif piece[0].startswith(b"stream"):
            end = data.find(b"endstream", position)
            if end < 0:
                break
            outside.append(data[begin:position])
            if _OBJECT.search(data, position, end):
                outside.append(data[position:end])
            begin = position = end
            position += len(b"endstream")
    return [*outside, data[begin:]]


def _string_end(data: bytes, position: int) -> int:
    depth = 1
    for mark in _PARENTHESIS.finditer(data, position):
        depth += {b"(": 1, b")": -1}.get(mark[0], 0)
        if not depth:
            return mark.end()
    return len(data)


def _unpacked(data: bytes) -> list[bytes]:
    """Return compressed streams that hold text, wherever a reader might find one."""
    texts, room = [], MAX_TEXT
    for keyword in _STREAM.finditer(data):
        _refuse_hidden_objects(data, keyword.start())
        reader = zlib.decompressobj()
        try:
            head = reader.decompress(data[keyword.end() : keyword.end() + 4096], HEAD)
            if not head or _BINARY.search(head):
                continue
            text = _rest(data, keyword.end(), room)
        except zlib.error:
            continue
        room -= len(text)
        texts.append(text)
    return texts


def _rest(data: bytes, begin: int, room: int) -> bytes:
    """Unpack a whole stream in one piece, up to where it breaks off."""
    end = data.find(b"endstream", begin)
    reader, pieces, left = zlib.decompressobj(), [], room
    source = memoryview(data)[begin : end if end > 0 else len(data)]
    for offset in range(0, len(source), 65536):
        try:
            piece = reader.decompress(reader.unconsumed_tail + bytes(source[offset : offset + 65536]), left)
        except zlib.error:
            break
        pieces.append(piece)
        left -= len(piece)
        if left <= 0:
            raise ExchangeError("PDF 展开后过大；请压缩图片、拆分后重新上传。")
        if reader.eof:
            break
    return b"".join(pieces)


def _refuse_hidden_objects(data: bytes, keyword: int) -> None:
    """Refuse objects packed in a way that this check cannot follow."""
    floor = max(0, keyword - DICTIONARY)
    begin = max(data.rfind(b"obj", floor, keyword), floor)
    dictionary = _unescaped(data[begin:keyword])
    if b"/ObjStm" not in dictionary:
        return
    packed = re.search(rb"/F(?:ilter)?\b", dictionary)
    if (packed and not _PLAIN_FLATE.search(dictionary)) or re.search(rb"/Predictor\s*(?!1\b)\d", dictionary):
        raise ExchangeError(f"PDF 含有无法检查的压缩对象；{RESAVE}。")
