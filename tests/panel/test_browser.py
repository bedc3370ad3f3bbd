"""Every screen in Chromium, for each role, on a phone and on a desk: nothing is blocked, nothing breaks, keys work."""

import logging
import threading

import pytest
from playwright.sync_api import TimeoutError, sync_playwright
from werkzeug.serving import make_server

from app.services.accounts import passwords
from models.accounts.people import User
from models.filing.applications import Application
from tests.builders.screens import pages
from tests.tables import rights
from tests.tables.screens import SCREENS  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PASSWORD = "Lushui-2026-Ting"
FITS = "document.documentElement.scrollWidth <= window.innerWidth + 1"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def address(app, world):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(address, chromium):
    """window("county", 360) is a signed-in page of that width; what it complains of is gathered on it."""
    contexts = []

    def opened(role, width=1280):
        user = User.objects.get(username=role.replace("_", "-") + "1")
        User.objects(pk=user.pk).update(set__password_hash=passwords.hash_password(PASSWORD))
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 800}, locale="zh-CN"
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda m: page.complaints.append((page.url, m.text)) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.complaints.append((page.url, str(error))))
        page.goto("/login")
        page.fill("[name=username]", user.username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("role", rights.ROLES)
def test_no_screen_complains(role, window, books):  # noqa: F811
    page = window(role)
    wide = []
    for url in pages(role, books):
        name = url.split("/")[2] if url.startswith("/admin/") and url.count("/") > 2 else ""
        if url == "/nowhere" or (name in SCREENS and not rights.may(role, "R", name)):
            continue
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            if width == 1280:
                page.goto(url, wait_until="load")
            try:  # the menu slides away first
                page.wait_for_function(FITS, timeout=10_000)
            except TimeoutError:
                wide.append((url, width))
    blocked = [
        one for one in page.complaints if "404 (NOT FOUND)" not in one[1] and "403 (FORBIDDEN)" not in one[1]
    ]
    assert not blocked
    assert not wide, "the page itself scrolls sideways"


def test_a_unit_is_found_and_chosen_in_a_new_application(window, world):
    page = window("county")
    page.goto("/admin/application/new/")
    page.click('[data-field="unit_id"] .select2-choice')
    page.keyboard.type("自家机")
    page.click(f'.select2-results li:has-text("{world.ours.unit.name}")')
    page.select_option("[name=kind]", "park")
    page.fill("[name=year]", "2026")
    page.click('.form-actions button[type="submit"] >> nth=0')
    page.wait_for_url("**/details/**")
    made = Application.objects.get(unit_id=world.ours.unit.pk, kind="park")
    assert world.ours.unit.name in page.inner_text("h1")
    made.delete()
    assert not page.complaints


def test_a_step_asks_for_its_reason_in_a_dialog(window, world):
    waiting = world.former_application
    Application.objects(pk=waiting.pk).update(set__stage="county_review")
    page = window("county")
    page.goto(f"/admin/application/details/?id={waiting.pk}")
    page.click('[data-open="step-not_recommend"]')
    dialog = page.locator("#step-not_recommend")
    dialog.locator("button[type=submit]").click()  # without a reason the browser itself stays
    assert dialog.is_visible()
    dialog.locator("textarea[name=reason]").fill("不符合第七条。")
    dialog.locator("button[type=submit]").click()
    page.wait_for_selector("text=已办理")
    assert Application.objects.get(pk=waiting.pk).stage == "not_recommended"
    assert not page.complaints


def test_the_keyboard_skips_to_the_text_and_shows_where_it_is(window):
    page = window("city")
    page.goto("/admin/unit/")
    page.keyboard.press("Tab")
    assert "跳到正文" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    inside = "document.getElementById('main').contains(document.activeElement)"
    assert page.evaluate(inside)
    seen = (
        "(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none')(getComputedStyle(document.activeElement))"
    )
    assert page.evaluate(seen)
