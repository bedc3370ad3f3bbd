"""Uploads: honest files pass, attacks are refused in words, names are harmless."""

import hashlib
import io
import struct
import zipfile
import zlib

import docx as python_docx
import pytest

from app.exchange import archive, uploads
from app.exchange import pdf as pdf_check
from app.exchange.errors import ExchangeError
from tests.builders.workbooks import (
    BODY,
    CONTENT_TYPES,
    DATA,
    RELATIONSHIPS,
    UNIT,
    docx,
    link,
    package,
    pdf,
    stream,
    table,
)

MEGABYTE = 1024 * 1024
ALL = tuple(uploads.KINDS)


def examine(content, name, **options):
    return uploads.examine(content, name, **{"allowed": ALL, "max_size": 5 * MEGABYTE, **options})


def refused(content, name, words):
    with pytest.raises(uploads.UploadRefused, match=words) as caught:
        examine(content, name)
    assert str(caught.value).endswith("。")


def refused_inside(content, kind, words):
    """As the sandbox would, without the price of a process for each sample."""
    with pytest.raises(ExchangeError, match=words) as caught:
        uploads.inspect(content, kind)
    assert str(caught.value).endswith("。")


def png(width=2, height=2, extra=b""):
    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"") + extra


def jpeg(width=2, height=2, extra=b""):
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return start + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9" + extra


def word():
    buffer = io.BytesIO()
    document = python_docx.Document()
    document.add_paragraph("评价报告")
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("报告.pdf", pdf(stream(b"BT (JavaScript) Tj ET")), "pdf"),
        ("报告.PDF", pdf(catalog=b"/OpenAction [3 0 R /XYZ null null 0]"), "pdf"),
        ("报告.pdf", pdf(catalog=b"/OpenAction << /D [3 0 R /Fit] /S /GoTo >>"), "pdf"),
        ("报告.pdf", pdf(b"<< /S /GoTo /D [2 0 R /Fit] >>", catalog=b"/OpenAction 3 0 R"), "pdf"),
        ("报告.pdf", pdf(b"<< /A << /S /URI /URI (https://example.org) >> >>"), "pdf"),
        ("报告.docx", word(), "docx"),
        ("报告.docx", docx(links=link("hyperlink", "https://green.miit.gov.cn/")), "docx"),
        ("汇总表.xlsx", table(UNIT), "xlsx"),
        ("现场.png", png(), "png"),
        ("现场.jpg", jpeg(), "jpg"),
        ("现场.JPEG", jpeg(), "jpg"),
    ],
)
def test_honest_files_pass(name, content, kind):
    found = examine(content, name)
    assert found == uploads.Examined(
        kind, uploads.KINDS[kind].mime, len(content), hashlib.sha256(content).hexdigest(), name
    )


def test_sample_ledgers_pass():
    for path in DATA.glob("*.xlsx"):
        assert examine(path.read_bytes(), path.name).kind == "xlsx"


def test_stream_is_left_at_its_start():
    source = io.BytesIO(pdf())
    assert examine(source, "报告.pdf").size == len(source.read())


def test_size_and_kind_come_first():
    refused(b"", "报告.pdf", "空文件")
    with pytest.raises(uploads.UploadRefused, match="超过0.5MB"):
        uploads.examine(io.BytesIO(b"x" * MEGABYTE), "报告.pdf", max_size=MEGABYTE // 2)
    for name in ("报告.exe", "报告", "报告.pdf.html", ".htaccess", "报告.doc"):
        refused(pdf(), name, "不在允许范围内")
    with pytest.raises(uploads.UploadRefused, match="请上传.pdf文件"):
        examine(word(), "报告.docx", allowed=("pdf",))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", word()),
        ("a.docx", pdf()),
        ("a.png", jpeg()),
        ("a.jpg", b"<svg onload=alert(1)>"),
        ("a.pdf", b"MZ" * 99),
    ],
)
def test_content_is_not_what_the_name_says(name, content):
    refused(content, name, "内容不是")


