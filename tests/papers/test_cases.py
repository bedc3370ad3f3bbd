"""Papers that are drafted freely begin with what the year's cases say."""

from app.documents.kinds.review import ReviewLine
from app.documents.kinds.yearly import AreaLine, ReportingLine
from app.services import prefills
from app.services.core import rules
from app.services.papers import forms
from models.lists import Listing
from tests.builders import cases

YUNCHENG = "云城区"


def test_the_minutes_hold_every_reviewed_unit_with_its_totals_and_result():
    taken, waiting = cases.shortlisted(), cases.scored()
    known = prefills.prefilled_inputs("review_minutes", cases.JULY.date())
    lines = sorted(known["rows"], key=lambda row: row.result)
    assert lines == [
        ReviewLine(taken.unit_name, "绿色工厂", "88", "91", "", "89.5", "拟入选"),
        ReviewLine(waiting.unit_name, "绿色工厂", "88", "91", "", "89.5", "评审中"),
    ]
    assert known["panel"] == tuple(sorted((cases.CITY.name, cases.CITY2.name)))


def test_the_call_names_everybody_who_has_to_file():
    case = cases.listed()
    Listing.objects.update(set__entered_on=cases.APRIL.replace(month=3))
    known = prefills.prefilled_inputs("annual_call", cases.JULY.date())
    assert known["units"] == (ReportingLine(case.unit_name, "市级", "绿色工厂", YUNCHENG),)


def test_the_years_figures_are_counted_area_by_area():
    cases.listed()
    cases.cultivated()
    cases.at_city(cases.unit(area=cases.ELSEWHERE))
    rows = prefills.prefilled_inputs("annual_summary", cases.JULY.date())["rows"]
    found = {row.area_name: row for row in rows}
    assert len(rows) == len(rules.pack().areas)
    assert found[YUNCHENG] == AreaLine(YUNCHENG, 2, 2, 2, 1, 1, 0, 0, 0, 0)
    assert found["罗定市"] == AreaLine("罗定市", 1, 1, 0, 0, 0, 0, 0, 0, 0)


def test_the_form_opens_with_them_and_takes_them_back(sign_in):
    case = cases.shortlisted()
    page = sign_in("city").get("/admin/paper/new/?kind=review_minutes").text
    shown = f"{case.unit_name}\t绿色工厂\t88\t91\t\t89.5\t拟入选"
    assert shown in page.replace("&#9;", "\t")
    assert forms.parse_table(ReviewLine, shown, "明细")[0].result == "拟入选"
    assert prefills.prefilled_inputs("consultation", cases.JULY.date()) == {}
