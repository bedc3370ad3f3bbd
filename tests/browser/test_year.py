"""The year with real people in real Chromium: from a county's ledger to the public list and its Word notice."""

import io
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from app import clock as app_clock
from app.policy.terms import Role, Stage
from app.services.core import rules
from models.accounts.people import User
from models.filing.applications import Application
from tests.builders import cases
from tests.builders.workbooks import LEDGER

INSTITUTION = "广州清砚节能评价中心有限公司"
COUNTY = "445302"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def account(username: str, role: Role, **scope) -> User:
    user = cases.account(username, role, **scope)
    return User.objects(pk=user.pk).modify(new=True, set__password_changed_at=app_clock.now())


def open_record(page: Page, resource: str, name: str) -> None:
    """Find a record by name in its list and open it."""
    page.goto(f"/admin/{resource}/?year=all&search={name}")
    page.click(f"table.model-list >> text={name}")
    expect(page.locator("h1")).to_contain_text(name)


def take(page: Page, label: str, **values: str) -> None:
    """Press a step's button and fill its dialog, if it has one."""
    button = page.get_by_role("button", name=label, exact=True).first
    assert button.is_enabled(), page.locator(".steps").inner_text()
    button.click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        for name, value in values.items():
            dialog.locator(f"[name={name}]").fill(value)
        dialog.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()
    expect(page.locator(".note.is-danger")).to_have_count(0)


def save(page: Page, text: str = "已保存") -> None:
    """Press 保存 and see that it was."""
    page.get_by_role("button", name="保存", exact=True).first.click()
    expect(page.locator(".note.is-success").first).to_contain_text(text, timeout=60_000)


def fill_findings(page: Page, day: str) -> None:
    """Every condition as met and every ground as absent, with source and day."""
    page.click("text=填写资格核查")
    for row in page.locator("fieldset.finding").all():
        grounds = row.locator("select option[value=absent]").count()
        row.locator("select").select_option("absent" if grounds else "met")
        row.locator("[name$=-source]").fill("信用中国查询截图")
        row.locator("[name$=-checked_on]").fill(day)
    save(page, "资格核查已保存")


def recheck(page: Page, name: str) -> None:
    page.goto(f"/admin/application/?year=all&search={name}")
    page.check("input[name=rowid]")
    page.get_by_role("button", name="第十条当日复核").click()
    page.fill("[name=source]", "信用中国")
    page.get_by_role("button", name="对 1 条第十条当日复核").click()
    page.locator("dialog[open]").get_by_role("button", name="确定").click()
    expect(page.locator("h1")).to_contain_text("办理结果")


def approve(page: Page) -> None:
    """The lead approves whatever waits for them."""
    page.goto("/admin/decision/?tab=prepared")
    page.locator("table.model-list tbody a").first.click()
    take(page, "批准")
    expect(page.locator(".note.is-success")).to_contain_text("已批准，办理 1 条")


def stage_of(name: str) -> Stage:
    return Stage(Application.objects.get(unit_name=name).stage)


