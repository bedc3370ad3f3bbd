"""Forms of papers that somebody forges, and what they propose by themselves."""

import re

import pytest

from app import documents
from app.policy.terms import PaperState
from app.services import rules
from models.audit import AuditEntry
from models.papers import Paper
from tests import build
from tests.papers.conftest import issued, signed
from tests.papers.test_screens import sign_in as sign_in
from tests.papers.test_screens import step


@pytest.mark.parametrize("kept", ["x", "0" * 24, "../../etc"])
def test_a_forged_number_is_refused_in_words(sign_in, kept):
    paper = signed()
    page = step(sign_in("city"), paper, "issue", kept=kept)
    assert page.status_code == 200 and "请另选" in page.text
    assert Paper.objects.get(pk=paper.pk).state == PaperState.SIGNED.value


@pytest.mark.parametrize(
    "kind, to_all", [("call", True), ("rectification_notice", False), ("evaluator_notice", False)]
)
def test_a_letter_about_one_is_proposed_to_no_area(sign_in, kind, to_all):
    page = sign_in("city").get(f"/admin/paper/new/?kind={kind}").text
    field = re.search(r'<select[^>]*name="areas".*?</select>', page, re.DOTALL)[0]
    chosen = len(re.findall(r"<option[^>]*selected", field))
    assert chosen == (len(rules.pack().areas) if to_all else 0) and build.AREA in field


def test_who_takes_a_copy_of_an_issued_paper_is_on_record_whatever_its_form(sign_in, monkeypatch):
    paper = issued()
    monkeypatch.setattr(documents, "preview_pdf", lambda content: b"%PDF-1.7")
    for form in ("docx", "pdf"):
        assert sign_in("county").get(f"/admin/paper/draft/?id={paper.pk}&format={form}").status_code == 200
    assert AuditEntry.objects(subject_id=str(paper.pk), verb="download").count() == 2
