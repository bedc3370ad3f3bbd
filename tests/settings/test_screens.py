"""A value and a notice's days go from the clerk's page over the lead's to the page of rules."""

import pytest

from app.policy import deadlines
from app.services.core import rules
from models.settings.values import Holiday, Proposal
from tests.builders.screens import page
from tests.builders.world import NOW

DAYS = "2027-02-05至2027-02-11 放假\n2027-02-20 上班\n"


def decide(browser, proposal, action, **values):
    data = {"id": str(proposal.pk), "version": str(proposal.version), "action": action, **values}
    return browser("city_lead").post("/admin/proposal/step/", data, follow_redirects=True)


def newest() -> Proposal:
    return Proposal.objects.order_by("-id").first()


def test_a_value_is_proposed_on_its_page_and_shown_until_it_is_decided(browser, world):
    data = {"key": "reply_days", "value": "10", "reason": "部门反映偏紧"}
    answer = browser("city").post("/admin/setting/", data, follow_redirects=True)
    assert "待审批的修改" in answer.text and "10个工作日" in answer.text
    one = newest()
    own = page(browser, "city", f"/admin/proposal/details/?id={one.pk}")
    assert "批准启用" not in own and "批准启用" in page(
        browser, "city_lead", f"/admin/proposal/details/?id={one.pk}"
    )
    assert "市局审签甲批准" not in page(browser, "unit", "/admin/rule/")
    assert "已批准" in decide(browser, one, "approve", answer="同意").text
    assert "市局经办甲提出、市局审签甲批准" in page(browser, "unit", "/admin/rule/")
    undo = {"id": str(one.pk), "version": str(one.version + 1), "action": "undo", "reason": "恢复"}
    assert "已提出改回" in browser("city").post("/admin/proposal/step/", undo, follow_redirects=True).text
    assert (newest().shown, newest().state) == ("7个工作日", "prepared")
    assert "退回" in decide(browser, newest(), "send_back", reason="不必改回").text


@pytest.mark.parametrize("key", ["notice_days", "reminder_days"])
@pytest.mark.parametrize("value", ["--5", "-", "9" * 5000, "5.5", "²"])
def test_what_is_no_number_is_refused_in_words(key, value, browser, world):
    data = {"key": key, "value": value, "reason": "理由"}
    answer = browser("city").post("/admin/setting/", data, follow_redirects=True)
    assert answer.status_code == 200 and "整数" in answer.text


def test_only_the_city_may_post_a_value(browser, world):
    for role in ("county", "city_lead", "unit", "admin"):
        data = {"key": "reply_days", "value": "9", "reason": "x"}
        assert browser(role).post("/admin/setting/", data).status_code == 403
    assert browser("auditor").post("/admin/setting/", {"key": "reply_days"}).status_code == 403


def test_the_days_of_a_notice_are_typed_as_it_has_them(browser, world):
    form = {"days": DAYS, "source": "国办发明电〔2026〕9号", "reason": "2027 年春节"}
    for wrong in ("2027-02-05 休息", "2027-02-30 放假", "2027-02-11至2027-02-05 放假", "放假"):
        answer = browser("city").post("/admin/holiday/new/", form | {"days": wrong})
        assert answer.status_code == 200 and "第 1 行" in answer.text
    browser("city").post("/admin/holiday/new/", form)
    assert Holiday.objects(source=form["source"]).count() == 0
    decide(browser, newest(), "approve")
    found = {one.day.isoformat(): one.works for one in Holiday.objects(source=form["source"])}
    assert len(found) == 8 and found["2027-02-20"] and not found["2027-02-05"]
    assert "市局审签甲" in page(browser, "county", "/admin/holiday/")


def test_a_legal_date_on_a_free_day_is_pointed_out_and_not_moved(browser, world):
    due = deadlines.next_legal_date(rules.pack(), NOW.date()).day
    before = page(browser, "county", "/admin/")
    Holiday(day=due, works=False).save()
    after = page(browser, "county", "/admin/")
    Holiday.objects(day=due).delete()
    shown = f"{due.year}年{due.month}月{due.day}日"
    assert shown in before and shown in after
    assert "不是工作日" not in before
    assert f"{due.month}月{due.day}日不是工作日；细则没有规定顺延，请提前办理。" in after