ACT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
PACKED = stream(b"5 0 %s" % ACT, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pdf(ACT), "脚本"),
        (pdf(ACT.replace(b"JavaScript", b"J#61vaScript").replace(b"/JS", b"/#4a#53")), "脚本"),
        (pdf(PACKED), "脚本"),
        (pdf(PACKED.replace(b"/ObjStm", b"/Obj#53tm")), "脚本"),
        (pdf(PACKED.replace(b"/Type /ObjStm", b"")), "脚本"),
        (pdf(stream(b"x", b"/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode")), "无法检查"),
        (pdf(PACKED.replace(b"/FlateDecode", b"[/ASCIIHexDecode /FlateDecode]")), "无法检查"),
        (pdf(PACKED.replace(b"/N 1", b"/N 1 /DecodeParms << /Predictor 12 >>")), "无法检查"),
        (pdf(b"<< %% >> stream\n /AA %s >>\n%% endstream" % ACT), "脚本"),
        (pdf(stream(b"9 0 obj %s endobj" % ACT, b"")), "脚本"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "启动程序"),
        (pdf(b"<< /Type /EmbeddedFile >>"), "嵌入文件"),
        (pdf(catalog=b"/Names << /EmbeddedFiles 9 0 R >>"), "嵌入文件"),
        (pdf(catalog=b"/AcroForm << /XFA 9 0 R >>"), "动态表单"),
        (pdf(b"<< /S /SubmitForm /F (http://x) >>"), "外发数据"),
        (pdf(catalog=b"/OpenAction << /S /URI /URI (http://x) >>"), "打开时自动执行"),
        (pdf(b"<< /S /URI /URI (http://x) >>", catalog=b"/OpenAction 3 0 R"), "打开时自动执行"),
        (pdf(stream(b"5 0 << /S /URI /URI (http://x) >>"), catalog=b"/OpenAction 5 0 R"), "打开时自动执行"),
        (pdf(trailer=b"/Encrypt 9 0 R"), "已加密"),
        (pdf()[:-30], "不完整"),
        (pdf() + b"\n" * 5000, "不完整"),
        (b"\n" + pdf(), "内容不是|开头不是"),
    ],
)
def test_pdf_that_acts_or_hides(content, words):
    refused_inside(content, "pdf", words)


def test_opening_place_inside_an_object_stream():
    objects = b"5 0 6 32 << /S /GoTo /D [2 0 R /Fit] >>  << /Type /Page >>"
    packed = stream(objects, b"/Type /ObjStm /N 2 /First 9 /Filter /FlateDecode")
    assert examine(pdf(packed, catalog=b"/OpenAction 5 0 R"), "报告.pdf").kind == "pdf"


