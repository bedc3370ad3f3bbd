"""docs/articles.md is true: every sentence of the 29 articles once, every screen and every test that it names there."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from app.policy.pack import load
from app.policy.resources import RESOURCES
from views.screens import PAGES, SCREENS

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "articles.md"
STATES = ("能用", "部分", "未建", "条文")
NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """Row of the table of sentences, or of the table of former faults (then without text and screens)."""

    article: str
    text: str
    state: str
    screens: tuple[str, ...]
    tests: tuple[str, ...]


def cells(width: int) -> list[list[str]]:
    """Return the rows of the table that has so many columns, heading left out."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in rows if len(row) == width and row[0] not in ("条", "情形")]


SENTENCES = [
    Row(article, text, state, tuple(screens.split("、")) if screens else (), tuple(NAMED.findall(tests)))
    for article, text, state, screens, tests in cells(5)
]
FAULTS = [
    Row(article, text, state, (), tuple(NAMED.findall(tests))) for text, article, state, tests in cells(4)
]


@cache
def declared_in(file: str) -> frozenset[str]:
    """Return the names of a file's tests, those of classes as Class::name; none for a file that is not there."""
    path = ROOT / "tests" / file
    if not path.is_file() or not path.name.startswith("test_"):
        return frozenset()
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found.add(node.name)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            methods = (each.name for each in node.body if isinstance(each, ast.FunctionDef))
            found |= {f"{node.name}::{name}" for name in methods if name.startswith("test_")}
    return frozenset(found)


def screen_labels() -> set[str]:
    """Return the labels of the panel's screens and of the pages that are none of a record."""
    names = [view(model).endpoint for model, view in SCREENS] + [page().endpoint for page in PAGES]
    return {RESOURCES[name].label for name in names} | {"工作台", "统计", "公开页"}


@pytest.mark.parametrize("number", range(1, 30))
def test_every_sentence_of_an_article_is_in_the_table_once(number):
    told = "".join(row.text for row in SENTENCES if row.article == str(number))
    assert told == "".join(load().articles[number].body)


def test_the_table_knows_no_other_article():
    assert [row.article for row in SENTENCES] == sorted((row.article for row in SENTENCES), key=int)
    assert {int(row.article) for row in SENTENCES} == set(load().articles)


@pytest.mark.parametrize("name", sorted({name for row in (*SENTENCES, *FAULTS) for name in row.tests}))
def test_every_named_test_exists(name):
    file, _, test = name.partition("::")
    assert test in declared_in(file)


def test_every_named_screen_exists():
    assert {screen for row in SENTENCES for screen in row.screens} <= screen_labels()


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: f"{row.article}-{row.text[:8]}")
def test_a_state_is_one_of_four_and_is_proved_or_explained(row):
    state, _, explained = row.state.partition("：")
    assert state in STATES
    if state == "未建":
        assert not row.tests and not row.screens
    else:
        assert row.tests and row.screens
    if state in ("能用", "部分"):
        assert explained


def test_every_former_fault_is_replayed():
    assert len(FAULTS) >= 11 and all(row.tests for row in FAULTS)
