"""A kind of paper is declared in three places; the catalogue refuses one that lacks a place."""

from dataclasses import replace

import pytest

from app.documents import kinds
from app.documents.kinds import IncompleteKind, catalogue
from app.documents.layout import wording

SECTIONS = tuple(kinds.KINDS.values())


def test_every_kind_has_its_section():
    assert catalogue(SECTIONS) == kinds.KINDS


def test_a_row_without_a_section_is_refused():
    with pytest.raises(IncompleteKind, match="rules_issue"):
        catalogue(SECTIONS[1:])


def test_a_section_without_a_row_is_refused():
    with pytest.raises(IncompleteKind, match="unheard_of"):
        catalogue((*SECTIONS, replace(SECTIONS[0], code="unheard_of")))


def test_two_sections_of_one_kind_are_refused():
    with pytest.raises(IncompleteKind, match="two sections: call"):
        catalogue((*SECTIONS, kinds.KINDS["call"]))


def test_a_kind_without_wording_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    with pytest.raises(IncompleteKind, match="no wording"):
        catalogue(SECTIONS)
