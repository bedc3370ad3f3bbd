"""The rule packs: the law word for word, data that agree with it, every mistake named at once."""

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from app.policy.pack import PACKS, PackError, load

DATA = Path(__file__).parent.parent / "data"
ISSUED = (DATA / "云工信〔2025〕14号-实施细则.txt").read_text(encoding="utf-8")
OTHER_CITY = DATA / "lvzhou.toml"


@pytest.fixture(scope="module")
def pack():
    return load()


@pytest.fixture
def broken(tmp_path):
    """Loads a copy of the fictional pack with replacements and returns what is wrong with it."""

    def problems(*changes):
        text = OTHER_CITY.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "changed.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(PackError) as caught:
            load(path)
        return caught.value.problems

    return problems


def test_articles_are_word_for_word_as_issued(pack):
    rebuilt = "\n\n".join(
        "\n\n".join((chapter.label, *(pack.articles[n].text for n in range(chapter.first, chapter.last + 1))))
        for chapter in pack.chapters
    )
    issued = ISSUED[ISSUED.index("第一章 总则") : ISSUED.index("公开方式：")].strip()
    assert rebuilt == issued
    assert sorted(pack.articles) == list(range(1, 30))


def test_readable_form_joins_page_breaks_and_changes_no_word(pack):
    article = pack.articles[10]
    assert article.items[4] == "被列入工业节能监察整改名单且未按要求完成整改的"
    assert len(article.items) == 6
    for number, article in pack.articles.items():
        readable = "".join(article.paragraphs)
        verbatim = article.text.replace(" and ", "和") if number == 21 else article.text
        squeeze = re.compile(r"\s|^- ", re.MULTILINE)
        assert squeeze.sub("", readable) == squeeze.sub("", verbatim)
        assert all(paragraph[-1] in "。；：" for paragraph in article.paragraphs)


def test_quotes_and_citations(pack):
    assert pack.quote(21, 2) == "拒不按时填报动态管理表"
    assert pack.quote(28) == "本细则由市工业和信息化局负责解释。"
    assert pack.rules.citation == "《云浮市绿色工厂梯度培育管理实施细则》（云工信〔2025〕14号）"
    assert "and" in pack.articles[21].text
    assert "重大及以上生产安全和质量事故" in pack.articles[21].paragraphs[-1]


@pytest.mark.parametrize(
    "today, in_force",
    [
        (date(2025, 4, 9), False),
        (date(2025, 4, 10), True),
        (date(2029, 7, 1), True),
        (date(2029, 7, 2), False),
    ],
)
def test_rules_are_in_force_on_both_boundary_days(pack, today, in_force):
    assert pack.in_force(today) is in_force


def test_areas_in_official_order_with_their_accounts(pack):
    assert [(area.code, area.name) for area in pack.areas] == [
        ("445302", "云城区"),
        ("445303", "云安区"),
        ("445381", "罗定市"),
        ("445321", "新兴县"),
        ("445322", "郁南县"),
        ("4453YQ", "佛山（云浮）产业转移工业园"),
    ]
    assert pack.area("4453YQ").username == "county-park"
    assert pack.order("445381") == 3
    assert all(pack.city.holds(area.code) for area in pack.areas)
    assert not pack.city.holds("440106")


def test_an_unknown_area_is_named(pack):
    with pytest.raises(KeyError, match="445399"):
        pack.area("445399")


def test_no_area_acts_on_its_own_administration(pack):
    assert pack.recommends_via("4453YQ", "12445300MB5DEM1128") == "445302"
    assert pack.recommends_via("4453YQ", "91445300MA5DEM100R") == ""
    assert pack.recommends_via("445302", "12445300MB5DEM1128") == ""
    other = load(OTHER_CITY)
    assert other.recommends_via("9901YQ", "12990100MB00000019") == "990121"
    assert other.recommends_via("9901YQ", "12990100MB00000027") == ""


def test_number_series_of_bureau_and_areas(pack):
    assert pack.series["document"].number(2026, 7) == "云工信〔2026〕7号"
    assert pack.series["tip"].mark == "云工信举告"
    assert pack.series[pack.area("445321").series_key].area == "445321"
    assert len(pack.series) == 3 + len(pack.areas)


def test_honours_of_the_two_articles_differ(pack):
    focus = {honour.label for honour in pack.honours_of(11)}
    encouraged = {honour.label for honour in pack.honours_of(24)}
    assert len(focus) == 9
    assert focus - encouraged == {"清洁生产企业", "单项冠军企业"}
    assert encouraged < focus


def test_five_departments_are_consulted(pack):
    assert [row.short for row in pack.departments] == ["发展改革", "生态环境", "应急管理", "市场监管", "税务"]
    assert pack.department("tax").name == "国家税务总局云浮市税务局"


def test_digest_is_that_of_the_file(pack):
    assert pack.digest == hashlib.sha256((PACKS / "yunfu.toml").read_bytes()).hexdigest()


