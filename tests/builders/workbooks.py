"""Builders of ledgers and files; a test states only what matters to it."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from app.exchange import ledger, records

DATA = Path(__file__).parents[1] / "data"
AREAS = {
    "云城区": "445302",
    "云安区": "445303",
    "新兴县": "445321",
    "郁南县": "445322",
    "罗定市": "445381",
    "佛山（云浮）产业转移工业园": "4453YQ",
}
DEADLINE = datetime.date(2026, 4, 30)
HEADINGS = (
    "县（市、区）",
    "类别",
    "单位名称",
    "统一社会信用代码",
    "评价方式",
    "上年产值（万元）",
    "管理平台提交日期",
)
UNIT = ("云城区", "绿色工厂", "云浮市甲石材有限公司", "91445302MA5DEM0128", "自我评价", 1200.5, "2026-04-01")
OTHER = ("罗定市", "绿色工厂", "罗定市乙药业有限公司", "91445381MA5DEM08XG", "自我评价", 300, "2026-04-02")


def read(source: Any, **options: Any) -> records.Ledger:
    return ledger.read(source, **{"areas": AREAS, "year": 2026, "application_deadline": DEADLINE, **options})


def unit(**changed: Any) -> list[Any]:
    """One row; changed cells by heading's beginning: unit(类别="园区")."""
    row = list(UNIT)
    for beginning, value in changed.items():
        (index,) = [number for number, heading in enumerate(HEADINGS) if heading.startswith(beginning)]
        row[index] = value
    return row


def book(*sheets: Iterable[Sequence[Any]], merged: Sequence[tuple[str, str]] = ()) -> bytes:
    """A workbook; a cell that is a tuple is (formula, saved result)."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for rows in sheets:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                if isinstance(cell, tuple):
                    page.write_formula(number, index, cell[0], None, cell[1])
                elif isinstance(cell, datetime.date):
                    page.write_datetime(number, index, cell, day)
                elif cell is not None:
                    page.write(number, index, cell)
        for place, value in merged:
            page.merge_range(place, value)
    workbook.close()
    return buffer.getvalue()


def table(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    return book([headings, *rows])


def package(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/>%s</Types>'
)
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str = "", types: str = "", links: str = "", **parts: Any) -> bytes:
    """A small .docx; `links` are Relationship elements of the document, `parts` further entries."""
    return package(
        {
            "[Content_Types].xml": CONTENT_TYPES % types,
            "_rels/.rels": RELATIONSHIPS
            % f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>',
            "word/document.xml": BODY % body,
            "word/_rels/document.xml.rels": RELATIONSHIPS % links,
            **parts,
        }
    )


def link(kind: str, target: str) -> str:
    return f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def stream(content: bytes, keys: bytes = b"/Filter /FlateDecode") -> bytes:
    packed = zlib.compress(content) if b"FlateDecode" in keys else content
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (keys, len(packed), packed)


def pdf(*objects: bytes, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """A small PDF: catalog, pages, then the objects given from number 3 on."""
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        *objects,
    )
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    index = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    table_ = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, index)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(data))
    return data + table_ + end


LEDGER = Path(__file__).parent.parent / "data" / "推荐汇总表-样例.xlsx"
