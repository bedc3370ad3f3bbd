"""Lists of all levels, public notices and objections raised during them (articles 15 to 17)."""

from app.services.lists.certificates import certificate_offers, draft_certificate
from app.services.lists.conclusions import propose_conclusion, return_conclusion, settle_objection
from app.services.lists.entries import enter_in_list, levels_in_force
from app.services.lists.inquiries import answer_inquiry, hand_over_objection
from app.services.lists.listing import enter_announced_units, listing_inputs
from app.services.lists.notices import notice_inputs, notice_period, open_notice, stated_period
from app.services.lists.objections import (
    matter_visible_to,
    objection_offers,
    register_objection,
    unmask_objector,
)
from app.services.lists.published import (
    PublishedNotice,
    find_published_notice,
    published_entries,
    published_notices,
    published_revocations,
    published_years,
)
from app.services.lists.succession import name_later_paper, withdraw_revoked

__all__ = [
    "PublishedNotice",
    "answer_inquiry",
    "certificate_offers",
    "draft_certificate",
    "enter_announced_units",
    "enter_in_list",
    "find_published_notice",
    "hand_over_objection",
    "levels_in_force",
    "listing_inputs",
    "matter_visible_to",
    "name_later_paper",
    "notice_inputs",
    "notice_period",
    "objection_offers",
    "open_notice",
    "propose_conclusion",
    "published_entries",
    "published_notices",
    "published_revocations",
    "published_years",
    "register_objection",
    "return_conclusion",
    "settle_objection",
    "stated_period",
    "unmask_objector",
    "withdraw_revoked",
]
