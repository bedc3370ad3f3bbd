"""Pages as LibreOffice draws them: the imprint on the last, even page; rows all there; titles well broken."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace

import pytest

from app import documents
from app.documents.kinds.columns import UnitLine
from app.documents.layout import chinese
from app.documents.layout.titles import FULL, break_title
from app.policy import papers


def pages(content, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(documents.preview_pdf(content))
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True
    ).stdout
    return text.split("\f")[:-1]


def factories(count):
    return tuple(
        UnitLine(f"云浮市示例{n}号石材有限公司", "绿色工厂", "云城区", "建筑用石加工")
        for n in range(1, count + 1)
    )


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 17, 60, 213])
def test_the_imprint_stands_on_the_last_even_page(count, tmp_path):
    inputs = replace(
        documents.specimen("listing_announcement"),
        factories=factories(count),
        parks=(),
        supply_chains=(),
        removed=(),
        renamed=(),
        provincial=(),
    )
    found = pages(documents.build("listing_announcement", inputs, number="云工信〔2027〕7号"), tmp_path)
    assert len(found) % 2 == 0
    assert "日印发" in found[-1].replace(" ", "")
    assert not any("日印发" in page.replace(" ", "") for page in found[:-1])
    rows = re.findall(r"^\s*(\d+)\s+云浮市示例", "".join(found), re.MULTILINE)
    assert rows == [str(n) for n in range(1, count + 1)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind.code for kind in papers.KINDS.values() if kind.family != "plain"])
def test_the_imprint_of_every_kind_stands_on_an_even_page(kind, tmp_path):
    found = pages(documents.build(kind, documents.specimen(kind)), tmp_path)
    assert len(found) % 2 == 0
    assert [n for n, page in enumerate(found, start=1) if "公开方式" in page] == [len(found)]


def test_without_libreoffice_the_refusal_says_so(monkeypatch):
    monkeypatch.setattr("app.documents.output.preview.available", lambda: False)
    with pytest.raises(documents.PreviewError, match="LibreOffice"):
        documents.preview_pdf(b"")


def test_active_content_is_not_drawn():
    content = io.BytesIO(documents.build("public_notice", documents.specimen("public_notice")))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(documents.PreviewError, match="宏"):
        documents.preview_pdf(content.getvalue())


def test_a_time_limit_ends_the_drawing():
    content = documents.build("public_notice", documents.specimen("public_notice"))
    with pytest.raises(documents.PreviewError, match="超过"):
        documents.preview_pdf(content, time_limit=0.05)


@pytest.mark.parametrize(
    "name",
    [
        "甲公司",
        "云浮市示例石材有限公司",
        "云浮市云城区示例新材料科技股份有限公司",
        "佛山（云浮）产业转移工业园示例氢能源汽车有限公司",
    ],
)
@pytest.mark.parametrize("kind", ["change_opinion", "rectification_notice", "recheck_opinion"])
def test_titles_break_into_lines_that_fit(kind, name):
    inputs = replace(documents.specimen(kind), unit_name=name)
    lines = titles(kind, inputs)
    widths = [chinese.width(line) for line in lines]
    assert "".join(lines) == documents.title_of(kind, inputs)
    assert max(widths) <= FULL and widths[-1] >= 2
    assert not any(b < a and b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))  # 沙漏形


def titles(kind, inputs):
    title = documents.title_of(kind, inputs)
    text = documents.text_of(documents.build(kind, inputs)).splitlines()
    for first in range(len(text)):
        for last in range(first + 1, first + 6):
            if "".join(text[first:last]) == title:
                return text[first:last]
    raise AssertionError("标题不在正文中")


def test_breaks_of_the_wording_stand_while_they_fit():
    assert break_title([[("关于", False), ("甲", True)], [("的公告", False)]]) == ["关于甲", "的公告"]


@pytest.mark.parametrize(
    "text, expected",
    [("绿色工厂", 4), ("2027", 2), ("2027年", 3.25), ("GB/T", 2.6), ("（一）", 3), ("", 0)],
)
def test_width_in_characters(text, expected):
    assert chinese.width(text) == pytest.approx(expected)
