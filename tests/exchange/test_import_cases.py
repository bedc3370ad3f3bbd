"""Every file of tests/data/import_cases becomes what its table says: nothing silently different."""

from decimal import Decimal

import pytest

from app import cli_ledger
from app.exchange.columns import FIELDS
from app.exchange.errors import ExchangeError
from tests.builders.workbooks import AREAS, DATA, read
from tests.tables.import_cases import CASES, OTHER_FORMATS, Case

FOLDER = DATA / "import_cases"
NAMES = {code: name for name, code in AREAS.items()}


def shown(row):
    """The values of a row by their official headings, as the command line prints them."""
    return {field.label: cli_ledger.plain_value(getattr(row, field.name), NAMES) for field in FIELDS}


def test_every_file_has_its_expectation():
    assert {path.name for path in FOLDER.iterdir()} == set(CASES) | OTHER_FORMATS
    assert len(CASES) + len(OTHER_FORMATS) == 96 and not set(CASES) & OTHER_FORMATS


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_file(name: str, case: Case):
    if case.whole:
        with pytest.raises(ExchangeError, match=case.whole):
            read(FOLDER / name)
        return
    found = read(FOLDER / name)
    assert [question.key for question in found.questions] == ([case.question] if case.question else [])
    assert tuple(row.row for row in found.rows) == case.rows
    rows = {row.row: shown(row) for row in found.rows}
    for row, values in case.values.items():
        assert {heading: rows[row][heading] for heading in values} == values
    reasons = {refusal.row: refusal.why for refusal in found.refused}
    assert set(reasons) == set(case.refused)
    assert all(words in reasons[row] for row, words in case.refused.items())
    assert set(case.remarked) <= {remark.row for remark in found.normalised}
    assert set(case.skipped) <= {skipped.row for skipped in found.skipped}
    whys = {column.heading: column.why for column in found.columns}
    assert all(words in whys[heading] for heading, words in case.columns.items())


@pytest.mark.parametrize("name", sorted(OTHER_FORMATS))
def test_other_format_is_never_read_as_something_else(name):
    try:
        found = read(FOLDER / name)
    except ExchangeError as refusal:
        assert str(refusal).endswith("。")
        return
    assert all(row.output_value == Decimal("1200.5") and row.energy == 350 for row in found.rows)
    assert all(row.credit_code.startswith("91445302MA9T000") for row in found.rows)


def test_unit_that_cannot_be_converted_is_left_out_only_when_the_sender_says_so():
    found = read(FOLDER / "unit-dollar.xlsx", answers={"unit:output_value": "不导入"})
    assert [(row.output_value, row.energy) for row in found.rows] == [(None, 350)]
    assert {column.heading: "万美元" in column.why for column in found.columns}["上年产值（万美元）"]
