"""Check Word and Excel packages: complete, without macros, embedded objects or fetched content. Runs in the sandbox."""

import html
import re
import zipfile
from urllib.parse import urlsplit
from xml.etree import ElementTree

from app.exchange import archive
from app.exchange.errors import ExchangeError

CONTENT_TYPES = "[Content_Types].xml"
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}
ACTIVE_PART = re.compile(
    r"vbaproject|vbadata|/embeddings/|/activex/|/ctrlprops/|/externallinks/|/macrosheets/|/dialogsheets/|customui/"
    r"|oleobject|\.(?:exe|dll|js|vbs|bat|cmd|ps1|scr|hta|lnk|jar)$",
)
ACTIVE_TYPE = re.compile(
    r"macroenabled|vbaproject|activex|oleobject|ms-office\.(?:vba|activex)|altchunk", re.IGNORECASE
)
FETCHING_FIELD = re.compile(
    r"\bDDE(?:AUTO)?\b|\bINCLUDE(?:TEXT|PICTURE)\s+\"?\s*(?:[a-z]+:|\\\\)", re.IGNORECASE
)
SCHEMES = {"", "http", "https", "mailto"}

_INSTRUCTION = re.compile(rb"<(?:\w+:)?instrText[^>]*>([^<]*)<|<(?:\w+:)?fldSimple[^>]*?instr=[\"']([^\"']*)")


def inspect(data: bytes, kind: str) -> None:
    """Raise ExchangeError for a file that is no .docx or .xlsx, or has active content."""
    package = archive.opened(data)
    names = package.namelist()
    if CONTENT_TYPES not in names or MAIN[kind][0] not in names:
        raise ExchangeError(f"文件不是完整的 .{kind} 文档；请用办公软件另存为 .{kind} 后重新上传。")
    if active := next((name for name in names if ACTIVE_PART.search("/" + name.lower())), None):
        raise ExchangeError(f"文档含有宏、控件或嵌入对象（{active}）；请删除后另存再上传，图表可改贴为图片。")
    _check_types(package, kind)
    for name in names:
        if name.endswith(".rels"):
            _refuse_outside(_tree(package, name))
        elif name.endswith(".xml") and name.startswith("word/"):
            _refuse_fields(_markup(package, name))


def _check_types(package: zipfile.ZipFile, kind: str) -> None:
    part, main_type = MAIN[kind]
    types = [element.attrib for element in _tree(package, CONTENT_TYPES)]
    if any(ACTIVE_TYPE.search(each.get("ContentType", "")) for each in types):
        raise ExchangeError("文档含有宏、控件或嵌入对象；请删除后另存再上传。")
    main_types = (each.get("ContentType", "") for each in types if each.get("PartName") == f"/{part}")
    if not any(content_type.endswith(main_type) for content_type in main_types):
        raise ExchangeError(f"文件内部类型与 .{kind} 不符；请用办公软件另存为 .{kind} 后重新上传。")


def _markup(package: zipfile.ZipFile, name: str) -> bytes:
    """Return a part that can be searched as bytes: no other encoding, no entities of its own."""
    markup = archive.part(package, name)
    if b"\x00" in markup or b"<!DOCTYPE" in markup:
        raise ExchangeError("文档内部编码异常；请用办公软件打开并另存后重新上传。")
    return markup


def _tree(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(_markup(package, name))
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ExchangeError("文档不完整或已损坏；请用办公软件打开并另存后重新上传。") from None


def _refuse_outside(relationships: ElementTree.Element) -> None:
    """Refuse external targets other than hyperlinks: programs fetch them without asking."""
    for relationship in relationships:
        if relationship.get("TargetMode") != "External":
            if relationship.get("Type", "").endswith(("/aFChunk", "/oleObject", "/attachedToolbars")):
                raise ExchangeError("文档含有嵌入的外来内容；请改为直接粘贴文字后另存再上传。")
            continue
        target = relationship.get("Target", "")
        if not relationship.get("Type", "").endswith("/hyperlink"):
            raise ExchangeError(
                f"文档引用了外部文件（{target[:80]}）；请改为直接插入图片或普通模板后另存再上传。"
            )
        if _scheme(target) not in SCHEMES:
            raise ExchangeError(f"文档含有不安全的链接（{target[:80]}）；请删除该链接后重新上传。")


def _scheme(target: str) -> str:
    try:
        return urlsplit(target.strip()).scheme.lower()
    except ValueError:
        return "invalid"


def _refuse_fields(markup: bytes) -> None:
    """Refuse fields that fetch content; Word may split their codes over several runs."""
    codes = b"".join(run or simple for run, simple in _INSTRUCTION.findall(markup))
    if FETCHING_FIELD.search(html.unescape(codes.decode("utf-8", "replace"))):
        raise ExchangeError("文档含有自动读取外部内容的域；请选中全文取消链接（Ctrl+Shift+F9）后另存再上传。")