def test_from_the_countys_ledger_to_the_public_list(sign_in, clock, address, tmp_path, chromium):
    clock.set("2026-04-20T09:00")
    rules.use("yunfu")
    cases.contacts(app_clock.now())
    institution = cases.evaluator(INSTITUTION, now=app_clock.now())
    county = sign_in(account("county-445302", Role.COUNTY, area=COUNTY))
    evaluator = sign_in(account("evaluator1", Role.EVALUATOR, evaluator_id=institution.pk))

    # 县级导入汇总表：本地区的进入，其他地区的逐行说明
    county.goto("/admin/importbatch/new/")
    county.set_input_files("[name=file]", LEDGER)
    county.click("text=上传并识别")
    county.locator("main form button[type=submit]").first.click()
    expect(county.locator("main")).to_contain_text("不属于本地区")
    county.locator("main form button[type=submit]").last.click()
    confirm = county.locator("dialog[open]")
    if confirm.count():
        confirm.get_by_role("button", name="确定").click()
    county.wait_for_load_state()
    mine = Application.objects(area=COUNTY)
    assert mine.count() and Application.objects.count() == mine.count()

    # 第三方机构为委托它的单位上传评价报告
    evaluator.goto("/admin/evaluation/")
    name = evaluator.locator("table.model-list tbody a").first.inner_text()
    evaluator.locator("table.model-list tbody a").first.click()
    open_record(evaluator, "evaluation", name)
    evaluator.click("text=编辑")
    report = tmp_path / "评价报告.docx"
    report.write_bytes(cases.docx("第三方评价报告"))
    evaluator.set_input_files("[name=file]", report)
    for who in ("unit_declaration", "institution_declaration"):
        evaluator.fill(f"[name={who}-signatory]", "签字人")
        evaluator.fill(f"[name={who}-signed_on]", "2026-04-18")
    save(evaluator)

    # 县级提交、核查、评价、推荐
    open_record(county, "application", name)
    take(county, "提交申报")
    fill_findings(county, "2026-04-20")
    county.click("text=编辑")
    county.fill("[name=county_opinion]", "符合条件，同意推荐。")
    save(county)
    # 推荐只在推荐名单里办理：一份函、一张表
    county.get_by_role("link", name="推荐", exact=True).click()
    expect(county.locator("h1")).to_contain_text("推荐名单")
    assert county.locator("input[name=rowid]:checked").count() == 1
    given = {
        "platform_receipt": "GT2026042001",
        "filed_on": "2026-04-20",
        "contact": "李虚构",
        "phone": "0766-0000001",
    }
    for field, value in given.items():
        county.fill(f"[name={field}]", value)
    county.get_by_role("button", name="推荐并印发推荐函").click()
    county.locator("dialog[open]").get_by_role("button", name="确定").click()
    expect(county.locator(".note.is-success").first).to_contain_text("推荐 1 家", timeout=60_000)
    assert stage_of(name) is Stage.CITY_CHECK

    # 市局确认、拟办，审签人批准
    clock.set("2026-05-25T09:00")
    city, city2 = sign_in(account("city", Role.CITY)), sign_in(account("city2", Role.CITY))
    lead = sign_in(account("lead", Role.CITY_LEAD))
    open_record(city, "application", name)
    expect(city.locator(".steps")).to_contain_text("未经市局确认")
    fill_findings(city, "2026-05-25")
    if city.get_by_role("button", name="拟办：列为培育对象").is_disabled():
        city.click("text=编辑")
        city.fill("[name=city_late_reason]", "系统试运行")
        save(city)
    take(city, "拟办：列为培育对象")
    approve(lead)
    assert stage_of(name) is Stage.CULTIVATED

    # 两人各自打分，拟入选
    open_record(city, "application", name)
    take(city, "进入评审")
    for page, total in ((city, "88.5"), (city2, "91")):
        open_record(page, "application", name)
        take(page, "登记评审得分", total=total, remark="达到要求。")
    open_record(city, "application", name)
    take(city, "拟入选")

    # 公示：末日按工作日计算；期满之前不能列入
    clock.set("2026-06-01T09:00")
    for person in (city, lead):
        person.reload()  # 新的一天：会话已过期，重新登录
    city, lead = sign_in(User.objects.named("city")), sign_in(User.objects.named("lead"))
    recheck(city, name)
    open_record(city, "application", name)
    take(city, "拟办：发布公示", first_day="2026-06-01")
    approve(lead)
    open_record(city, "application", name)
    expect(city.locator(".steps")).to_contain_text("公示至6月5日")

    # 期满次日列入名单，印发公布通知
    clock.set("2026-06-06T09:00")
    city, lead = sign_in(User.objects.named("city")), sign_in(User.objects.named("lead"))
    recheck(city, name)
    open_record(city, "application", name)
    take(city, "拟办：列入名单")
    approve(lead)
    assert stage_of(name) is Stage.LISTED

    # 公众看到名单；公文可以打开，文号、名称、表格都对
    public = chromium.new_context(base_url=address).new_page()
    public.goto("/")
    expect(public.locator("table")).to_contain_text(name)
    expect(public.locator("table")).to_contain_text("云工信〔2026〕")
    city.goto("/admin/paper/?year=all")
    city.click("table.model-list >> text=关于公布")
    with city.expect_download() as download:
        city.locator("main .file a").first.click()
    opened = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    paragraphs = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    cells = {cell for table in opened.tables for row in table._tbl.tr_lst for cell in _texts(row)}
    assert "云工信〔2026〕2号" in paragraphs  # 1号 is the letter that lists the cultivation objects
    assert name in cells
    assert download.value.suggested_filename.endswith(".docx")


def _texts(row) -> list[str]:
    return [
        "".join(node.text or "" for node in cell.iter() if node.tag.endswith("}t")) for cell in row.tc_lst
    ]
