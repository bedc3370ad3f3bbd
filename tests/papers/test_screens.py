"""The screens of papers, numbers, batches and templates, as a browser posts to them."""

import re
from io import BytesIO

import pytest

from app.policy.terms import NumberState, PaperState, ProposalState
from app.services.papers import content as paper_files
from models.papers import Number, Paper, PaperBatch, Wording
from tests.builders import cases
from tests.builders.papers import HOSTILE, NOW, drafted, issued, step, submitted

ROW = f"{HOSTILE}\t91445302MA5DEM0128\t绿色工厂\t云城区"
LETTER = {
    "year": "2026",
    "department": "云浮市生态环境局",
    "asks": "环境行政处罚",
    "due": "2026-06-10",
    "units": ROW,
    "issuer": "云浮市工业和信息化局",
    "signed_on": "2026-06-01",
    "contact": "梁虚构",
    "phone": "0766-0000000",
    "rules_title": "实施细则",
    "rules_number": "云工信〔2025〕14号",
    "publicity": "不予公开",
    "areas": cases.AREA,
}


def test_a_letter_from_form_to_issue(sign_in):
    city, lead = sign_in("city"), sign_in("lead")
    page = city.post("/admin/paper/new/?kind=consultation", LETTER, follow_redirects=True)
    paper = Paper.objects.get()
    assert (
        "已保存拟稿" in page.text
        and paper.inputs["units"][0]["name"] == HOSTILE
        and paper.areas == [cases.AREA]
    )
    assert "已送审签" in step(city, paper, "submit").text
    assert "已审签" in step(lead, paper, "sign").text
    assert "已印发云工信函〔2026〕1号" in step(city, paper, "issue").text
    answer = city.get(f"/admin/paper/draft/?id={paper.pk}")
    assert answer.data == paper_files.current_docx(Paper.objects.get(), now=NOW)
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "change, words",
    [
        ({"due": "六月十日"}, "截止日期应写成"),
        ({"units": "只有名称"}, "单位名单第 1 行有 1 栏"),
        ({"year": "今年"}, "年度应写成整数"),
    ],
)
def test_what_is_typed_wrong_is_named_and_kept(sign_in, change, words):
    page = sign_in("city").post("/admin/paper/new/?kind=consultation", LETTER | change)
    assert page.status_code == 200 and words in page.text and next(iter(change.values())) in page.text
    assert Paper.objects.count() == 0


def test_what_is_missing_is_said_after_saving_and_blocks_the_button(sign_in):
    page = sign_in("city").post(
        "/admin/paper/new/?kind=consultation", LETTER | {"asks": ""}, follow_redirects=True
    )
    assert "还有未填写的内容：需部门核查的事项" in page.text
    assert re.search(r"disabled[^>]*>送审签", page.text)


def test_entries_of_the_list_become_rows(sign_in):
    entry = cases.listed()
    from models.lists import Listing

    chosen = Listing.objects.get(application_id=entry.pk)
    data = LETTER | {"units": "", "units__chosen": str(chosen.pk)}
    sign_in("city").post("/admin/paper/new/?kind=consultation", data)
    paper = Paper.objects.get(kind="consultation")
    assert [row["name"] for row in paper.inputs["units"]] == [entry.unit_name]


def test_drafts_exist_for_those_who_prepare_and_sign_alone(sign_in):
    paper = drafted()
    county, admin = sign_in("county"), sign_in("admin")
    for path in ("details", "draft", "checks", "reword", "edit"):
        assert county.get(f"/admin/paper/{path}/?id={paper.pk}").status_code in (403, 404)
        assert admin.get(f"/admin/paper/{path}/?id={paper.pk}").status_code == 403
    assert county.get("/admin/paper/new/?kind=consultation").status_code == 403
    out = issued()
    assert county.get(f"/admin/paper/details/?id={out.pk}").status_code == 200
    assert county.get(f"/admin/paper/draft/?id={out.pk}").status_code == 200


def test_a_step_that_is_not_offered_changes_nothing(sign_in):
    paper = submitted()
    city, lead = sign_in("city"), sign_in("lead")
    for browser, action in ((city, "sign"), (city, "issue"), (lead, "issue"), (lead, "withdraw")):
        assert "不能办理这一步" in step(browser, paper, action).text
    assert Paper.objects.get().state == PaperState.SUBMITTED.value


