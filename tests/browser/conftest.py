"""The real application served on loopback, a settable clock, and a browser that complains of nothing."""

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app.config import Config
from app.factory import create_app
from app.services.accounts import passwords
from models.accounts.people import User

PASSWORD = "Lushui-2026-Ting"
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def address(db, clock, tmp_path) -> Iterator[str]:
    """Where the application answers; it reads the test's clock."""
    config = Config(
        mongodb_uri=db.uri,
        secret_key="k" * 64,
        clock_file=clock.file,
        var_dir=tmp_path,
        public_url="http://127.0.0.1",
    )
    server = make_server("127.0.0.1", 0, create_app(config), threaded=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def sign_in(address: str, chromium: Browser) -> Iterator[Callable[[User], Page]]:
    """sign_in(user) is that person's own browser window on the workbench."""
    contexts, complaints = [], []

    def signed_in(user: User) -> Page:
        # The cheap hash of tests: a real one costs a second each.
        User.objects(pk=user.pk).update(set__password_hash=passwords.hash_password(PASSWORD))
        context = chromium.new_context(
            base_url=address, viewport={"width": 1280, "height": 900}, locale="zh-CN"
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("[name=username]", user.username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert not complaints
