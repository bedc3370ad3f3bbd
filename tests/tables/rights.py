"""Written by hand from the bureau's table of rights, not from the program: who may do what with which rows.

R read, C create, E edit, X export, A approve or sign, N note, D statement, V verify. "-" is nothing at all.
"""

ROLES = ("county", "city", "city_lead", "evaluator", "unit", "expert", "admin", "auditor")

# resource: one cell a role, in the order of ROLES
RIGHTS = {
    resource: dict(zip(ROLES, cells.split(), strict=True))
    for resource, cells in {
        #                   county  city   lead  eval. unit expert admin auditor
        "unit": "RCEX   RCEX   RX    R     RE   -      -     -",
        "engagement": "RCEX   RCEX   RX    R     R    -      -     -",
        "application": "RCEX   REX    RX    R     RCE  -      -     -",  # city: C by import only
        "countylist": "RCEX   RCEX   RX    -     R    -      -     -",
        "guidance": "RCEX   RCEX   RX    -     R    -      -     -",
        "evaluation": "RCEX   RX     RX    RCE   RCE  R      -     -",
        "decision": "R      RCE    RA    -     -    -      -     -",
        "review": "-      RCEX   RX    -     -    RE     -     -",
        "publicnotice": "R      RCEX   RXA   R     R    -      -     -",
        "listing": "R      RCEX   RXA   R     R    -      -     -",
        "year": "R      RCEX   RXA   R     R    -      -     -",
        "objection": "RN     RCEX   RXA   -     -    -      -     -",  # county: what was handed to it
        "consultation": "R      RCEX   RXA   -     -    -      -     -",
        "nomination": "R      RCEX   RXA   -     -    -      -     -",
        "annualreport": "RCEX   REX    RXA   -     RCE  -      -     -",
        "change": "RCEX   REX    RXA   -     RCE  -      -     -",
        "reminderentry": "RN     RXN    RX    -     R    -      -     -",
        "spotcheck": "RCEX   RCEX   RX    -     R    -      -     -",
        "rectification": "RCEX   RCEX   RX    -     RE   -      -     -",
        "incident": "RCEX   RCEX   RX    -     RC   -      -     -",
        "removal": "RC     RCEX   RXA   -     RD   -      -     -",
        "tip": "-      R      RA    -     -    -      -     -",
        "paper": "RC     RCEX   RXA   -     R    -      -     -",
        "paperbatch": "-      RCEX   RXA   -     -    -      -     -",
        "number": "RC     RCEX   RXA   -     R    -      -     -",
        "evaluator": "R      RCEX   RX    RE    R    -      -     -",
        "supportmeasure": "RCEX   RCEX   RX    -     R    -      -     -",
        "standard": "R      RCE    RA    R     R    R      R     -",
        "wording": "R      RCE    RA    R     R    R      R     -",  # approved ones; city and lead: all
        "customfield": "R      RCE    RA    R     R    R      R     -",
        "reason": "R      RCE    RA    R     R    R      R     -",
        "holiday": "R      RCE    RA    R     R    R      R     -",
        "setting": "R      RCE    RA    R     R    R      R     -",
        "proposal": "R      RCE    RA    R     R    R      R     -",  # approved ones; city and lead: all
        "rule": "R      R      R     R     R    R      R     -",
        "importbatch": "RCE    RCE    R     -     -    -      -     -",
        "savedview": "RCE    RCE    RCE   RCE   RCE  RCE    -     -",
        "notice": "RE     RE     RE    RE    RE   RE     -     -",
        "user": "-      -      -     -     -    -      RCE   -",
        "jobrun": "-      -      -     -     -    -      RCE   -",
        "backup": "-      -      -     -     -    -      RCE   -",
        "auditentry": "-      -      -     -     -    -      -     RV",
    }.items()
}

# Rows that come from other records, never from an empty form: the right is used on the record they are about.
WITHOUT_FORM = {
    "decision",
    "publicnotice",
    "listing",
    "objection",
    "paper",
    "number",
    "paperbatch",
    "countylist",
    "auditentry",
    "jobrun",
    "backup",
    "holiday",  # days are proposed, a notice at a time
    "proposal",
}

