"""The screens of annual reports and their definitions, as a clerk clicks through them."""

import io
import re

from openpyxl import load_workbook

from app.policy.terms import ReportStage
from app.services.core.by import By
from app.services.reports import filling
from models.reports import AnnualReport, Standard
from tests.builders import cases, report_workbooks, reports
from tests.builders.reports import BASE


def form_of(page):
    """Names and values of the form that a page shows, as a browser would send them."""
    form = re.search(r'<form[^>]*id="record-form".*?</form>', page, re.S)[0]
    values = {
        name: value
        for name, value in re.findall(r'<input[^>]*name="([^"]+)" value="([^"]*)"', form)
        if 'type="checkbox"' not in name
    }
    return {name: value for name, value in values.items() if name != "skipped"}


def filled_form(page, **changes):
    report = AnnualReport.objects.get()
    filing = reports.filing(report)
    values = form_of(page) | {f"v-{key}": text for key, text in filing.cells.items()}
    values |= {name: str(value) for name, value in filing.head.items()} | {"skipped": list(filing.skipped)}
    values |= {f"a-{code}": given["answer"] for code, given in filing.answers.items()}
    return values | changes


def test_from_the_list_of_those_due_to_a_filed_report(county):
    unit = reports.listed()
    owing = county.get(f"{BASE}/owing/").text
    assert unit.name in owing and "还有 26 天" in owing
    start = county.post(f"{BASE}/start/", {"unit_id": str(unit.pk), "kind": "factory", "year": "2026"})
    form = county.get(start.location).text
    assert "综合能源消费量" in form and "单位产值综合能耗" in form and "合规自查" in form
    answer = county.post(start.location, filled_form(form))
    assert answer.status_code == 302, re.findall(r"<li>.*?</li>", answer.text)
    report = AnnualReport.objects.get()
    county.post(f"{BASE}/step/", {"id": str(report.pk), "action": "submit", "version": str(report.version)})
    assert AnnualReport.objects.get().stage == ReportStage.SUBMITTED
    page = county.get(answer.location).text
    assert "86.99 kgce/万元" in page and "待县级审核" in page


def test_bad_cells_come_back_with_what_was_typed(county):
    reports.draft()
    url = f"{BASE}/edit/?id={AnnualReport.objects.get().pk}"
    answer = county.post(
        url,
        filled_form(
            county.get(url).text,
            **{"v-output": "约两亿", "submitted_on": "四月", "stated_name": "甲&乙<公司>"},
        ),
    )
    assert answer.status_code == 200 and AnnualReport.objects.get().version == 1
    assert (
        'value="约两亿"' in answer.text
        and "应写成“年-月-日”" in answer.text
        and "甲&amp;乙&lt;公司&gt;" in answer.text
    )


def test_derived_figures_come_from_the_server_while_typing(county):
    report = reports.draft()
    answer = county.post(
        f"{BASE}/derive/", {"id": str(report.pk), "v-output": "100", "v-energy": "12", "v-water": "abc"}
    )
    assert answer.json["derived"]["energy_intensity"] == "120 kgce/万元"
    assert "应填数字" in answer.json["errors"]["water"]


def test_two_people_lose_nothing(county):
    report = reports.filled()
    url = f"{BASE}/edit/?id={report.pk}"
    mine = filled_form(county.get(url).text, **{"v-water": "31000"})
    filling.save_report(
        report,
        filling.Filing(cells={"water": "29999"}),
        version=report.version,
        by=By(reports.by(report), reports.MARCH),
    )
    answer = county.post(url, mine)
    assert answer.status_code == 409 and "31000" in answer.text and "29999" in answer.text
    assert AnnualReport.objects.get().cells["water"] == 29999


def test_doubts_are_explained_on_their_page(county):
    report = reports.filled(cells={"carbon": "18000"})
    url = f"{BASE}/doubts/?id={report.pk}"
    page = county.get(url).text
    assert "合理范围的上限 8" in page
    county.post(url, {"version": str(report.version), "explanation-0": "用电占九成。"})
    assert AnnualReport.objects.get().findings[0].explanation == "用电占九成。"
    assert "用电占九成。" in county.get(f"{BASE}/details/?id={report.pk}").text


def test_a_refusal_with_its_letter(county):
    report = reports.filled()
    _, letter = reports.letter()
    form = {"id": str(report.pk), "action": "decline", "version": str(report.version), "reason": "不愿填报"}
    county.post(
        f"{BASE}/step/", form | {"file": (io.BytesIO(b"MZ"), "a.exe")}, content_type="multipart/form-data"
    )
    assert AnnualReport.objects.get().stage == ReportStage.DRAFT
    county.post(
        f"{BASE}/step/",
        form | {"file": (io.BytesIO(letter), "书面说明.docx")},
        content_type="multipart/form-data",
    )
    assert AnnualReport.objects.get().stage == ReportStage.DECLINED
    assert "书面说明.docx" in county.get(f"{BASE}/details/?id={report.pk}").text


