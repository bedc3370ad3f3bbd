"""The pages themselves: each fault is drawn by LibreOffice and measured on the PDF."""

import pytest

from app import documents
from app.documents.checks import check
from app.policy import papers
from tests.documents.spoiling import announcement, built, spoil
from tests.documents.spoilings.pages import letter_spoils, signature_overleaf, spoils

PREFIX = "版面："
MORE = "各地要及时总结推广名单内单位的先进经验和典型做法，发挥示范引领作用，带动产业链协同提升。" * 4
LETTER = "consultation"


def page_faults(docx: bytes, pdf: bytes) -> set[str]:
    wrong = (each.name for each in check(docx, pdf=pdf) if not each.ok)
    return {name.removeprefix(PREFIX) for name in wrong if name.startswith("版面")}


@pytest.mark.slow
@pytest.mark.parametrize("kind", papers.KINDS)
def test_every_kind_is_printed_as_the_standard_says(kind):
    assert page_faults(built(kind), documents.preview_pdf(built(kind))) == set()


def test_a_long_paper_is_printed_as_the_standard_says():
    assert page_faults(announcement(MORE), documents.preview_pdf(announcement(MORE))) == set()


# Another page moves the imprint to an odd one.
CONSEQUENCES = {signature_overleaf: {"版记"}}


@pytest.mark.slow
@pytest.mark.parametrize("change, name", spoils.cases, ids=spoils.ids)
def test_each_fault_on_the_page_is_measured_by_its_own_clause_alone(change, name):
    found = page_faults(announcement(MORE), documents.preview_pdf(spoil(announcement(MORE), change)))
    assert found == {name} | CONSEQUENCES.get(change, set())


@pytest.mark.slow
@pytest.mark.parametrize("change, name", letter_spoils.cases, ids=letter_spoils.ids)
def test_each_fault_on_the_page_of_a_letter_is_measured(change, name):
    assert name in page_faults(built(LETTER), documents.preview_pdf(spoil(built(LETTER), change)))


def test_what_is_no_pdf_is_said():
    assert page_faults(announcement(), b"PK") == {"版面可以测量"}
