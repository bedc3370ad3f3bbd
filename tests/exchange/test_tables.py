"""Exports read back by a foreign reader: same values, right types, nothing that calculates."""

import csv
import datetime
import io
import tracemalloc
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange import tables
from app.exchange.errors import ExchangeError
from tests.builders.workbooks import HEADINGS, UNIT, read

DIGITS = "913300000000000123"
RISKS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("http://x","y")')
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
NOW = datetime.datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)


def sheet(headers, rows, **options):
    content = b"".join(tables.xlsx_stream(headers, rows, sheet="名单", created=NOW, **options))
    return openpyxl.load_workbook(io.BytesIO(content)).active


def lines(headers, rows):
    content = b"".join(tables.csv_stream(headers, rows))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_workbook_keeps_types():
    moment = datetime.datetime(2026, 4, 1, 9, 30, tzinfo=SHANGHAI)
    row = (
        "甲公司",
        DIGITS,
        87.5,
        Decimal("9190.27"),
        datetime.date(2026, 4, 1),
        moment,
        True,
        None,
        7,
        10**17,
    )
    page = sheet([f"列{number}" for number in range(len(row))], [row])
    assert [cell.value for cell in page[2]] == [
        "甲公司",
        DIGITS,
        87.5,
        9190.27,
        datetime.datetime(2026, 4, 1),
        datetime.datetime(2026, 4, 1, 9, 30),
        "是",
        None,
        7,
        str(10**17),
    ]
    assert page["E2"].number_format == "yyyy-mm-dd"
    assert page["F2"].number_format == "yyyy-mm-dd hh:mm"


def test_workbook_is_laid_out_for_reading():
    page = sheet(HEADINGS, [UNIT, UNIT])
    assert page.title == "名单"
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:G3"
    assert page["A1"].font.bold
    assert page.column_dimensions["C"].width > 20


@pytest.mark.parametrize("text", RISKS)
def test_risky_text_stays_text(text):
    page = sheet(["名称"], [[text]])
    assert page["A2"].data_type == "s"
    assert page["A2"].quotePrefix
    assert lines(["名称"], [[text]])[1][0] == f"'{text}"


def test_columns_that_are_text_whatever_they_hold():
    page = sheet(["代码", "数"], [["007", 7], [445302, 7], ["12", 7]], text_columns=["代码"])
    assert [(page.cell(row, 1).value, page.cell(row, 1).quotePrefix) for row in (2, 3, 4)] == [
        ("007", True),
        ("445302", True),
        ("12", True),
    ]
    assert page["B2"].value == 7


def test_over_long_cell_is_refused_by_row_and_column():
    rows = [["甲", "短"], ["乙", "长" * 32_768]]
    with pytest.raises(ExchangeError, match="第3行“意见”有32,768个字符"):
        tables.xlsx_stream(["名称", "意见"], rows, sheet="名单", created=NOW)
    assert len(sheet(["名称", "意见"], [["乙", "长" * 32_767]])["B2"].value) == 32_767
    assert len(lines(["名称", "意见"], rows)[2][1]) == 32_768


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    assert sheet(["甲"], [[1], [2]]).max_row == 3
    with pytest.raises(ExchangeError, match="超过2行"):
        tables.xlsx_stream(["甲"], [[1], [2], [3]], sheet="名单", created=NOW)


def test_empty_list():
    assert sheet(["甲", "乙"], []).max_row == 1
    assert lines(["甲", "乙"], []) == [["甲", "乙"]]


def test_text_for_spreadsheets():
    row = (
        '甲,“乙”\n"丙"',
        DIGITS,
        "0766",
        "0",
        "-5",
        -5,
        Decimal("1.50"),
        datetime.date(2026, 4, 1),
        True,
        None,
    )
    assert lines(["列"] * len(row), [row])[1] == [
        '甲,“乙”\n"丙"',
        f"'{DIGITS}",
        "'0766",
        "0",
        "'-5",
        "-5",
        "1.50",
        "2026-04-01",
        "是",
        "",
    ]
    moment = datetime.datetime(2026, 4, 1, 9, 30, tzinfo=SHANGHAI)
    assert lines(["列"], [[moment]])[1] == ["2026-04-01 09:30"]


def test_own_exports_are_read_back_alike():
    row = (*UNIT[:5], 1200.5, "2026-04-01", "0766123")
    headings = (*HEADINGS, "联系电话")
    from_text = read(b"".join(tables.csv_stream(headings, [row])))
    from_book = read(b"".join(tables.xlsx_stream(headings, [row], sheet="名单", created=NOW)))
    assert from_text.rows == from_book.rows
    assert from_text.rows[0].phone == "0766123"
    assert from_text.normalised == from_book.normalised == ()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=9, max_codepoint=0xFFFD, exclude_categories=("Cs",)), max_size=20))
def test_no_text_becomes_a_formula(text):
    cell = sheet(["甲"], [[text]])["A2"]
    assert cell.data_type != "f"
    first = lines(["甲"], [[text, "x"]])[1][0]
    assert first[:1] not in tables.RISKY
    assert first.removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize(
    "stream", [tables.csv_stream, lambda h, r: tables.xlsx_stream(h, r, sheet="名单", created=NOW)]
)
def test_memory_stays_flat(stream):
    def peak(number):
        tracemalloc.start()
        for _ in stream(["列"] * 9, (("云浮市甲石材有限公司",) * 9 for _ in range(number))):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(3_000) < peak(1_000) + 128 * 1024