@pytest.mark.parametrize("file", [*PACKS.glob("*.toml"), OTHER_CITY], ids=lambda file: file.stem)
def test_every_pack_loads_and_every_default_passes_its_own_check(file):
    pack = load(file)
    assert [row.problem(row.value) for row in pack.discretion.values()] == [""] * len(pack.discretion)
    assert all(row.article in pack.articles for row in pack.discretion.values())


def test_another_city_is_another_file():
    pack = load(OTHER_CITY)
    assert (pack.city.name, pack.cultivation_years, pack.exclusion_years) == ("绿洲市", 2, 5)
    assert pack.default("notice_day_type") == "natural"


@pytest.mark.parametrize(
    "key, value, refused",
    [
        ("notice_days", 5, False),
        ("notice_days", 2, True),
        ("notice_days", 31, True),
        ("notice_days", True, True),
        ("notice_days", "5", True),
        ("notice_day_type", "natural", False),
        ("notice_day_type", "lunar", True),
        ("county_cutoff", "02-29", True),
        ("county_cutoff", "04-31", True),
        ("county_cutoff", "04-12", False),
        ("annual_report_reminders", ["03-15", "04-01"], False),
        ("annual_report_reminders", ["04-01", "03-15"], True),
        ("annual_report_reminders", [], True),
        ("annual_report_reminders", ["03-15", "nonsense"], True),
        ("reminder_days", [30, 7, -1], False),
        ("reminder_days", [7, 30], True),
        ("reminder_days", [7, 7], True),
        ("reminder_days", [1000], True),
        ("lookback_same_day", False, False),
        ("lookback_same_day", 1, True),
        ("contact_name", "陈工", False),
        ("contact_name", "", False),
        ("contact_name", "陈" * 31, True),
        ("contact_phone", "0766-8\n0766-9", True),
        ("contact_phone", 7668, True),
    ],
)
def test_overrides_are_checked_like_defaults(pack, key, value, refused):
    row = pack.discretion[key]
    assert bool(row.problem(value)) is refused
    if refused:
        assert row.label in row.problem(value)


def test_values_are_shown_in_words(pack):
    shown = {key: row.shown(row.value) for key, row in pack.discretion.items()}
    assert shown["notice_day_type"] == "工作日"
    assert shown["reply_days"] == "7个工作日"
    assert shown["lookback_same_day"] == "是"
    assert shown["annual_report_reminders"] == "03-15、04-01、04-10、04-16"


def test_every_problem_is_named_at_once(broken):
    problems = broken(
        ('version = "2026.1"', "version = 2026"),
        ("month = 4, day = 20", "month = 4, day = 21"),
        ('via = "990121"', 'via = "990199"'),
        ('mark = "绿工信函"', 'mark = "东洲工信函"'),
        ('29 = "第二十九条', '29 = "二十九'),
        ('value = "natural"', 'value = "lunar"'),
        ('code = "990121"', 'code = "990102"'),
    )
    text = "\n".join(problems)
    for expected in (
        "version 应为非空文字",
        "4月21日",
        "990199",
        "文号代字 重复：东洲工信函",
        "第二十九条",
        "公示按哪种日计算",
        "[[areas]]：code 重复：990102",
    ):
        assert expected in text
    assert len(problems) >= 7


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ('key = "notice_days"', 'key = "notice_dayz"', "缺少 notice_days"),
        ('key = "notice_days"', 'key = "notice_dayz"', "不认识 notice_dayz"),
        ('short = "税务"', 'short = "海关"', "第十六条的条文中没有“海关”"),
        ("articles = [11, 24]", "articles = [11, 25]", "第二十五条的条文中没有“节水型企业”"),
        ('mark = "绿工信"', 'mark = "LGX"', "只能用汉字"),
        ("last = 6 }", "last = 5 }", "首尾相接"),
        ("in_force_to = 2031-01-31", "in_force_to = 2026-01-31", "施行日应早于失效日"),
        ("[rules]", 'colour = "green"\n[rules]', "不认识的键 colour"),
        ('[["working", "工作日"]', '[["working"]', "应为2项的列表"),
        ('form = "flag"', 'form = "colour"', "不认识的形式 colour"),
        ('label = "回复期"', 'label = " "', "label 应为非空文字"),
        ("month = 6, day = 15", "month = 6, day = 31", "不是每年都有的日子"),
    ],
)
def test_a_mistake_is_named(broken, old, new, expected):
    assert any(expected in problem for problem in broken((old, new)))


def test_a_pack_that_is_not_there_or_no_toml_is_refused(tmp_path):
    with pytest.raises(PackError, match="自带的有：yunfu"):
        load("atlantis")
    path = tmp_path / "bad.toml"
    path.write_text("code = ", encoding="utf-8")
    with pytest.raises(PackError, match="不是有效的 TOML"):
        load(path)
    path.write_text('code = "x"', encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load(path)
    assert len(caught.value.problems) > 10
