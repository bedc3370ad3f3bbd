"""Written by hand from the bureau's rules, not from the program: who may take which step from which stage."""

# action: (stages, roles that take it or prepare it, role that approves)
STEPS = {
    "submit": ({"draft", "returned"}, {"county", "unit"}, None),
    "return": ({"county_review"}, {"county"}, None),
    "return ": ({"city_check"}, {"city"}, None),
    "not_recommend": ({"county_review"}, {"county"}, None),
    "recommend": ({"county_review"}, {"county"}, None),
    "refuse": ({"city_check"}, {"city"}, "city_lead"),
    "confirm": ({"city_check"}, {"city"}, "city_lead"),
    "to_review": ({"cultivated"}, {"city"}, None),
    "shortlist": ({"review"}, {"city"}, None),
    "not_select": ({"review"}, {"city"}, None),
    "announce": ({"shortlisted"}, {"city"}, "city_lead"),
    "uphold": ({"public_notice"}, {"city"}, "city_lead"),
    "uphold_refuse": ({"public_notice"}, {"city"}, "city_lead"),
    "list": ({"public_notice"}, {"city"}, "city_lead"),
    "take_off": ({"shortlisted", "public_notice"}, {"city"}, "city_lead"),
    "take_off_refuse": ({"shortlisted", "public_notice"}, {"city"}, "city_lead"),
    "cancel": ({"cultivated"}, {"city"}, "city_lead"),
    "resume": ({"withdrawn"}, {"county", "unit"}, None),
    "lapse": ({"cultivated"}, {"system"}, None),
    "undo_confirm": ({"cultivated"}, {"system"}, None),
    "undo_announce": ({"public_notice"}, {"system"}, None),
    "undo_list": ({"listed"}, {"system"}, None),
    "withdraw": (
        {"returned", "county_review", "city_check", "cultivated", "review", "shortlisted"},
        {"county", "unit"},
        None,
    ),
}


def allowed(action: str, stage: str, role: str) -> bool:
    return any(
        stage in stages and role in roles
        for name, (stages, roles, _) in STEPS.items()
        if name.strip() == action
    )


def approver(action: str) -> str | None:
    return next(who for name, (_, _, who) in STEPS.items() if name.strip() == action)
