"""Letters (10.1) and papers without a head: each fault is caught by its own clause alone."""

import pytest

from tests.documents.spoiling import (
    announcement,
    built,
    faults,
    spoil,
)
from tests.documents.spoilings.letter import spoils

LETTER = "consultation"


@pytest.mark.parametrize("change, name", spoils.cases, ids=spoils.ids)
def test_each_fault_of_a_letter_is_caught_by_its_own_clause_alone(change, name):
    assert faults(spoil(built(LETTER), change)) == {name}


@pytest.mark.parametrize(
    "missing, expected",
    [(("成文日期",), {"成文日期"}), (("成文日期", "发文机关署名"), set())],
    ids=["half", "whole"],
)
def test_a_paper_without_a_head_may_be_signed_and_dated_by_hand_but_not_half(missing, expected):
    def blank(draft):
        for style in missing:
            for each in draft.paragraphs(style):
                each.getparent().remove(each)

    assert faults(spoil(built("public_notice"), blank)) == expected


def test_a_document_told_to_be_a_letter_lacks_what_letters_have():
    assert {"信函红色双线", "信函首页页码"} <= faults(announcement(), kind_family="letter")
