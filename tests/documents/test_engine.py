"""The engine: what goes in comes out, letter for letter, the same bytes every time, in the order of the schema."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from lxml import etree

from app import documents
from app.documents.kinds.columns import UnitLine
from app.documents.layout import ooxml
from app.documents.layout.ooxml import NS
from app.documents.layout.styles import style_id
from app.documents.output import skeleton_builder
from app.policy import papers

NASTY = "甲乙&丙<丁>公司"
KINDS = list(papers.KINDS)


def built(kind, inputs=None, **options):
    return documents.build(kind, inputs or documents.specimen(kind), **options)


def body(content):
    return docx.Document(io.BytesIO(content)).element.body


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def units(count, name="云浮市示例{}号有限公司"):
    return tuple(UnitLine(name.format(n), "绿色工厂", "云城区", "水泥制造") for n in range(1, count + 1))


def notice(**changes):
    return replace(documents.specimen("public_notice"), **changes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_opens_again_with_its_title_and_nothing_left_over(kind):
    content = built(kind)
    text = documents.text_of(content)
    title = documents.title_of(kind, documents.specimen(kind))
    assert title in text.replace("\n", "")
    assert "{{" not in text and "None" not in text and "True" not in text
    assert docx.Document(io.BytesIO(content)).core_properties.title == title


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_inputs_give_the_same_bytes(kind):
    mark = documents.Verification("AB3D7KQ92MXY", "https://example.cn/verify/AB3D7KQ92MXY")
    content = built(kind, verification=mark)
    assert content == built(kind, verification=mark)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", [NASTY, "{{7*7}}", "{{year}}", "</w:t>", "]]>&amp;", "“引号”——破折号…"])
def test_a_name_comes_out_letter_for_letter(name):
    inputs = notice(units=(UnitLine(name, "绿色工厂", "云城区", name),), contact=name, issuer=name)
    lines = documents.text_of(built("public_notice", inputs)).splitlines()
    assert lines.count(name) == 3  # two cells and the signature
    assert any(f"联系人：{name}，" in line for line in lines)


def test_a_value_cannot_forge_a_paragraph_or_a_heading():
    plain = documents.text_of(built("public_notice", notice(contact="甲"))).splitlines()
    forged = documents.text_of(built("public_notice", notice(contact="甲\n四、\x00伪\u202e造"))).splitlines()
    assert len(forged) == len(plain)
    assert any("甲 四、伪造" in line for line in forged)
    fact = replace(documents.specimen("removal_intent"), facts=("一、像标题的事实。",))
    node = next(
        n for n in body(built("removal_intent", fact)).iter(ooxml.qualified("w:p")) if "像标题" in said(n)
    )
    assert node.find(".//w:rStyle", NS) is None


def said(node):
    return "".join(part.text for part in node.iter(ooxml.qualified("w:t")))


@pytest.mark.parametrize(
    "line, complaint",
    [
        ("{{yeer}}年度", "不认识的占位符：{{yeer}}"),
        ("{{year年度", "没有写完整"),
        ("year}}年度", "没有写完整"),
        ("名单{{unit_table}}如下", "{{unit_table}}是表格或多段文字"),
        ("## 下雨时", "不认识的情形：“下雨时”"),
        ("# 正 文", "没有“正 文”这一部分"),
        ("# 正文", "“正文”重复出现"),
    ],
)
def test_wording_that_cannot_be_used_is_refused_by_name(line, complaint):
    wording = documents.standard_wording("public_notice").replace("# 正文\n", f"# 正文\n{line}\n某段。\n")
    for use in (
        lambda: built("public_notice", wording=wording),
        lambda: documents.check_wording("public_notice", wording),
    ):
        with pytest.raises(documents.WordingError) as refusal:
            use()
        assert complaint in str(refusal.value)


def test_a_misspelt_placeholder_is_found_where_the_passage_is_not_used():
    wording = documents.standard_wording("no_objection").replace(
        "其中异议成立{{upheld}}", "其中异议成立{{uphold}}"
    )
    with pytest.raises(documents.WordingError, match="uphold"):
        built("no_objection", wording=wording)
    with pytest.raises(documents.WordingError, match="uphold"):
        documents.check_wording("no_objection", wording)


def test_a_placeholder_without_value_is_refused():
    wording = documents.standard_wording("recheck_opinion").replace("意见如下：", "{{next_due}}：")
    with pytest.raises(documents.WordingError, match="next_due.*没有取值"):
        built(
            "recheck_opinion", replace(documents.specimen("recheck_opinion"), next_due=None), wording=wording
        )


def test_edited_wording_is_used():
    wording = documents.standard_wording("public_notice").replace("接受社会监督", "欢迎社会监督")
    assert "欢迎社会监督" in documents.text_of(built("public_notice", wording=wording))


def test_the_number_stands_where_the_family_wants_it():
    announcement = documents.text_of(built("listing_announcement", number="云工信〔2027〕7号")).splitlines()
    assert announcement.index("云工信〔2027〕7号") < announcement.index("云浮市工业和信息化局关于公布")
    told = documents.text_of(built("tip_accepted", number="云工信举告〔2027〕3号")).splitlines()
    assert told[:2] == ["举报事项受理告知书", "云工信举告〔2027〕3号"]
    assert "〔　　　　〕　　号" in documents.text_of(built("consultation"))
    assert "〔" not in documents.text_of(built("public_notice")).splitlines()[0]


def test_the_mark_of_a_letter_is_the_issuer_in_the_first_header():
    inputs = replace(documents.specimen("consultation"), issuer=NASTY)
    headers = [data for name, data in parts(built("consultation", inputs)).items() if "header" in name]
    marks = [said(etree.fromstring(data)) for data in headers]
    assert NASTY in marks and "发文机关名称" not in marks


@pytest.mark.parametrize(
    "issuer", ["云浮市工业和信息化局", "局", "某某省某某自治州某某县工业信息化和科技商务发展局"]
)
def test_the_mark_is_at_most_150_mm_wide(issuer):
    first = next(
        body(built("call", replace(documents.specimen("call"), issuer=issuer))).iter(ooxml.qualified("w:r"))
    )
    points = int(first.find("w:rPr/w:sz", NS).get(ooxml.qualified("w:val"))) / 2
    scale = int(first.find("w:rPr/w:w", NS).get(ooxml.qualified("w:val"))) / 100
    assert len(said(first)) * points * scale * 25.4 / 72 <= 150
    assert scale >= 0.5


def test_levels_have_their_fonts():
    names = character_styles()
    found = {}
    for node in body(built("listing_announcement")).iter(ooxml.qualified("w:p")):
        style = node.find("w:r/w:rPr/w:rStyle", NS)
        if style is not None:
            found[said(node)[:2]] = names[style.get(ooxml.qualified("w:val"))], said(node.find("w:r", NS))
    assert found["一、"] == ("一级标题字", "一、发挥示范引领作用")
    assert found["（一"] == ("二级标题字", "（一）填报年度动态管理表。")


def character_styles():
    styles = etree.fromstring(parts(built("call"))["word/styles.xml"])
    return {
        node.get(ooxml.qualified("w:styleId")): node.find("w:name", NS).get(ooxml.qualified("w:val"))
        for node in styles.iter(ooxml.qualified("w:style"))
    }


def test_attachments_without_rows_are_left_out_and_the_others_numbered():
    inputs = replace(
        documents.specimen("listing_announcement"), parks=(), removed=(), renamed=(), provincial=()
    )
    lines = documents.text_of(built("listing_announcement", inputs)).splitlines()
    assert [line for line in lines if line.startswith("附件")] == [
        "附件：1. 2027年度市级绿色工厂名单",
        "附件1",
        "附件2",
    ]
    assert "2. 2027年度市级绿色供应链管理企业名单" in lines
    assert not any("移出" in line or "省级" in line for line in lines if "附件" in line)


def test_a_single_attachment_has_no_number():
    lines = documents.text_of(built("public_notice")).splitlines()
    assert [line for line in lines if line.startswith("附件")] == [
        "附件：2027年度市级绿色制造名单拟入选名单",
        "附件",
    ]


@pytest.mark.parametrize("count, tables", [(1, 1), (500, 1), (501, 2), (1200, 3)])
def test_long_tables_are_split_with_a_header_each_and_rows_that_never_break(count, tables):
    root = body(built("public_notice", notice(units=units(count))))
    found = root.findall("w:tbl", NS)
    assert len(found) == tables
    assert all(len(table.findall("w:tr/w:trPr/w:tblHeader", NS)) == 1 for table in found)
    rows = [row for table in found for row in table.findall("w:tr", NS)[1:]]
    assert [said(row.find("w:tc", NS)) for row in rows] == [str(n) for n in range(1, count + 1)]
    assert all(row.find("w:trPr/w:cantSplit", NS) is not None for row in root.iter(ooxml.qualified("w:tr")))
    # two tables in a row would be drawn as one
    assert all(table.getnext().tag == ooxml.qualified("w:p") for table in found)


def test_landscape_appendices_have_sections_of_their_own():
    root = body(built("nomination"))
    turns = [
        size.get(ooxml.qualified("w:orient"), "portrait") for size in root.iter(ooxml.qualified("w:pgSz"))
    ]
    assert turns == ["portrait", "landscape", "portrait", "landscape", "landscape", "portrait"]
    first, *rest = root.iter(ooxml.qualified("w:sectPr"))
    assert first.find("w:titlePg", NS) is not None
    assert all(section.find("w:titlePg", NS) is None for section in rest)


@pytest.mark.parametrize("kind", KINDS)
def test_properties_stand_in_the_order_of_the_schema(kind):
    for name, data in parts(built(kind)).items():
        if name.startswith("word/") and name.endswith(".xml"):
            for node in etree.fromstring(data).iter(ooxml.qualified("w:pPr"), ooxml.qualified("w:rPr")):
                order = ooxml.PPR_ORDER if node.tag.endswith("pPr") else ooxml.RPR_ORDER
                ranks = [order.index(etree.QName(child).localname) for child in node]
                assert ranks == sorted(set(ranks)), (name, etree.tostring(node))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_bold_themed_external_or_embedded(kind):
    mark = documents.Verification("AB3D7KQ92MXY", "https://example.cn/verify/AB3D7KQ92MXY")
    for name, data in parts(built(kind, verification=mark)).items():
        assert b"Theme=" not in data and b'TargetMode="External"' not in data
        assert not name.endswith(".bin")
        if name.startswith("word/") and name.endswith(".xml"):
            assert not list(etree.fromstring(data).iter(ooxml.qualified("w:b")))


def test_the_signature_goes_with_the_last_paragraph():
    paragraphs = [node for node in body(built("tip_accepted")) if node.tag == ooxml.qualified("w:p")]
    dated = next(n for n, node in enumerate(paragraphs) if said(node) == "2027年3月8日")
    before = paragraphs[dated - 5 : dated]
    assert said(before[0]) == "特此告知。" and said(before[-1]) == "云浮市工业和信息化局"
    assert all(node.find("w:pPr/w:keepNext", NS) is not None for node in before)


def test_the_day_of_printing_is_the_day_of_issue():
    text = documents.text_of(built("call", issued_on=date(2027, 3, 9)))
    assert "2027年3月9日印发" in text
    assert "印发" not in documents.text_of(built("consultation")).splitlines()[-2]


def test_an_empty_line_of_the_imprint_is_left_out():
    text = documents.text_of(built("call", replace(documents.specimen("call"), cc=())))
    assert "抄送" not in text and "公开方式：主动公开" in text


# ---- skeletons


def test_the_skeletons_in_the_repository_are_those_of_the_script(tmp_path):
    skeleton_builder.make(tmp_path)
    for family in skeleton_builder.FAMILIES:
        made, kept = (
            parts((folder / f"{family}.docx").read_bytes()) for folder in (tmp_path, skeleton_builder.FOLDER)
        )
        assert made == kept


def renamed(family, old, new):
    source = (skeleton_builder.FOLDER / f"{family}.docx").read_bytes()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, data in parts(source).items():
            archive.writestr(name, data.replace(old.encode(), new.encode()))
    return result.getvalue()


def test_styles_are_found_by_name_whatever_their_ids():
    identifier = style_id("公文标题")
    changed = renamed("plain", f'"{identifier}"', '"af-17"')
    node = next(body(built("public_notice", skeleton=changed)).iter(ooxml.qualified("w:pStyle")))
    assert node.get(ooxml.qualified("w:val")) == "af-17"


@pytest.mark.parametrize(
    "old, new, complaint", [("公文标题", "标题一", "公文标题"), ("landscape", "portrait", "横排")]
)
def test_a_skeleton_that_lacks_something_is_refused_by_name(old, new, complaint):
    with pytest.raises(documents.SkeletonError, match=complaint):
        built("public_notice", skeleton=renamed("plain", old, new))
