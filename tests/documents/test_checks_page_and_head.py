"""Page, grid, page numbers and head: each fault is caught by its own clause alone."""

import pytest
from lxml import etree

from tests.documents.spoiling import (
    STYLES,
    W,
    announcement,
    drop,
    faults,
    spoil,
)
from tests.documents.spoilings.page_and_head import spoils


@pytest.mark.parametrize("change, name", spoils.cases, ids=spoils.ids)
def test_each_fault_is_caught_by_its_own_clause_alone(change, name):
    assert faults(spoil(announcement(), change)) == {name}


def test_what_other_programs_write_differently_is_no_fault():
    def as_saved_elsewhere(draft):
        for grid in draft.body.iter(f"{W}docGrid"):
            grid.set(f"{W}charSpace", str(2**32 - 849))
        for indent in draft.trees[STYLES].iter(f"{W}ind"):
            for name in ("firstLineChars", "rightChars", "leftChars"):
                indent.attrib.pop(W + name, None)
        for paragraph in draft.paragraphs("附件标识"):
            if paragraph.find(f"{W}pPr/{W}pageBreakBefore") is not None:
                drop(paragraph, "pPr/pageBreakBefore")
                etree.SubElement(paragraph.getprevious(), f"{W}br", {f"{W}type": "page"})

    assert faults(spoil(announcement(), as_saved_elsewhere)) == set()
