"""The templates keep to the content policy and speak Chinese."""

import re
from pathlib import Path

import pytest
from flask import Flask

APP = Path(__file__).parents[2] / "app"
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
SCRIPTS = sorted((APP / "static" / "js").glob("*.js"))
# Names of formats and algorithms, which officials know as they are.
PROPER = {"xlsx", "csv", "SHA", "LibreOffice", "Word"}


def named(path: Path) -> str:
    return str(path.relative_to(APP))


def without_code(source: str) -> str:
    """The source without Jinja and its comments: what the browser is sent."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    # Blocks and sets that fill in a class or attributes are not read by anybody.
    source = re.sub(
        r"\{% block \w+_class %\}\w*\{% endblock %\}|\{% set must %\}.*?\{% endset %\}", "", source
    )
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)


@pytest.fixture(scope="module")
def environment():
    app = Flask("theme", template_folder=APP / "templates")
    return app.jinja_env


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles(environment, path):
    environment.compile(path.read_text(encoding="utf-8"), filename=str(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_inline_script_style_or_foreign_host(path):
    html = without_code(path.read_text(encoding="utf-8"))
    assert not re.search(r"\son[a-z]+\s*=", html), "inline event handler"
    assert not re.search(r"""\sstyle\s*=|<style""", html), "inline style"
    assert "javascript:" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), "inline script"
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", html), "another host"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_what_is_read_is_chinese(path):
    html = without_code(path.read_text(encoding="utf-8"))
    said = re.findall(r"""(?:aria-label|title|placeholder|data-confirm)="([^"]*)\"""", html)
    said.append(re.sub(r"<[^>]*>", " ", html))
    words = {word for text in said for word in re.findall(r"[A-Za-z]{3,}", text)}
    assert words <= PROPER


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_form_that_changes_something_has_a_token(path):
    source = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form(?=[^>]*method=\"post\").*?</form>", source, flags=re.S | re.I):
        assert re.search(r"csrf|_hidden\(|hidden_inputs|hidden_fields|caller\(\)", form)


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_neither_evaluate_text_nor_write_markup(path):
    source = path.read_text(encoding="utf-8")
    for forbidden in ("eval(", "new Function", "innerHTML", "insertAdjacentHTML", "document.write", ".html("):
        assert forbidden not in source
    assert not re.search(r"""["'](?:https?:)?//""", source)


def test_what_is_vendored_carries_its_licence():
    for folder in (APP / "static" / "vendor").iterdir():
        assert (folder / "LICENSE").read_text(encoding="utf-8")
