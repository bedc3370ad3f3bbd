"""Read .xlsx and .csv as rows of plain values. Runs in the sandbox, so all results are JSON.

A cell is None, text, a number or a truth value; other values are tagged lists:
["date", iso], ["formula", text, saved value] (None: none saved, "": saved as empty), ["error", "#N/A"],
["percent", number], ["scaled", number, shown text].
"""

import csv
import datetime
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, ZipError

from app.exchange import archive, number_formats, places
from app.exchange.errors import ExchangeError

MAX_ROWS = 20_000
MAX_COLUMNS = 200
EXTRA_ROWS = 100  # titles, totals and notes beside the data rows
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ODD_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SPECIAL = (b"<f", b't="e"', b"t='e'")
WEB_PAGE = re.compile(r"\s*<(?:!doctype html|html|table|meta|head)\b", re.IGNORECASE)
EMPTY_IF = re.compile(r"=\s*IF\(\s*\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*=\s*\"\"\s*,\s*\"\"")
DATE_1904 = re.compile(rb"\bdate1904=[\"'](?:1|true|on)[\"']")

Cell = Any
Grid = list[list[Cell]]


def read(data: bytes) -> list[dict[str, Any]]:
    """Return visible sheets as {name, rows}; the first row of each is sheet row 1."""
    if data.startswith(b"PK"):
        return _workbook(data)
    if data.startswith(OLE):
        raise ExchangeError(
            "工作簿已加密；请去除打开密码后重新上传。"
            if ENCRYPTED in data
            else "这是旧版 .xls 文件；请另存为 .xlsx 后重新上传。"
        )
    return [{"name": "", "rows": _separated(data)}]


def _workbook(data: bytes) -> list[dict[str, Any]]:
    package = archive.opened(data)
    if "xl/workbook.xml" not in package.namelist():
        raise ExchangeError("文件不是 Excel 工作簿；请上传 .xlsx 或 .csv 文件。")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_sheet(book, meta.name, package) for meta in book.sheets_metadata if _shown(meta)]
    except (CalamineError, ZipError, ElementTree.ParseError):
        raise ExchangeError("工作簿不完整或已损坏；请用办公软件打开并另存后重新上传。") from None


def _shown(meta: Any) -> bool:
    return meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible


def _sheet(book: CalamineWorkbook, name: str, package: zipfile.ZipFile) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    if sheet.end is None:
        return {"name": name, "rows": []}
    _bound(sheet.end[0] + 1, sheet.end[1] + 1, name)
    rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        _fill_down(rows, left, top, bottom)
    markup = archive.part(package, _part_of(package, name))
    for row, column, cell in number_formats.special(package, markup, rows):
        rows[row][column] = cell
    for row, column, cell in _special(markup, rows):
        rows[row][column] = cell
    merged = [[top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    return {"name": name, "rows": rows, "merged": merged, "from_1904": _counts_from_1904(package)}


def _counts_from_1904(package: zipfile.ZipFile) -> bool:
    return DATE_1904.search(archive.part(package, "xl/workbook.xml")) is not None


def _bound(height: int, width: int, name: str) -> None:
    where = f"工作表“{name}”" if name else "文件"
    if height > MAX_ROWS + EXTRA_ROWS:
        raise ExchangeError(
            f"{where}的内容一直到第{height}行，超过{MAX_ROWS:,}行；请删去表外多余的内容，或拆成几个文件。"
        )
    if width > MAX_COLUMNS:
        raise ExchangeError(f"{where}有{width}列，超过{MAX_COLUMNS}列；请删去多余的列后重新上传。")


def _plain(cell: Any) -> Cell:
    if cell.__class__ is str:
        return cell or None
    if isinstance(cell, datetime.date):
        return ["date", cell.isoformat()[:10]]
    if isinstance(cell, (datetime.time, datetime.timedelta)):
        return str(cell)
    return cell


def _fill_down(rows: Grid, column: int, top: int, bottom: int) -> None:
    """Repeat a cell merged over several rows in each of them (县（市、区） is often laid out so)."""
    if top >= len(rows) or column >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        if row[column] is None:
            row[column] = rows[top][column]


def _special(markup: bytes, rows: Grid) -> list[tuple[int, int, Cell]]:
    """Return formulas and error values, of which the fast reader gives only the saved result or nothing."""
    if not any(mark in markup for mark in SPECIAL):
        return []
    special = []
    for _, element in ElementTree.iterparse(io.BytesIO(markup)):
        if element.tag == SPREADSHEET + "c":
            special += _special_cell(element, rows)
            element.clear()
    return special


def _special_cell(element: ElementTree.Element, rows: Grid) -> list[tuple[int, int, Cell]]:
    formula = element.find(SPREADSHEET + "f")
    place = places.place_of(element.get("r", ""))
    is_error = element.get("t") == "e"
    if not place or (formula is None and not is_error) or not places.within(place, rows):
        return []
    row, column = place
    if is_error:
        return [(row, column, ["error", element.findtext(SPREADSHEET + "v") or "#N/A"])]
    text = "=" + ((formula.text if formula is not None else "") or "")
    saved = rows[row][column]
    if saved is None and _is_saved_empty(element, text, rows):
        saved = ""
    return [(row, column, ["formula", text, saved])]


def _is_saved_empty(element: ElementTree.Element, formula: str, rows: Grid) -> bool:
    """Return whether a formula without saved text gave empty text, rather than was never calculated."""
    if element.find(SPREADSHEET + "v") is None:
        return False
    if element.get("t") == "str":
        return True
    condition = EMPTY_IF.match(formula)
    if condition is None:
        return '""' in formula
    row, column = int(condition[2]) - 1, places.column_of(condition[1])
    return not places.within((row, column), rows) or rows[row][column] in (None, "")


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    book = ElementTree.fromstring(archive.part(package, "xl/workbook.xml"))
    links = ElementTree.fromstring(archive.part(package, "xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for entry in book.iter(SPREADSHEET + "sheet"):
        if entry.get("name") == sheet:
            target = targets.get(entry.get(RELATION), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise ExchangeError("工作簿不完整或已损坏；请用办公软件打开并另存后重新上传。")


def _separated(data: bytes) -> Grid:
    text = _decoded(data)
    if WEB_PAGE.match(text):
        raise ExchangeError("这是改名为表格的网页；请用办公软件打开，另存为 .xlsx 后重新上传。")
    first_lines = "\n".join(text.splitlines()[:20])
    separator = max(",\t;", key=first_lines.count)
    try:
        rows = [
            [_unquoted(cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error:
        raise ExchangeError("文件无法按表格读取；请在办公软件中另存为 .xlsx 后重新上传。") from None
    _demand_closed_quotes(text, separator)
    width = max(map(len, rows), default=0)
    _bound(len(rows), width, "")
    return [row + [None] * (width - len(row)) for row in rows]


def _demand_closed_quotes(text: str, separator: str) -> None:
    """Raise ExchangeError where a quotation mark swallows the rest of the file."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            lines = text.splitlines()
            row = next((n for n, line in enumerate(lines, start=1) if line.count('"') % 2), len(lines))
            raise ExchangeError(
                f"第{row}行有一个引号没有闭合，其后各行都被并入同一格；请补上或删去引号后重新上传。"
            ) from None


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not ODD_TEXT.search(text):
            return text
    raise ExchangeError("文件不是 Excel 工作簿或文本表格；请上传 .xlsx 或 .csv 文件。")


def _unquoted(cell: str) -> Cell:
    """Strip the apostrophe that our exports put before values a spreadsheet would calculate or round."""
    return (cell[1:] if cell[:1] == "'" else cell) or None
