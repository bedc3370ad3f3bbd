"""Imprint, colours and what a file may carry: each fault is caught by its own clause alone."""

import pytest

from tests.documents.spoiling import (
    announcement,
    faults,
    spoil,
)
from tests.documents.spoilings.imprint_and_file import spoils


@pytest.mark.parametrize("change, name", spoils.cases, ids=spoils.ids)
def test_each_fault_is_caught_by_its_own_clause_alone(change, name):
    assert faults(spoil(announcement(), change)) == {name}
