"""The screens that have records, and who opens, fills in and creates what."""

from tests.tables import rights
from views.screens import screens

SCREENS = {screen.endpoint: screen for screen in screens() if hasattr(screen, "model")}


WHO = {name: next(role for role in rights.ROLES if rights.may(role, "R", name)) for name in SCREENS}


# Who may fill in which form, on an own record.
EDITORS = [
    (role, name)
    for name in SCREENS
    for role in rights.ROLES
    if rights.may(role, "E", name) and name not in rights.WITHOUT_FORM | rights.NO_EDIT and name != "user"
]


# Whose edit form is never shown: the right is used on other pages or steps. The address refuses them.
CLOSED = {
    ("city", "annualreport"): "accepts or returns it by a step, fills in nothing",
    ("city", "wording"): "prepares a new version, changes none that is there",
    ("city", "standard"): "edits its indicators one by one",
}


FORMS = [pair for pair in EDITORS if pair not in CLOSED]


CREATORS = [
    (role, name)
    for name in SCREENS
    for role in rights.ROLES
    if rights.may(role, "C", name)
    and name not in rights.WITHOUT_FORM
    and name not in ("importbatch", "wording")
]