def test_return_names_cells_of_this_form(county):
    report = reports.filed()
    page = county.get(f"{BASE}/details/?id={report.pk}").text
    assert '<option value="water">取水量</option>' in page
    form = {
        "id": str(report.pk),
        "action": "return",
        "version": str(report.version),
        "corrected": ["water", "invented"],
        "defect": "wrong",
        "note": "核对",
        "due": "2026-04-03",
    }
    county.post(f"{BASE}/step/", form)
    fresh = AnnualReport.objects.get()
    assert [(one.field, one.label) for one in fresh.corrections] == [("water", "取水量")]


def test_workbook_out_and_in_with_a_preview(county):
    reports.listed()
    content = county.get(f"{BASE}/template/?kind=factory&year=2026").data
    book = load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in book.active[2]]
    book.active.cell(4, headings.index("取水量（m³）") + 1).value = 30412
    stream = io.BytesIO()
    book.save(stream)
    form = {"kind": "factory", "year": "2026", "file": (io.BytesIO(stream.getvalue()), "填报.xlsx")}
    uploaded = county.post(f"{BASE}/import/", form, content_type="multipart/form-data")
    assert uploaded.status_code == 302, uploaded.text
    preview = county.get(uploaded.location).text
    assert "取水量：空 → 30,412 m³" in preview and not AnnualReport.objects.count()
    digest = re.search(r'name="digest" value="(\w+)"', preview)[1]
    done = county.post(uploaded.location, {"digest": digest, "confirm": "1"})
    assert "导入结果" in county.get(done.location).text
    assert AnnualReport.objects.get().cells["water"] == 30412


def test_the_preview_on_the_screen_shows_answers_and_changes(county):
    reports.listed()
    content = report_workbooks.filled_in(
        report_workbooks.template(),
        (report_workbooks.CHECK, 4, report_workbooks.LABEL["N1"], "否"),
        (report_workbooks.CHECK, 4, report_workbooks.LABEL["N2"], "有"),
        *report_workbooks.moved(row=6),
    )
    form = {"kind": "factory", "year": "2026", "file": (io.BytesIO(content), "填报.xlsx")}
    uploaded = county.post("/admin/annualreport/import/", form, content_type="multipart/form-data")
    preview = county.get(uploaded.location).text
    assert "生产地址重大变更：没有变更 → 云城区甲路1号" in preview and "合规自查：空 → 1 项答“否”" in preview
    assert "：空 → 是（表中写“有”）" in preview
    digest = re.search(r'name="digest" value="(\w+)"', preview)[1]
    county.post(uploaded.location, {"digest": digest, "confirm": "1"})
    assert AnnualReport.objects.get().answers["N2"]["answer"] == "yes"


def test_a_workbook_that_is_none_is_refused_in_words(county):
    reports.listed()
    form = {"kind": "factory", "year": "2026", "file": (io.BytesIO(b"PK\x03\x04 no"), "填报.xlsx")}
    answer = county.post(f"{BASE}/import/", form, content_type="multipart/form-data")
    assert "未通过检查" in answer.text


def test_the_city_accepts_many_at_once_and_exports_every_figure(signed_in):
    city = signed_in("city")
    for cells in ({}, {"water": "29321"}):
        reports.step(reports.filed(cells=cells), "check", cases.actor(cases.Role.COUNTY))
    form = {"action": "accept", "scope": "filtered", "url": f"{BASE}/?tab=county_checked"}
    assert "可以接收" in city.post(f"{BASE}/action/", form).text
    keys = [str(one.pk) for one in AnnualReport.objects]
    city.post(f"{BASE}/action/", {"action": "accept", "scope": "ticked", "rowid": keys, "confirm": "1"})
    assert {one.stage for one in AnnualReport.objects} == {ReportStage.ACCEPTED.value}
    sheet = load_workbook(io.BytesIO(city.get(f"{BASE}/figures/").data)).active
    headings = [cell.value for cell in sheet[1]]
    assert {sheet.cell(row, headings.index("取水量（m³）") + 1).value for row in (2, 3)} == {30412, 29321}
    assert sheet.cell(2, headings.index("单位产值综合能耗（kgce/万元）") + 1).value == 86.99


def test_trend_page_has_chart_table_and_links(county):
    reports.filed()
    page = county.get(f"{BASE}/trend/?by=unit").text
    assert "data-trend=" in page and "单位产值综合能耗" in page and "flt0_year=2026" in page
    assert county.get(
        f"{BASE}/trend/?kind=x&by=y&area=%00&industry=zz&indicator=nope&unit=1"
    ).status_code in (200, 400)


def test_a_trend_by_industry_links_to_the_list_of_that_industry(county):
    stone = reports.filed()
    reports.filed(reports.listed(industries=["2221"]), cells={"water": "9321"})
    page = county.get(f"{BASE}/trend/?by=industry&indicator=water").text
    (link,) = set(re.findall(r'href="([^"]+flt3_industry=30[^"]*)"', page))
    rows = county.get(link.replace("&amp;", "&")).text
    assert stone.unit_name in rows and "共 <b>1</b> 条" in rows