def test_a_stale_page_does_not_sign(sign_in):
    paper = submitted()
    data = {"id": str(paper.pk), "version": str(paper.version - 1), "action": "sign"}
    sign_in("lead").post("/admin/paper/step/", data)
    assert Paper.objects.get().state == PaperState.SUBMITTED.value


def test_a_final_is_uploaded_through_the_dialog(sign_in):
    city, paper = sign_in("city"), drafted()
    assert "已编号云工信函〔2026〕1号" in step(city, paper, "take_number").text
    content = city.get(f"/admin/paper/draft/?id={paper.pk}").data
    page = step(city, paper, "upload", file=(BytesIO(content), "定稿.docx"))
    assert "定稿已通过检查" in page.text and Paper.objects.get().final_id


def test_the_checks_of_a_draft_are_shown_with_their_clauses(sign_in, monkeypatch):
    monkeypatch.setattr("app.documents.available", lambda: False)
    page = sign_in("city").get(f"/admin/paper/checks/?id={drafted().pk}")
    assert "7.2.5" in page.text and "没有图片预览" in page.text


def test_the_register_reserves_and_carries_over(sign_in):
    city = sign_in("city")
    data = {"series": "document", "year": "2026", "count": "3", "purpose": "评审会"}
    assert (
        "已预留云工信〔2026〕1号至云工信〔2026〕3号"
        in city.post("/admin/number/reserve/", data, follow_redirects=True).text
    )
    data = {"series": "document", "year": "2026", "rows": "4\t关于甲的通知\t2026-03-01\n6\t关于乙的通知"}
    assert "云工信〔2026〕5号" in city.post("/admin/number/carry/", data).text
    data["rows"] = "4\t关于甲的通知\t2026-03-01\n5\t关于乙的通知"
    assert "已补录 2 个文号" in city.post("/admin/number/carry/", data, follow_redirects=True).text
    assert Number.objects(state=NumberState.USED.value, on_paper=True).count() == 2
    assert sign_in("lead").get("/admin/number/reserve/").status_code == 403


def test_a_batch_from_a_table_to_one_file(sign_in):
    city, lead, paper = sign_in("city"), sign_in("lead"), drafted()
    step(city, paper, "copy", table="部门名称\n甲局\n乙局")
    batch = PaperBatch.objects.get()

    def act(browser, action, **values):
        return browser.post(
            "/admin/paperbatch/step/",
            {"id": str(batch.pk), "action": action, **values},
            follow_redirects=True,
        )

    act(city, "submit")
    act(lead, "sign")
    assert (
        "可以编号印发" in act(city, "issue").text and Number.objects.count() == 0
    )  # the pre-flight changes nothing
    assert "云工信函〔2026〕2号" in act(city, "issue", confirm="1").text
    for name, start in (("letters.zip", b"PK"), ("letters.docx", b"PK")):
        assert city.get(f"/admin/paperbatch/{name}?id={batch.pk}").data.startswith(start)
    assert sign_in("county").get(f"/admin/paperbatch/details/?id={batch.pk}").status_code == 403


def test_wording_is_prepared_tried_and_approved_on_the_screen(sign_in):
    city, lead = sign_in("city"), sign_in("lead")
    url = "/admin/wording/new/?target=consultation"
    text = re.search(r"<textarea[^>]*name=\"text\"[^>]*>(.*?)</textarea>", city.get(url).text, re.DOTALL)[1]
    assert "asked" in city.post(url, {"text": text.replace("{{asks}}", "{{asked}}"), "note": "试"}).text
    new = text.replace("特此函达。", "特此致函。")
    assert (
        "试排完成" in city.post(url, {"text": new, "note": "试", "try": "1"}).text
        and Wording.objects.count() == 0
    )
    city.post(url, {"text": new, "note": "换结束语"})
    version = Wording.objects.get()
    data = {"id": str(version.pk), "version": str(version.version), "action": "approve"}
    lead.post("/admin/wording/step/", data)
    assert Wording.objects.get().state == ProposalState.APPROVED.value


def test_a_correction_and_a_revocation_start_from_the_issued_page(sign_in):
    city, paper = sign_in("city"), issued()
    assert "更正稿" in step(city, paper, "correct").text
    assert "已有更正或撤销它的公文" in city.get(f"/admin/paper/details/?id={paper.pk}").text
