"""The catalogue: every kind complete, its wording true to the rules, the guide in step."""

import re
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from itertools import pairwise

import pytest

from app import documents
from app.documents import kinds
from app.documents.kinds.inputs import labels_of
from app.documents.layout import wording
from app.documents.output import guide
from app.policy import pack, papers
from app.policy.filing import cultivation
from app.policy.terms import Role

KINDS = list(papers.KINDS)
# Written by hand, as a clerk would read them: the wording owns the title.
TITLES = {
    "rules_issue": "{{issuer}}关于印发《{{issued_title}}》的通知",
    "call": "{{issuer}}关于组织开展{{year}}年度市级绿色制造名单申报工作的通知",
    "county_recommendation": "{{issuer}}关于推荐{{year}}年度市级绿色制造名单的函",
    "cultivation_list": "{{issuer}}关于公布{{year}}年度市级绿色制造名单培育对象的通知",
    "review_minutes": "{{year}}年度市级绿色制造名单评审会议纪要",
    "public_notice": "{{year}}年度市级绿色制造名单拟入选名单公示",
    "no_objection": "{{year}}年度市级绿色制造名单公示结果说明",
    "listing_announcement": "{{issuer}}关于公布{{year}}年度市级绿色制造名单的通知",
    "consultation": "{{issuer}}关于征求{{year}}年度拟推荐省级绿色制造名单单位意见的函",
    "nomination": "{{issuer}}关于推荐{{year}}年度省级绿色制造名单的函",
    "annual_call": "{{issuer}}关于做好{{year}}年度绿色制造名单动态管理表填报工作的通知",
    "annual_reminder": "{{issuer}}关于尽快填报{{year}}年度绿色制造名单动态管理表的通知",
    "reminder_ledger": "{{year}}年度动态管理表催报记录",
    "spot_check_record": "绿色制造名单单位现场抽查复核记录",
    "rectification_notice": "{{issuer}}关于{{unit_name}}的整改通知书",
    "recheck_opinion": "{{issuer}}关于{{unit_name}}整改情况的复查意见",
    "incident_report": "{{issuer}}关于{{unit_name}}发生{{incident_type}}的快报",
    "change_opinion": "{{issuer}}关于{{unit_name}}绿色制造名单信息变更的审核意见",
    "removal_intent": "移出市级绿色制造名单事先告知书",
    "removal_announcement": "{{issuer}}关于将{{removed_subject}}移出市级绿色制造名单的公告",
    "evaluator_notice": "{{issuer}}关于{{evaluator_name}}绿色制造评价工作有关问题的函",
    "tip_accepted": "举报事项受理告知书",
    "tip_refused": "举报事项不予受理告知书",
    "tip_result": "举报事项办理结果告知书",
    "revocation": "{{issuer}}关于撤销{{revoked_subject}}的公告",
    "annual_summary": "{{year}}年度绿色制造名单工作统计表",
}

# kind → changes that make another case hold; together with the specimens they reach every case
VARIANTS = [
    ("no_objection", {"received": 2}),
    ("no_objection", {"received": 2, "upheld": 1}),
    ("listing_announcement", {"factories": (), "parks": (), "supply_chains": ()}),
    ("listing_announcement", {"removed": (), "renamed": (), "provincial": (), "cc": ()}),
    ("review_minutes", {"recusals": (), "remarks": ()}),
    ("nomination", {"units": (), "opinions": (), "changes": (), "removed": ()}),
    ("annual_reminder", {"as_of": documents.specimen("annual_reminder").due}),
    ("change_opinion", {"opinion": "重新评价", "higher_level": False}),
    ("change_opinion", {"opinion": "不同意变更"}),
    ("removal_intent", {"immediate": True}),
    ("removal_announcement", {"immediate": False}),
    ("spot_check_record", {"findings": ()}),
    ("rectification_notice", {"from_tip": True, "cc": ()}),
    ("recheck_opinion", {"next_due": None}),
    ("evaluator_notice", {"from_tip": True, "until": None}),
    *(("tip_result", {"outcome": outcome}) for outcome in ("不实", "移出", "第三方处理")),
    ("annual_summary", {"remarks": (), "rows": ()}),
    ("revocation", {"revoked_number": ""}),
]


def all_cases():
    """kind → the cases that specimens and variants make true."""
    reached = {}
    for kind, changes in [*((kind, {}) for kind in KINDS), *VARIANTS]:
        cases = kinds.fill(kind, replace(documents.specimen(kind), **changes)).cases
        reached.setdefault(kind, set()).update(name for name, holds in cases.items() if holds)
    return reached


def words(kind):
    return [passage.text for passage in wording.parse(wording.standard(kind)).passages()]