def test_pdf_that_bursts(monkeypatch):
    monkeypatch.setattr(pdf_check, "MAX_TEXT", MEGABYTE)
    refused_inside(pdf(*[stream(b" " * (MEGABYTE // 3))] * 4), "pdf", "展开后过大")


def test_refusal_names_the_file():
    refused(pdf(ACT), "报告.pdf", "“报告.pdf”未通过检查：PDF 含有脚本；请")


MACRO_TYPE = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
FIELD = "<w:p><w:r><w:instrText>%s</w:instrText></w:r><w:r><w:instrText>%s</w:instrText></w:r></w:p>"
TEMPLATE = (CONTENT_TYPES % "").replace("document.main+xml", "template.macroEnabledTemplate.main+xml")
INSIDE = link("aFChunk", "x.html").replace(' TargetMode="External"', "")
PICTURE = '<w:fldSimple w:instr=" INCLUDEPICTURE &quot;http://x/y.png&quot; "/>'
HEADER_LINKS = RELATIONSHIPS % link("image", "http://x")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (docx(**{"word/vbaProject.bin": b"x"}), "宏、控件或嵌入对象（word/vbaProject.bin）"),
        (docx(**{"word/VBAPROJECT.BIN": b"x"}), "宏、控件"),
        (docx(types=MACRO_TYPE), "宏、控件"),
        (docx(**{"[Content_Types].xml": TEMPLATE}), "宏"),
        (docx(**{"word/embeddings/oleObject1.bin": b"x"}), "嵌入对象"),
        (docx(**{"word/activeX/activeX1.xml": "<x/>"}), "控件"),
        (docx(**{"word/media/tool.exe": b"MZ"}), "嵌入对象"),
        (docx(links=link("attachedTemplate", "http://x/t.dotm")), "引用了外部文件（http://x/t.dotm"),
        (docx(links=link("image", "file://server/share/x.png")), "引用了外部文件"),
        (docx(links=link("oleObject", "http://x")), "引用了外部文件"),
        (docx(links=link("hyperlink", "javascript:alert(1)")), "不安全的链接"),
        (docx(links=link("hyperlink", "file:///etc/passwd")), "不安全的链接"),
        (docx(links=INSIDE), "外来内容"),
        (docx(**{"word/_rels/header1.xml.rels": HEADER_LINKS}), "外部文件"),
        (docx(FIELD % ("D", "DEAUTO c:\\\\cmd.exe")), "自动读取外部内容的域"),
        (docx(FIELD % ("&#68;DE ", "cmd")), "自动读取外部内容的域"),
        (docx(PICTURE), "自动读取外部内容的域"),
        (docx(**{"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]>' + BODY % ""}), "编码异常"),
        (docx(**{"word/document.xml": (BODY % "").encode("utf-16")}), "编码异常"),
        (package({"a.txt": "x"}), "不是完整的 .docx"),
        (package({"[Content_Types].xml": CONTENT_TYPES % ""}), "不是完整的 .docx"),
        (docx(**{"[Content_Types].xml": "<Types/>"}), "内部类型"),
        (docx(**{"[Content_Types].xml": "<Types"}), "已损坏"),
        (docx()[:-40], "已损坏|内容不是"),
        (docx(**{"../../etc/cron.d/x": "x"}), "结构异常"),
        (docx(**{"word\\..\\x": "x"}), "结构异常"),
        (docx(**{"WORD/document.XML": "x"}), "结构异常"),
        (docx(**{"word/media/a.bmp": b"\0" * 20 * MEGABYTE}), "压缩比异常"),
        (docx(**{f"word/media/{number}": b"" for number in range(archive.MAX_ENTRIES)}), "2004个部件"),
        (b"MZ" + docx(), "结构异常|内容不是"),
    ],
)
def test_word_that_acts_fetches_or_bursts(content, words):
    refused_inside(content, "docx", words)


def test_excel_with_links_outside():
    with zipfile.ZipFile(io.BytesIO(table(UNIT))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    refused(package({**parts, "xl/externalLinks/externalLink1.xml": "<x/>"}), "表.xlsx", "嵌入对象")
    refused(docx(), "表.xlsx", "内容不是|不是完整的")


def test_archive_with_entries_on_top_of_each_other():
    """One compressed block that two directory entries share: the overlapping kind of zip bomb."""
    content = bytearray(package({"a": b"x" * 100, "b": b"y" * 100}))
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 1)
    with pytest.raises(ExchangeError, match="结构异常"):
        archive.opened(bytes(content))


def test_encrypted_archive():
    content = bytearray(package({"a": b"x"}))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ExchangeError, match="已加密"):
        archive.opened(bytes(content))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("png", png(extra=b"<?php")),
        ("png", png()[:-5]),
        ("png", png().replace(b"IDAT", b"IDAX")),
        ("png", png(40_000, 40_000)),
        ("jpg", jpeg(extra=b"PK\x03\x04")),
        ("jpg", jpeg()[:30]),
        ("jpg", jpeg(60_000, 60_000)),
        ("jpg", jpeg(0, 0)),
    ],
)
def test_pictures_that_are_broken_loaded_or_huge(kind, content):
    refused_inside(content, kind, "图片")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("评估报告.pdf", "评估报告.pdf"),
        ("../../etc/评估.pdf", "评估.pdf"),
        ("C:\\Users\\甲\\评估.pdf", "评估.pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("e\u0301.pdf", "é.pdf"),
        (" . ", "未命名"),
        ("甲" * 300 + ".pdf", "甲" * 116 + ".pdf"),
    ],
)
def test_display_name(given, shown):
    assert uploads.display_name(given) == shown


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
        ("评估 1.pdf", "attachment; filename=\"__ 1.pdf\"; filename*=UTF-8''%E8%AF%84%E4%BC%B0%201.pdf"),
        ('a";x=\r\n.pdf', "attachment; filename=\"a__x_.pdf\"; filename*=UTF-8''a%22%3Bx%3D.pdf"),
    ],
)
def test_content_disposition(name, header):
    assert uploads.content_disposition(name) == header