def test_another_county_finds_nothing_anywhere(signed_in):
    report = reports.filed()
    stranger = signed_in("county", area=cases.ELSEWHERE)
    for page in ("details", "edit", "doubts"):
        assert stranger.get(f"{BASE}/{page}/?id={report.pk}").status_code == 404
    assert stranger.post(f"{BASE}/derive/", {"id": str(report.pk)}).status_code == 404
    for page in ("", "owing/", "trend/?by=unit"):
        assert report.unit_name not in stranger.get(f"{BASE}/{page}").text
    assert stranger.get(f"{BASE}/template/?kind=factory&year=2026").status_code == 302


def test_a_clerk_adds_an_indicator_and_finds_it_in_form_workbook_import_check_export_and_trend(signed_in):
    """Every act is a click; another person approves it in between."""
    city = signed_in("city")
    created = city.post(
        "/admin/standard/new/",
        {"kind": "factory", "year": "2026", "reason": "补充", "_fields": "kind year reason"},
    )
    assert created.status_code == 302, created.text[:3000]
    standard = Standard.objects.get()
    form = {
        "id": str(standard.pk),
        "key": "",
        "version": str(standard.version),
        "name": "外购绿电量",
        "group": "能源",
        "unit": "万kWh",
        "form": "number",
        "nature": "quantity",
        "trend": "1",
        "maximum": "100000",
        "high": "5000",
        "formula": "",
    }
    assert "应为数字" in city.post("/admin/standard/cell/", form | {"maximum": "许多"}).text
    assert city.post("/admin/standard/cell/", form).status_code == 302
    assert "外购绿电量" in city.get(f"/admin/standard/preview/?id={standard.pk}").text
    assert "外购绿电量" in city.get(f"/admin/standard/cells/?id={standard.pk}").text
    standard.reload()
    city.post(
        "/admin/standard/step/",
        {"id": str(standard.pk), "action": "propose", "version": str(standard.version)},
    )
    lead = signed_in("city_lead")
    standard.reload()
    assert "批准年度指标" in lead.get("/admin/").text
    lead.post(
        "/admin/standard/step/",
        {"id": str(standard.pk), "action": "approve", "version": str(standard.version)},
    )
    standard.reload()
    assert standard.stage == "in_force" and standard.approved_name == "city_lead甲"
    assert "外购绿电量" in city.get(f"/admin/standard/details/?id={standard.pk}").text
    assert lead.get(f"/admin/standard/cells/?id={standard.pk}").status_code == 403
    report = reports.filled()
    county = signed_in("county", area=cases.AREA)
    form = county.get(f"{BASE}/edit/?id={report.pk}").text
    assert "外购绿电量" in form and 'name="v-own1"' in form
    typed = {"id": str(report.pk), "v-own1": "200000"}
    assert "超出允许范围" in county.post(f"{BASE}/derive/", typed).json["errors"]["own1"]

    def upload(value):
        book = load_workbook(io.BytesIO(county.get(f"{BASE}/template/?kind=factory&year=2026").data))
        headings = [cell.value for cell in book.active[2]]
        book.active.cell(4, headings.index("外购绿电量（万kWh）") + 1).value = value
        stream = io.BytesIO()
        book.save(stream)
        posted = {"kind": "factory", "year": "2026", "file": (io.BytesIO(stream.getvalue()), "填报.xlsx")}
        address = county.post(f"{BASE}/import/", posted, content_type="multipart/form-data").location
        return address, county.get(address).text

    _, shown = upload("两百")
    assert re.search(r"[A-Z]+4 “外购绿电量”应填数字（单位：万kWh），现为“两百”", shown)
    _, shown = upload(12000)
    assert "外购绿电量：空 → 12,000 万kWh" in shown and "外购绿电量”12,000 万kWh，超出合理范围的上限" in shown
    address, shown = upload(95.2)
    county.post(address, {"digest": re.search(r'name="digest" value="(\w+)"', shown)[1], "confirm": "1"})
    report.reload()
    assert str(report.cells["own1"]) == "95.2"
    county.post(f"{BASE}/step/", {"id": str(report.pk), "action": "submit", "version": str(report.version)})
    report.reload()
    assert report.stage == ReportStage.SUBMITTED

    sheet = load_workbook(io.BytesIO(city.get(f"{BASE}/figures/").data)).active
    column = [cell.value for cell in sheet[1]].index("外购绿电量（万kWh）")
    assert sheet[2][column].value == 95.2
    for url in (f"{BASE}/trend/", "/admin/trends/"):
        card = city.get(url).text.partition("<h2>外购绿电量</h2>")[2].partition("</section>")[0]
        assert ">95.2</a>" in card


def test_the_to_do_list_counts_what_is_owed_and_what_waits(county):
    reports.listed()
    page = county.get("/admin/").text
    assert "报送年度动态管理表" in page and "/admin/annualreport/owing/" in page
    reports.filed()
    assert "审核年度动态管理表" in county.get("/admin/").text