def test_the_catalogue_is_complete():
    assert sorted(KINDS) == sorted(TITLES)
    assert sorted(file.stem for file in wording.FOLDER.glob("*.md")) == sorted(TITLES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_specimen_has_the_inputs_of_its_kind_and_they_are_frozen(kind):
    inputs = documents.specimen(kind)
    assert type(inputs) is kinds.KINDS[kind].inputs and is_dataclass(inputs)
    with pytest.raises(FrozenInstanceError):
        inputs.issuer = "另一机关"
    for one in fields(inputs):
        assert not isinstance(getattr(inputs, one.name), list)


@pytest.mark.parametrize("kind", KINDS)
def test_the_wording_owns_the_title(kind):
    lines = wording.parse(wording.standard(kind)).lines("标题")
    assert "".join(line.text for line in lines) == TITLES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_placeholders_have_chinese_labels(kind):
    known = documents.placeholders(kind)
    assert all(re.search("[一-龥]", label) for label in known.values())
    used = {name for text in words(kind) for name in re.findall(r"\{\{(\w+)\}\}", text)}
    assert used <= set(known)


@pytest.mark.parametrize("kind", KINDS)
def test_no_label_is_left_without_placeholder(kind):
    assert set(documents.placeholders(kind)) == set(kinds.fill(kind, documents.specimen(kind)).values)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_fields_of_a_kind_are_called_the_same(kind):
    called = list(labels_of(kinds.KINDS[kind].inputs).values())
    assert len(called) == len(set(called))


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_is_used_and_reached(kind):
    passages = wording.parse(wording.standard(kind)).passages()
    used = {passage.case for passage in passages} - {wording.ALWAYS}
    assert used <= set(documents.cases(kind)) == all_cases().get(kind, set())


@pytest.mark.parametrize("kind, changes", VARIANTS)
def test_every_variant_is_built(kind, changes):
    inputs = replace(documents.specimen(kind), **changes)
    text = documents.text_of(documents.build(kind, inputs))
    assert "{{" not in text and "None" not in text


def test_series_steps_and_signers_are_known():
    series = set(pack.load("yunfu").series)
    assert {kind.series for kind in papers.KINDS.values()} - {None, "area"} <= series
    assert {paper for step in cultivation.STEPS for paper in step.papers} <= set(KINDS)
    for step in cultivation.STEPS:
        assert all(papers.KINDS[paper].step == step.action for paper in step.papers)
    signers = {kind.code: kind.signed_by for kind in papers.KINDS.values()}
    assert {code for code, role in signers.items() if role is not Role.CITY_LEAD} == {"county_recommendation"}
    assert {kind.code for kind in papers.KINDS.values() if kind.sealed} == {
        "tip_accepted",
        "tip_refused",
        "tip_result",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_wording_names_a_city_or_invents_a_consequence(kind):
    text = "\n".join(words(kind))
    for forbidden in ("云浮", "广东", "视为", "无意见", "罚款", "通报批评", "取消资格", "永久"):
        assert forbidden not in text


# what each article is about, in words that must stand near its citation or in the same paper
ARTICLES = {
    "第七条": "条件",
    "第八条": "条件",
    "第九条": "条件",
    "第十条": "近三年",
    "第十一条": "培育",
    "第十三条": "综合评价",
    "第十四条": "培育对象",
    "第十五条": "评审|公示",
    "第十六条": "推荐",
    "第十七条": "省级绿色制造名单",
    "第十八条": "动态管理表",
    "第十九条": "抽查|事故|发生|整改|复查",
    "第二十条": "变更",
    "第二十一条": "移出",
    "第二十二条": "第三方机构|评价过程",
    "第二十三条": "举报",
    "第二十四条": "依法依规",
    "第二十五条": "政策",
}
UPSTREAM = re.compile(
    r"《绿色工厂梯度培育及管理暂行办法》(?:（[^）]*）)?((?:、?第[一二三四五六七八九十]+条(?:第.款)?)+)"
)


@pytest.mark.parametrize("kind", KINDS)
def test_citations_are_articles_of_the_rules_on_that_subject(kind):
    whole = "\n".join(words(kind)) + documents.title_of(kind, documents.specimen(kind))
    upstream = {
        article
        for match in UPSTREAM.finditer(whole)
        for article in re.findall("第[一二三四五六七八九十]+条", match[1])
    }
    assert upstream <= {"第十二条", "第二十条", "第二十一条"}
    for article in set(re.findall("第[一二三四五六七八九十]+条", UPSTREAM.sub("", whole))):
        assert re.search(ARTICLES[article], whole), article


@pytest.mark.parametrize("kind", KINDS)
def test_first_level_headings_are_numbered_in_order_whatever_the_case(kind):
    for changes in [{}, *(changes for one, changes in VARIANTS if one == kind)]:
        inputs = replace(documents.specimen(kind), **changes)
        main = documents.text_of(documents.build(kind, inputs)).split("\n附件")[0]
        found = [
            "一二三四五六七八九十".index(n)
            for n in re.findall(r"^([一二三四五六七八九十])、", main, re.MULTILINE)
        ]
        assert found == list(range(len(found))) and all(b == a + 1 for a, b in pairwise(found))


def test_the_two_grounds_of_a_sanction_are_told_apart():
    inputs = documents.specimen("evaluator_notice")
    by_evaluation = documents.text_of(documents.build("evaluator_notice", inputs))
    by_tip = documents.text_of(
        documents.build("evaluator_notice", replace(inputs, from_tip=True, until=None))
    )
    assert "第二十二条" in by_evaluation and "第二十条、第二十一条" in by_evaluation
    assert "第二十三条" in by_tip and "第二十条第一款" in by_tip and "第二十二条" not in by_tip
    assert "不再采信" in by_evaluation and "至2028年7月20日" in by_evaluation and "不再采信" not in by_tip


def test_an_unanswered_department_is_shown_as_unanswered():
    text = documents.text_of(documents.build("nomination", documents.specimen("nomination")))
    assert text.count("未回复") >= 3 and text.count("无异议") == 4


def test_the_public_list_shows_neither_code_nor_score():
    listed = documents.text_of(documents.build("public_notice", documents.specimen("public_notice")))
    assert not re.search(r"[0-9A-Z]{18}", listed) and "得分" not in listed


def test_the_guide_is_in_step():
    assert (guide.FOLDER / "README.md").read_text(encoding="utf-8") == guide.guide()