# Made on a page, but nothing of them is edited afterwards.
NO_EDIT = {"importbatch"}

# Made on pages of their own, by one role only.
MADE_BY = {
    ("paper", "/new/"): "city",
    ("countylist", "/new/"): "county",
    ("holiday", "/new/"): "city",
    ("number", "/reserve/"): "city",
    ("number", "/carry/"): "city",
}

# Routes that ask for no account.
PUBLIC = {
    "/",
    "/notices/<notice_id>",
    "/verify",
    "/verify/",
    "/verify/<code>",
    "/login",
    "/second-factor",
    "/logout",
    "/healthz",
    "/readyz",
    "/static/<path:filename>",
    "/admin/static/<path:filename>",
}

# Routes for whoever is signed in; what they show is scoped row by row.
SIGNED_IN = {
    "/password",
    "/preferences",
    "/files/<attachment_id>",
    "/admin/",
    "/admin/search/",
    "/admin/messages/read/",
}

# Parts of the workbench, each a page too: what it needs of which resource.
WORKBENCH = {"/admin/figures/": ("X", "application"), "/admin/trends/": ("X", "annualreport")}

# The rest of an address below /admin/<resource>: what it needs, and whether it asks for one record by ?id= or by form.
NEEDS = {
    "/": ("R", None),
    "/new/": ("C", None),
    "/details/": ("R", "query"),
    "/edit/": ("E", "query"),
    "/delete/": ("", None),  # nobody deletes on a screen
    "/export/<export_type>/": ("X", None),
    "/ajax/lookup/": ("R", "lookup"),
    "/views/": ("R", None),  # one's own named views of the list; administrators and auditors keep none
    "/action/": ("R", "rows"),
    "/step/": ("R", "form"),
    "/result/": ("R", None),  # one's own results of batches, whatever the record
    "/findings/": ("E", "query"),
    "/draft/": ("R", "query"),
    "/checks/": ("R", "query"),
    "/reword/": ("E", "query"),
    "/reserve/": ("C", None),
    "/carry/": ("C", None),
    "/letters.zip": ("X", "query"),
    "/letters.docx": ("X", "query"),
    "/evidence.zip": ("X", "query"),
    "/skeleton.docx": ("C", "query"),
    "/specimen/": ("R", "query"),
    "/annex/": ("R", "query"),
    "/control/": ("E", "form"),
    "/map/": ("C", "query"),
    "/preview/": ("C", "query"),
    "/undo/": ("C", "form"),
    "/errors.xlsx": ("R", "query"),
    "/ledger.xlsx": ("R", None),
    "/template.xlsx": ("C", None),
    "/owing/": ("R", None),
    "/trend/": ("R", None),
    "/figures/": ("X", None),
    "/start/": ("C", None),
    "/template/": ("C", None),
    "/import/": ("C", None),
    "/import/preview/": ("C", None),
    "/derive/": ("E", "form"),
    "/doubts/": ("E", "query"),
    "/cells/": ("R", "query"),
    "/cell/": ("E", "query"),
    "/cell/act/": ("E", "form"),
    "/relation/": ("E", "query"),
}

# Pages of a screen that ask for no record, or for one that a form on them names.
PAGES = {
    "/views/",
    "/result/",
    "/owing/",
    "/trend/",
    "/figures/",
    "/start/",
    "/template/",
    "/import/",
    "/import/preview/",
}

# Where the same address means something else on one screen.
ONE_SCREEN = {("standard", "/preview/"): ("R", "query")}


def need(resource: str, rest: str) -> tuple[str, str | None]:
    """What this address of this resource needs; KeyError where nobody wrote it down."""
    return ONE_SCREEN.get((resource, rest)) or NEEDS[rest]


def may(role: str, letter: str, resource: str) -> bool:
    """Whether the table above lists it."""
    return bool(letter) and letter in RIGHTS[resource][role]
