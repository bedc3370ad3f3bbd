"""A kind of paper is declared in three places; the catalogue refuses one that lacks a place."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from app.documents import kinds
from app.documents.kinds import IncompleteKind, catalogue
from app.documents.layout import wording
from app.policy import papers

ROOT = Path(__file__).resolve().parents[2]
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


# Beside its row, section and wording, a kind is named by the tables and verbs of the steps that issue or end it.
STEPS = ("app/policy/filing/", "app/policy/succession.py", "app/services/")
# The engine and the verbs of any paper name no kind but the certificate that follows a revoked notice.
FOR_EVERY_KIND = ("app/services/core/", "app/services/papers/", "app/services/processes.py")
CERTIFICATE = ("app/services/papers/succession.py", "no_objection")
# The same words in another sense: a resource, a date of the rule pack, a stage.
OTHER_SENSES = {
    ("app/policy/resources.py", "consultation"),
    ("app/policy/resources.py", "nomination"),
    ("app/policy/pack_check.py", "nomination"),
    ("app/policy/terms.py", "public_notice"),
}


def places_naming_a_kind() -> dict[str, set[str]]:
    """Kind → files of the application that name it by its code."""
    places: dict[str, set[str]] = {code: set() for code in papers.KINDS}
    for folder in ("app", "views", "models"):
        for file in (ROOT / folder).rglob("*.py"):
            place = file.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                value = node.value if isinstance(node, ast.Constant) else None
                if value in places and (place, value) not in OTHER_SENSES:
                    places[value].add(place)
    return places


def test_a_kind_is_declared_in_three_places():
    for code, places in places_naming_a_kind().items():
        assert "app/policy/papers.py" in places, code
        sections = {place for place in places if place.startswith("app/documents/")}
        assert len(sections) == 1 and sections.pop().startswith("app/documents/kinds/"), code
        assert (wording.FOLDER / f"{code}.md").is_file()
        others = {place for place in places if not place.startswith(("app/documents/", *STEPS))}
        assert others == {"app/policy/papers.py"}, code


def test_what_serves_every_kind_names_none():
    named = {
        (place, code)
        for code, places in places_naming_a_kind().items()
        for place in places
        if place.startswith(FOR_EVERY_KIND)
    }
    assert named == {CERTIFICATE}
