"""Anybody may ask whether a paper is genuine; the answer names nobody, and guessing is slowed."""

import re

import pytest

from app.config import Config
from app.factory import create_app
from app.policy.terms import PaperState
from app.services.core.by import By
from app.services.papers import content as paper_files
from app.services.papers import corrections, drafting, issuing, signing, verification
from models.papers import Paper
from tests.builders import cases
from tests.builders.papers import NOW, drafted, issued


@pytest.fixture
def app(db, clock, tmp_path):
    clock.set(NOW.isoformat())
    return create_app(
        Config(
            mongodb_uri=db.uri,
            secret_key="k" * 64,
            trusted_hosts=("localhost",),
            clock_file=clock.file,
            var_dir=tmp_path,
        )
    )


@pytest.fixture
def browser(app):
    return app.test_client()


def carried(draft: Paper) -> Paper:
    paper = drafting.submit(draft, version=draft.version, by=By(cases.CITY, NOW))
    return issuing.issue(signing.sign(paper, by=By(cases.LEAD, NOW)), by=By(cases.CITY, NOW))


def test_in_force_replaced_and_revoked():
    paper = issued()
    assert verification.verify_code(paper.verification).message == "有效"
    new = carried(corrections.correct(paper, by=By(cases.CITY, NOW)))
    assert verification.verify_code(paper.verification).message == f"已被{new.number_text}替代"
    last = carried(corrections.revoke(new, "有误。", by=By(cases.CITY, NOW)))
    assert verification.verify_code(new.verification).message == f"已由{last.number_text}公告撤销"
    assert verification.verify_code(last.verification).ok


def test_the_page_names_neither_people_nor_units(browser):
    paper = issued(names=("云浮市虚构石材有限公司",))
    page = browser.get(f"/verify/{paper.verification}")
    assert page.status_code == 200 and "有效" in page.text and paper.number_text in page.text
    main = re.search(r"<main.*?</main>", page.text, re.DOTALL)[0]
    for secret in (
        paper.drafted_name,
        paper.signed_name,
        "云浮市虚构石材",
        "梁虚构",
        "0766-0000000",
        paper.sha256,
    ):
        assert secret not in main, secret


def test_drafts_strange_codes_and_sealed_letters_are_unknown(browser):
    draft = drafted()
    sealed = Paper(
        kind="tip_accepted",
        title="受理告知书",
        verification="ABCDEFGHJKMN",
        state=PaperState.ISSUED.value,
        drafted_by="city",
        issued_at=NOW,
        issued_on=NOW.date(),
        sha256="0" * 64,
    ).save()
    for code in (draft.verification, sealed.verification, "AAAAAAAAAAAA", "x", "%00", "../../etc"):
        page = browser.get(f"/verify/{code}")
        assert page.status_code in (400, 404) and "有效" not in page.text


def test_number_and_code_must_belong_together(browser):
    paper = issued()
    assert verification.verify_code(paper.verification.lower(), "云工信函[2026]1号").ok
    assert not verification.verify_code(paper.verification, "云工信函〔2026〕2号").ok


def token(browser) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/verify/").text)[1]


def test_a_file_is_compared_and_not_kept(browser):
    from io import BytesIO

    from models.files import Attachment

    content = paper_files.current_docx(issued(), now=NOW)
    before = Attachment.objects.count()
    for data, ok in ((content, True), (content[:-1] + b"x", False)):
        form = {"csrf_token": token(browser), "file": (BytesIO(data), "函.docx")}
        page = browser.post("/verify/", data=form, content_type="multipart/form-data")
        assert ("文件与存档一致。有效" in page.text) is ok and page.status_code == (200 if ok else 404)
    assert Attachment.objects.count() == before


def test_guessing_is_slowed_and_honest_asking_is_not(browser):
    paper = issued()
    for _ in range(30):
        assert browser.get(f"/verify/{paper.verification}").status_code == 200
    answers = [browser.get(f"/verify/AAAAAAAAAA{at:02d}").status_code for at in range(22)]
    assert set(answers[:20]) == {404} and answers[-1] == 429


def test_the_code_on_the_paper_leads_to_the_page():
    paper = issued()
    content = paper_files.current_docx(paper, now=NOW)
    from app import documents

    assert paper.verification in documents.text_of(content)


def test_the_command_line_compares_and_checks(app, tmp_path):
    file = tmp_path / "函.docx"
    file.write_bytes(paper_files.current_docx(issued(), now=NOW))
    run = app.test_cli_runner().invoke
    good = run(args=["papers", "verify", str(file)])
    assert (
        good.exit_code == 0 and "文件与存档一致。有效" in good.output and "云工信函〔2026〕1号" in good.output
    )
    checked = run(args=["papers", "check", str(file)])
    assert checked.exit_code == 0 and "7.2.5" in checked.output and "GB/T 9704-2012：共检查" in checked.output
    file.write_bytes(file.read_bytes() + b" ")
    bad = run(args=["papers", "verify", str(file)])
    assert bad.exit_code == 1 and "不一致" in bad.output


def test_hardly_anything_is_known_of_an_unknown_file():
    verdict = verification.verify_content(b"nothing")
    assert not verdict.ok and [label for label, _ in verdict.facts] == ["文件 SHA-256"]
