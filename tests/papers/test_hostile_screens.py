"""Forms of papers that somebody forges, and what they propose by themselves."""

import re
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits import RateLimitItemPerMinute

from app.documents.output import pdf_cache, preview
from app.policy.flow import NotAllowed
from app.policy.terms import PaperState
from app.services.core import rules
from app.services.papers.forms import convert_text
from models.audit import AuditEntry
from models.papers import Paper
from tests.builders import cases
from tests.builders.papers import drafted, issued, signed, step
from views.papers import previews


@pytest.mark.parametrize("kept", ["x", "0" * 24, "../../etc"])
def test_a_forged_number_is_refused_in_words(sign_in, kept):
    paper = signed()
    page = step(sign_in("city"), paper, "issue", kept=kept)
    assert page.status_code == 200 and "请另选" in page.text
    assert Paper.objects.get(pk=paper.pk).state == PaperState.SIGNED.value


@pytest.mark.parametrize("number", ["9" * 5000, "100000", "0", "²", "-1"])
def test_a_number_without_end_is_refused_in_words(sign_in, number):
    form = {"series": "document", "year": "2026", "rows": f"{number}\t关于某事的通知"}
    page = sign_in("city").post("/admin/number/carry/", form, follow_redirects=True)
    assert page.status_code == 200 and "第 1 行应依次为" in page.text


@pytest.mark.parametrize("text", ["9" * 5000, "9" * 20, "甲"])
def test_a_paper_takes_no_number_that_cannot_be_kept(text):
    with pytest.raises(NotAllowed, match="年度应写成整数"):
        convert_text(int, text, "年度")


@pytest.mark.parametrize(
    "kind, to_all", [("call", True), ("rectification_notice", False), ("evaluator_notice", False)]
)
def test_a_letter_about_one_is_proposed_to_no_area(sign_in, kind, to_all):
    page = sign_in("city").get(f"/admin/paper/new/?kind={kind}").text
    field = re.search(r'<select[^>]*name="areas".*?</select>', page, re.DOTALL)[0]
    chosen = len(re.findall(r"<option[^>]*selected", field))
    assert chosen == (len(rules.pack().areas) if to_all else 0) and cases.AREA in field


class Drawing:
    """LibreOffice that counts how often, and how often at once, it is called."""

    def __init__(self) -> None:
        self.calls = self.now = self.most = 0

    def __call__(self, content: bytes) -> bytes:
        self.calls, self.now = self.calls + 1, self.now + 1
        self.most = max(self.most, self.now)
        time.sleep(0.05)
        self.now -= 1
        return b"%PDF-" + content


@pytest.fixture
def drawing(monkeypatch):
    monkeypatch.setattr(pdf_cache, "_cache", OrderedDict())
    monkeypatch.setattr(preview, "preview_pdf", made := Drawing())
    return made


def test_one_draft_is_drawn_once_and_two_never_together(drawing):
    with ThreadPoolExecutor(6) as pool:
        drawn = list(pool.map(pdf_cache.draw, [b"one", b"two"] * 3))
    assert (drawing.calls, drawing.most) == (2, 1) and drawn[:2] == [b"%PDF-one", b"%PDF-two"]


def test_who_waits_too_long_for_a_preview_is_told(drawing, monkeypatch):
    monkeypatch.setattr(pdf_cache, "WAIT_SECONDS", 0.01)
    with pdf_cache._lock, pytest.raises(preview.PreviewError, match="请稍后再试"):
        pdf_cache.draw(b"one")


def test_one_user_has_only_so_many_previews_drawn(sign_in, drawing, monkeypatch):
    monkeypatch.setattr(previews, "DRAWINGS", RateLimitItemPerMinute(2, 10))
    papers = [drafted(department=f"第{number}部门") for number in range(3)]
    urls = [f"/admin/paper/draft/?id={paper.pk}&format=pdf" for paper in papers]
    browser = sign_in("city")
    assert [browser.get(url).status_code for url in (urls[0], urls[0], urls[1])] == [200, 200, 200]
    page = browser.get(urls[2], follow_redirects=True)
    assert "预览过多" in page.text and drawing.calls == 2
    assert browser.get(urls[2].replace("pdf", "png")).status_code == 503
    assert sign_in("lead").get(urls[2]).status_code == 200  # the next user has an allowance of their own


def test_who_takes_a_copy_of_an_issued_paper_is_on_record_whatever_its_form(sign_in, monkeypatch):
    paper = issued()
    monkeypatch.setattr(pdf_cache, "draw", lambda content: b"%PDF-1.7")
    for form in ("docx", "pdf"):
        assert sign_in("county").get(f"/admin/paper/draft/?id={paper.pk}&format={form}").status_code == 200
    assert AuditEntry.objects(subject_id=str(paper.pk), verb="download").count() == 2
