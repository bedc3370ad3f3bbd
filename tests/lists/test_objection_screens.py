"""What a county's pages say of objections: what was handed to it, without who said what."""

import pytest

from app.policy.terms import ObjectionState
from models.audit import AuditEntry
from models.lists import Objection
from tests.builders.screens import page
from tests.tables import rights

URL = "/admin/objection"


@pytest.fixture
def kept_back(world):
    """An objection to our listed factory that the city keeps to itself."""
    ours = world.ours.records["objection"]
    made = Objection(
        application_id=ours.application_id,
        notice_id=ours.notice_id,
        unit_id=ours.unit_id,
        unit_name=ours.unit_name,
        area=ours.area,
        year=ours.year,
        received_on=ours.received_on,
        matter="留在市局的异议",
        version=1,
    ).save()
    yield made
    made.delete()


@pytest.mark.parametrize("role", rights.ROLES)
def test_what_was_not_handed_over_is_nowhere_on_a_countys_pages(role, browser, world, kept_back):
    someone, bureau = browser(role), role in ("city", "city_lead")
    gone = 404 if rights.may(role, "R", "objection") else 403
    assert someone.get(f"{URL}/details/?id={kept_back.pk}").status_code == (200 if bureau else gone)
    listed = f"/admin/application/details/?id={world.ours.listed.pk}"
    for url in (f"{URL}/?year=all", f"{URL}/?year=all&tab={ObjectionState.OPEN.value}", listed):
        assert ("留在市局的异议" in someone.get(url).text) == bureau, url
    data = {"id": str(kept_back.pk), "version": "1", "action": "report", "reason": "猜到的"}
    assert someone.post(f"{URL}/step/", data).status_code == (302 if bureau else gone)
    assert Objection.objects.get(pk=kept_back.pk).inquiries == []


def test_the_county_reads_its_question_not_the_objectors_words(browser, world):
    one = world.ours.records["objection"]
    listed = f"/admin/application/details/?id={world.ours.listed.pk}"
    for url in (f"{URL}/details/?id={one.pk}", f"{URL}/?year=all", listed):
        text = page(browser, "county", url)
        assert one.unit_name in text
        for secret in ("排放超标", "钟实名", "13544445555", "钟**"):
            assert secret not in text, (url, secret)
    assert "请核对云城区排放数据" in page(browser, "county", f"{URL}/details/?id={one.pk}")
    assert "请核对云城区排放数据" in page(browser, "county", listed)


def test_the_bureau_reads_the_objector_masked_and_unmasks_with_a_reason(browser, world):
    one = world.ours.records["objection"]
    for role in ("city", "city_lead"):
        text = page(browser, role, f"{URL}/details/?id={one.pk}")
        assert "排放超标" in text and "钟** 135****5555" in text and "13544445555" not in text
        data = {"id": str(one.pk), "version": str(one.version), "action": "unmask"}
        without = browser(role).post(f"{URL}/step/", data)
        assert "13544445555" not in without.text and "写明理由" in without.text
        assert "13544445555" in browser(role).post(f"{URL}/step/", data | {"reason": "电话核实"}).text
        assert "13544445555" not in page(browser, role, f"{URL}/details/?id={one.pk}")
    assert AuditEntry.objects(verb="unmask", reason="电话核实").count() == 2
    assert "电话核实" not in page(browser, "county", f"{URL}/details/?id={one.pk}")
    answer = browser("county").post(f"{URL}/step/", data | {"reason": "电话核实"})
    assert "13544445555" not in answer.text
    for kind in ("csv", "xlsx"):
        assert browser("county").get(f"{URL}/export/{kind}/").status_code == 403
    assert b"13544445555" not in browser("city").get(f"{URL}/export/csv/?year=all").data
