"""Chinese catalogues for messages of Flask-Admin and WTForms, whose own are incomplete."""

from pathlib import Path

import flask_admin.babel
import flask_admin.translations
import wtforms.i18n
from flask_babel import Domain

# After a change of a .po: pybabel compile -d app/locale -D "admin wtforms"
CATALOGUES = Path(__file__).parent / "locale"


def install() -> None:
    """Override the catalogues of Flask-Admin and WTForms, for every page and before the first message.

    `Admin(translations_path=…)` would not do: there the shipped, older catalogue wins, and a message asked
    for outside an admin view is cached without ours.
    """
    _overlay(flask_admin.babel.domain, flask_admin.translations.__path__[0], "admin")
    _overlay(flask_admin.babel.wtforms_domain, wtforms.i18n.messages_path(), "wtforms")


def _overlay(domain: Domain, shipped: str, name: str) -> None:
    # Later folders override earlier ones; initialising anew also empties the domain's cache.
    Domain.__init__(domain, translation_directories=[shipped, str(CATALOGUES)], domain=name)
