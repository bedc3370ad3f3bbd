"""Ledgers: what goes in, what is refused with which words, what is marked."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from app.exchange import cells, ledger, records, refused_rows
from app.exchange.columns import FIELDS
from app.exchange.errors import ExchangeError
from app.policy.terms import Kind, Mode
from tests.builders.workbooks import DATA, HEADINGS, OTHER, UNIT, book, package, read, table, unit


@pytest.fixture(scope="module")
def wrong():
    return read(DATA / "推荐汇总表-含错误.xlsx")


def test_sample_goes_in_whole_and_without_remark():
    found = read(DATA / "推荐汇总表-样例.xlsx")
    assert found.header_row == 3
    assert [row.row for row in found.rows] == list(range(4, 64))
    assert (found.refused, found.normalised, found.late, found.originals) == ((), (), (), ())
    assert found.skipped == (records.Skipped(64, "合计 60家"),)
    named = [field.name for field in FIELDS if field.name != "opinion_stated"]
    assert sorted(column.field for column in found.columns) == sorted([*named, "opinion_stated"])


def test_values_of_a_row():
    assert read(DATA / "推荐汇总表-样例.xlsx").rows[0] == records.LedgerRow(
        row=4,
        area="445322",
        kind=Kind.FACTORY,
        name="云浮市嘉岑宇新能源汽车有限公司",
        credit_code="91445322MARWNL1KCP",
        mode=Mode.THIRD_PARTY,
        industries=(("新能源汽车", "3612"),),
        institution="广州清砚节能评价中心有限公司",
        standard="GB/T 36132-2025",
        score=Decimal(87),
        output_value=Decimal("21053.72"),
        energy=Decimal("6482.25"),
        exclusions_stated="无",
        opinion_stated="同意推荐",
        contact="莫俊杰",
        phone="0766-8265144",
        production_address="广东省云浮市郁南县嘉岑宇工业大道160号",
        products="氢燃料电池客车",
        submitted_on=datetime.date(2026, 3, 1),
        receipt="GM202680918133",
        serial=1,
    )


def test_six_rows_are_refused_each_with_column_and_remedy(wrong):
    assert [(one.row, one.column) for one in wrong.refused] == [
        (7, "统一社会信用代码"),
        (21, "县（市、区）"),
        (35, "得分"),
        (70, "单位名称"),
        (77, "第三方机构"),
        (94, "统一社会信用代码"),
    ]
    words = {one.row: one.why for one in wrong.refused}
    assert "校验位不符" in words[7]
    assert "“云安县”不是本市现有" in words[21]
    assert "103超过100分" in words[35]
    assert "缺失" in words[70]
    assert "没有填第三方机构" in words[77]
    assert "与第5行" in words[94]
    assert all("；请" in why and why.endswith("。") for why in words.values() if "与第" not in why)


def test_seven_rows_go_in_normalised_or_marked(wrong):
    assert [(one.row, one.column, one.was, one.now) for one in wrong.normalised] == [
        (14, "统一社会信用代码", " 91445321mawna5gec3 ", "91445321MAWNA5GEC3"),
        (28, "类别", "绿色工厂 ", "绿色工厂"),
        (42, "上年产值（万元）", "9,190.27万元", "9190.27"),
        (49, "管理平台提交日期", "2026年4月2日", "2026-04-02"),
        (63, "单位名称", '=HYPERLINK("http://x","云浮市品沅达药业有限公司")', "云浮市品沅达药业有限公司"),
        (84, "综合能耗（tce）", "１２３４．５", "1234.5"),
    ]
    assert wrong.late == (records.Late(56, datetime.date(2026, 5, 6), datetime.date(2026, 4, 30)),)


def test_every_row_of_the_file_is_accounted_for(wrong):
    assert len(wrong.rows) == 85
    assert wrong.refused_rows == (7, 21, 35, 70, 77, 94)
    assert {14, 28, 42, 49, 56, 63, 84} <= {row.row for row in wrong.rows}
    seen = [row.row for row in wrong.rows] + list(wrong.refused_rows) + [one.row for one in wrong.skipped]
    assert sorted(seen) == list(range(4, 96))


def test_error_file_is_corrected_and_goes_in(wrong):
    content = refused_rows.error_file(wrong, created=datetime.datetime(2026, 6, 1, 9))
    again = read(content)
    assert not {row.credit_code for row in again.rows} & {row.credit_code for row in wrong.rows} - {
        "91445302MADYE3MD4D"
    }
    file = openpyxl.load_workbook(io.BytesIO(content))
    page = file.active
    headings = {cell.value: cell.column for cell in page[1]}
    assert list(headings)[-1] == refused_rows.REMARK
    assert page.max_row == 7
    assert page.cell(2, headings["问题"]).value.startswith("原第7行。统一社会信用代码：")
    page.cell(3, headings["县（市、区）"]).value = "云安区"
    page.cell(4, headings["得分"]).value = 93
    page.cell(5, headings["单位名称"]).value = "云安区瑞川达木业有限公司"
    page.cell(6, headings["第三方机构"]).value = "广东粤衡绿色技术有限公司"
    saved = io.BytesIO()
    file.save(saved)
    corrected = read(saved.getvalue())
    assert [one.row for one in corrected.refused] == [2]
    assert len(corrected.rows) == 5
    assert refused_rows.REMARK not in [column.heading for column in corrected.columns if column.field]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separated_text(encoding, separator):
    lines = [separator.join(map(str, row)) for row in (HEADINGS, UNIT, OTHER)]
    found = read("\r\n".join(lines).encode(encoding))
    assert [row.row for row in found.rows] == [2, 3]
    assert found.rows[0].output_value == Decimal("1200.5")
    assert found.refused == found.normalised == ()


def test_columns_in_another_order_under_other_names():
    headings = ("企业名称*", "统一社会\n信用代码", "申报 类别", "所在县区", "评价形式", "备注")
    found = read(table(("甲公司", UNIT[3], "绿色工厂", "新兴县", "自评价", "略"), headings=headings))
    assert [column.field for column in found.columns] == ["name", "credit_code", "kind", "area", "mode", ""]
    assert (found.rows[0].area, found.rows[0].mode) == ("445321", Mode.SELF)
    assert found.normalised == (records.Normalised(2, "评价形式", "自评价", "自我评价"),)


def test_clerk_may_say_which_column_is_which():
    strange = table(UNIT, headings=("甲", "乙", "丙", "丁", "戊", "己", "庚"))
    with pytest.raises(ExchangeError, match="找不到表头"):
        read(strange)
    found = read(strange, mapping={0: "area", 1: "kind", 2: "name", 3: "credit_code", 4: "mode"})
    assert found.rows[0].name == UNIT[2]
    assert found.rows[0].output_value is None


def test_missing_columns_are_named_and_the_others_shown():
    with pytest.raises(records.ColumnsMissing, match="“统一社会信用代码”、“评价方式”") as caught:
        read(table(UNIT, headings=(*HEADINGS[:3], "代号", "方式", *HEADINGS[5:])))
    assert caught.value.missing == ("credit_code", "mode")
    assert [column.heading for column in caught.value.columns if not column.field] == ["代号", "方式"]


def test_header_in_two_lines_and_area_merged_over_its_rows():
    rows = [
        ["2026年度推荐汇总表"],
        ["县（市、区）", "类别", "单位名称", "统一社会信用代码", "评价方式", "联系方式", None],
        [None, None, None, None, None, "联系人", "电话"],
        ["云城区", *UNIT[1:5], "张三", 13800000000],
        [None, *OTHER[1:5], "李四", "０７６６-1234567"],
        ["合计", "2家"],
        ["注：本表一式两份"],
    ]
    merged = [(f"{letter}2:{letter}3", heading) for letter, heading in zip("ABCDE", rows[1], strict=False)]
    found = read(book(rows, merged=[*merged, ("A4:A5", "云城区")]))
    assert found.header_row == 3
    assert [(row.row, row.area, row.contact, row.phone) for row in found.rows] == [
        (4, "445302", "张三", "13800000000"),
        (5, "445302", "李四", "0766-1234567"),
    ]
    assert [one.row for one in found.skipped] == [6, 7]


def test_units_of_the_heading_and_of_the_cell():
    headings = (*HEADINGS[:5], "产值（亿元）", HEADINGS[6])
    found = read(table(unit(上年产值=0.9), [*OTHER[:5], "500万元", OTHER[6]], headings=headings))
    assert [row.output_value for row in found.rows] == [Decimal(9000), Decimal(500)]
    assert [one.now for one in found.normalised] == ["9000", "500"]


def test_formulas_show_and_do_not_vanish():
    found = read(
        table(
            unit(单位名称=('=HYPERLINK("http://x","甲公司")', "甲公司"), 上年产值=("=1000+1", 1001)),
            [*OTHER[:2], ("=A1", ""), *OTHER[3:]],
            [*OTHER[:3], "91445381MA5DEM098G", OTHER[4], ("=NA()", "#N/A"), OTHER[6]],
        )
    )
    assert [(one.was, one.now) for one in found.normalised] == [
        ('=HYPERLINK("http://x","甲公司")', "甲公司"),
        ("=1000+1", "1001"),
    ]
    assert [(one.row, one.column) for one in found.refused] == [(3, "单位名称"), (4, "上年产值（万元）")]
    assert "公式“=A1”" in found.refused[0].why
    assert "#N/A" in found.refused[1].why


def test_one_legal_person_may_be_of_two_kinds_but_not_twice_of_one():
    found = read(table(UNIT, unit(类别="供应链"), unit(单位名称="另一名称有限公司")))
    assert [row.kind for row in found.rows] == [Kind.FACTORY, Kind.SUPPLY_CHAIN]
    assert [(one.row, "第2行" in one.why) for one in found.refused] == [(4, True)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"统一": 914453020000000000}, "存成数字"),
        ({"统一": "9144530"}, "有7位"),
        ({"统一": None}, "缺失"),
        ({"类别": "绿色车间"}, "绿色工厂、绿色工业园区、绿色供应链管理企业之一"),
        ({"评价方式": "抽签"}, "自我评价、第三方评价之一"),
        ({"评价方式": "第三方评价"}, "没有填第三方机构"),
        ({"上年产值": "约九千"}, "请只填数字"),
        ({"上年产值": "12吨"}, "请只填数字"),
        ({"上年产值": -3}, "负数"),
        ({"上年产值": datetime.date(2026, 1, 1)}, "不是数字"),
        ({"管理平台": "2026-02-30"}, "不是有效日期"),
        ({"管理平台": "四月"}, "不是有效日期"),
        ({"管理平台": "2062-04-01"}, "年份"),
        ({"单位": "=1+1"}, "公式"),
        ({"单位": "/"}, "名称缺失"),
        ({"单位": "甲" * 2001}, "超过2000字"),
    ],
)
def test_refused(changed, words):
    found = read(table(unit(**changed), OTHER))
    assert [row.row for row in found.rows] == [3]
    assert [(one.row, words in one.why) for one in found.refused] == [(2, True)]


@pytest.mark.parametrize(
    ("heading", "stated", "now"),
    [
        ("县", "佛山(云浮)产业转移工业园", "佛山（云浮）产业转移工业园"),
        ("类别", "绿色 园区", "绿色工业园区"),
        ("单位", "甲\n公司\u200b", "甲公司"),
        ("上年产值", "1,200.50 万元", "1200.50"),
        ("上年产值", "/", ""),
        ("统一", "９１４４５３０２ＭＡ５ＤＥＭ０１２８", "91445302MA5DEM0128"),
        ("统一", "91445302-MA5DEM012-8", "91445302MA5DEM0128"),
        ("管理平台", "2026/4/1", "2026-04-01"),
        ("管理平台", "２０２６．４．１", "2026-04-01"),
        ("管理平台", 46113, "2026-04-01"),
        ("管理平台", "20260401", "2026-04-01"),
    ],
)
def test_understood_and_said_so(heading, stated, now):
    found = read(table(unit(**{heading: stated})))
    assert [one.now for one in found.normalised] == [now]
    assert found.refused == ()


def test_dates_typed_as_dates_need_no_remark():
    found = read(table(unit(管理平台=datetime.date(2026, 4, 1))))
    assert found.rows[0].submitted_on == datetime.date(2026, 4, 1)
    assert found.normalised == ()


def test_deadline_includes_its_day():
    found = read(table(unit(管理平台="2026-04-30"), [*OTHER[:6], "2026-05-01"]))
    assert [one.row for one in found.late] == [3]
    assert len(found.rows) == 2


def test_several_industries():
    headings = (*HEADINGS[:5], "所属行业（代码）")
    found = read(table((*UNIT[:5], "石材(3032)、水泥制品（C3021）；3011 水泥制造、其他"), headings=headings))
    assert found.rows[0].industries == (
        ("石材", "3032"),
        ("水泥制品", "3021"),
        ("水泥制造", "3011"),
        ("其他", ""),
    )


def test_stroke_for_no_institution():
    headings = (*HEADINGS[:5], "第三方机构")
    found = read(table((*UNIT[:5], "/"), (*OTHER[:5], "某机构"), headings=headings))
    assert [row.institution for row in found.rows] == [""]
    assert [one.row for one in found.refused] == [3]


def test_unit_whose_name_begins_like_a_note_is_not_dropped():
    headings = ("单位名称", "统一社会信用代码", "类别", "县", "评价方式")
    found = read(table(("注塑科技有限公司", None, "绿色工厂", "云城区", "自我评价"), headings=headings))
    assert found.skipped == ()
    assert [one.column for one in found.refused] == ["统一社会信用代码"]


def test_empty_rows_and_repeated_header_are_passed_over():
    headings = ("序号", *HEADINGS)
    found = read(table((1, *UNIT), (2,), (), headings, (3, *OTHER), headings=headings))
    assert [row.row for row in found.rows] == [2, 6]
    assert [one.row for one in found.skipped] == [5]


def test_other_year_is_noticed():
    file = book([["2025年度推荐汇总表"], HEADINGS, UNIT])
    (question,) = read(file).questions
    assert (question.key, question.choices) == ("year", ("2025", "2026"))
    assert "2025年度，与所选的2026年度不符" in question.why
    assert read(file).rows == () and len(read(file, answers={"year": "2026"}).rows) == 1
    with pytest.raises(ExchangeError, match="可选：2025、2026"):
        read(file, answers={"year": "2024"})


def test_two_tables_in_one_book():
    both = book([HEADINGS, UNIT], [HEADINGS, OTHER])
    (question,) = read(both).questions
    assert (question.key, question.choices) == ("sheet", ("Sheet1", "Sheet2")) and "2张汇总表" in question.why
    assert [row.name for row in read(both, answers={"sheet": "Sheet2"}).rows] == [OTHER[2]]
    assert len(read(book([["说明"]], [HEADINGS, OTHER])).rows) == 1


def test_too_many_rows():
    lines = "\n".join(["县,类别,单位名称", *["云城区,绿色工厂,甲"] * (cells.MAX_ROWS + cells.EXTRA_ROWS)])
    with pytest.raises(ExchangeError, match="超过20,000行"):
        read(lines.encode())


def test_files_that_are_no_ledger():
    ole = cells.OLE + b"\0" * 600
    sheet = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    for content, words in (
        (b"", "空的"),
        (ole, "旧版 .xls"),
        (ole + cells.ENCRYPTED, "已加密"),
        (b"\x00\x01\x02\xff" * 100, "不是 Excel 工作簿或文本表格"),
        (b"PK\x03\x04 nothing", "已损坏"),
        (package({"word/document.xml": "<x/>"}), "不是 Excel 工作簿"),
        (package({"xl/workbook.xml": f"<workbook {sheet}/>"}), "已损坏"),
        (package({"xl/workbook.xml": "<x/>", "bomb": b"\0" * 5 * 1024 * 1024}), "压缩炸弹"),
        (table(UNIT)[:2000], "已损坏"),
        ("你好，世界".encode(), "找不到表头"),
        (b"x" * (ledger.MAX_BYTES + 1), "超过20MB"),
        (",".join(["列"] * 300).encode(), "300列"),
    ):
        with pytest.raises(ExchangeError, match=words):
            read(content)


def test_sheet_with_one_cell_far_away_ends_in_a_sentence():
    content = book([HEADINGS, UNIT])
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    page = parts["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = page.replace(b"</sheetData>", far)
    with pytest.raises(ExchangeError, match="内容过大"):
        read(package(parts))
