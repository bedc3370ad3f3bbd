"""What scripts may rely on: values, skipped rows and questions of `flask import-ledger --json`."""

import json

import pytest

from app.cli_ledger import import_ledger
from models.filing.applications import Application
from models.ledger import ImportBatch
from models.registry.units import Unit
from tests.builders import ledger
from tests.builders.workbooks import DATA, HEADINGS, OTHER, UNIT, book

CASES = DATA / "import_cases"


@pytest.fixture
def run(app, signed_in, tmp_path):
    """Run the command on a file or bytes and return its exit code and its JSON."""
    signed_in("city")

    def call(source, *options):
        file = source
        if isinstance(source, bytes):
            file = tmp_path / "汇总表.xlsx"
            file.write_bytes(source)
        done = app.test_cli_runner().invoke(import_ledger, [str(file), "--as", "city", "--json", *options])
        return done.exit_code, json.loads(done.output) if done.exit_code == 0 else done.output

    return call


def test_values_are_those_stored_under_the_official_headings(run):
    code, told = run(CASES / "unit-danwei.xlsx", "--commit")
    assert code == 0 and told["new"] == 1 and told["questions"] == []
    (values,) = told["values"]
    assert set(values) == {"row", *ledger.HEADERS}
    unit = Unit.objects.get()
    assert values["上年产值（万元）"] == 12000 == unit.output_value
    assert values["综合能耗（tce）"] == 350 == unit.energy
    assert (values["row"], values["单位名称"], values["管理平台提交日期"]) == (2, unit.name, "2026-04-01")
    assert (values["县（市、区）"], values["类别"], values["评价方式"]) == ("云城区", "绿色工厂", "自我评价")


def test_name_of_a_known_unit_is_told_as_it_is_stored(run):
    run(book([HEADINGS, UNIT]), "--commit")
    _, told = run(book([HEADINGS, [*UNIT[:2], "云浮市 甲石材有限公司", *UNIT[3:]]]))
    assert told["values"][0]["单位名称"] == UNIT[2] and told["same"] == 1


def test_refused_rows_have_no_values_and_skipped_ones_a_reason(run):
    code, told = run(CASES / "non-unit-rows.xlsx")
    assert code == 0 and told["new"] == 3
    assert [each["row"] for each in told["values"]] == [3, 5, 7]
    assert [each["row"] for each in told["skipped"]] == [2, 4, 6, *range(8, 22)]
    assert all(each["why"].startswith("不是单位") for each in told["skipped"])
    _, told = run(book([HEADINGS, UNIT, [*OTHER[:3], "123", *OTHER[4:]]]))
    assert [each["row"] for each in told["values"]] == [2] and told["refused"][0]["row"] == 3


def test_open_question_imports_nothing_and_is_no_failure(run):
    data = book([[*HEADINGS[:5], "上年产值"], UNIT[:6]])
    code, told = run(data, "--commit")
    assert (code, told["new"], told["rows"], told["values"]) == (0, 0, 0, [])
    (question,) = told["questions"]
    assert (
        question["key"] == "unit:output_value"
        and "亿元" in question["choices"]
        and question["why"].endswith("。")
    )
    assert Application.objects.count() == ImportBatch.objects.count() == 0
    code, told = run(data, "--commit", "--answer", "unit:output_value=亿元")
    assert (code, told["new"], told["questions"]) == (0, 1, [])
    assert told["values"][0]["上年产值（万元）"] == 12_005_000 == Unit.objects.get().output_value


def test_contradicting_year_is_a_question_answered_either_way(run):
    data = book([["2025年度推荐汇总表"], HEADINGS, UNIT])
    code, told = run(data, "--year", "2026")
    assert code == 0 and [each["key"] for each in told["questions"]] == ["year"]
    assert run(data, "--year", "2026", "--answer", "year=2026")[1]["new"] == 1
    _, told = run(data, "--year", "2026", "--answer", "year=2025")
    assert told["new"] == 0 and "不在本年度申报期内" in told["refused"][0]["why"]


def test_columns_say_why_they_are_not_imported(run):
    _, told = run(CASES / "three-years.xlsx")
    whys = {each["heading"]: each["why"] for each in told["columns"]}
    assert "2023年" in whys["2023年产值（万元）"] and not whys["2025年产值（万元）"]
    assert told["values"][0]["上年产值（万元）"] == 1000


@pytest.mark.parametrize("answer", ["unit:output_value=斤", "nonsense"])
def test_answer_that_is_none_fails_in_words(run, answer):
    code, told = run(book([[*HEADINGS[:5], "上年产值"], UNIT[:6]]), "--answer", answer)
    assert code != 0 and ("不在可选范围内" in told or "KEY=VALUE" in told)


def test_screen_asks_before_it_previews(signed_in):
    city = signed_in("city")
    data = book([["2025年度推荐汇总表"], [*HEADINGS[:5], "上年产值", "2023年产值（万元）"], [*UNIT[:6], 7]])
    mapping = ledger.upload(city, data, year="2026")
    page = city.get(mapping.location).text
    assert "没有写明单位" in page and "表题写的是2025年度" in page and "2023年的数据" in page
    chosen = ledger.columns(page)
    unanswered = city.post(mapping.location, chosen)
    assert unanswered.status_code == 200 and "请先回答" in unanswered.text and not ImportBatch.objects.count()
    given = chosen | {"answer-unit:output_value": "亿元", "answer-year": "2026"}
    preview = city.post(mapping.location, given)
    assert preview.status_code == 302, preview.text
    city.post(preview.location, {"confirm": "1"})
    assert Unit.objects.get().output_value == 12_005_000 and Application.objects.get().year == 2026


def test_screen_asks_which_sheet_is_meant(signed_in):
    city = signed_in("city")
    mapping = ledger.upload(city, book([HEADINGS, UNIT], [HEADINGS, OTHER]), year="2026")
    page = city.get(mapping.location).text
    assert "2张汇总表" in page
    preview = city.post(mapping.location, ledger.columns(page) | {"answer-sheet": "Sheet2"})
    assert preview.status_code == 302, preview.text
    city.post(preview.location, {"confirm": "1"})
    assert Unit.objects.get().name == OTHER[2]
