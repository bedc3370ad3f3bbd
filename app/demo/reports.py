"""Small evaluation reports as real files: PDF from institutions, Word from self-evaluating units."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from docx import Document

NOTICE = "本报告为演示系统生成的虚构材料，不作任何依据。"
CONCLUSION = "经对照评价标准逐项核查，基本要求全部满足，资料齐全、数据可追溯，评价结论为符合。"


def lines(unit: str, kind: str, year: int, standard: str, score: object, author: str) -> list[str]:
    """Return the text of a report: title first, then paragraphs."""
    return [
        f"{year}年度{kind}评价报告",
        f"申报单位：{unit}",
        f"评价单位：{author}",
        f"评价标准：{standard}",
        f"评价得分：{score} 分",
        CONCLUSION,
        NOTICE,
    ]


def docx(text: Sequence[str]) -> bytes:
    document, stream = Document(), io.BytesIO()
    document.add_heading(text[0], level=1)
    for line in text[1:]:
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


def pdf(text: Sequence[str]) -> bytes:
    """Return a one-page PDF; the viewer brings the font, so that it is a few hundred bytes."""
    page = zlib.compress(_page(text))
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    return _assembled(objects)


def _page(text: Sequence[str]) -> bytes:
    parts = [b"BT"]
    for place, line in enumerate(text):
        size, left, top = (20, 150, 740) if not place else (12, 72, 700 - 28 * place)
        encoded = line.encode("utf-16-be").hex().encode()
        parts.append(b"/F1 %d Tf 1 0 0 1 %d %d Tm <%b> Tj" % (size, left, top, encoded))
    return b"\n".join([*parts, b"ET"])


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    size = len(objects) + 1
    return bytes(out) + end % (size, table, size, len(out))
