"""Every cell that an import took can be read back."""

import io

import openpyxl
import pytest

from app.exchange import tables
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core.by import By
from app.services.ledger import batches, export
from models.registry.units import Unit
from tests.builders.ledger import NOW, imported


def cells(data, header):
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    return rows[header - 1], [row for row in rows[header:] if isinstance(row[0], int)]


def test_each_of_the_cells_comes_back(city, sample):
    imported(sample, city)
    rows = export.ledger_rows(By(city, NOW), 2026)
    file = b"".join(
        tables.xlsx_stream(
            export.LEDGER_HEADERS, rows, sheet="汇总表", created=NOW, text_columns=export.TEXT_COLUMNS
        )
    )
    headings, wanted = cells(sample, 3)
    assert headings == export.LEDGER_HEADERS
    _, found = cells(file, 1)
    assert len(found) == 60 and len(found[0]) == 20
    for was, now in zip(wanted, found, strict=True):
        assert dict(zip(headings, now, strict=True)) == dict(zip(headings, was, strict=True))


def test_the_export_can_be_imported_and_changes_nothing(city, sample):
    imported(sample, city)
    rows = export.ledger_rows(By(city, NOW), 2026)
    file = b"".join(
        tables.xlsx_stream(
            export.LEDGER_HEADERS, rows, sheet="汇总表", created=NOW, text_columns=export.TEXT_COLUMNS
        )
    )
    assert batches.examine_ledger(file, year=2026, by=By(city, NOW)).counts["same"] == 60


def test_a_county_exports_its_own_rows(city, county, sample):
    imported(sample, city)
    found = list(export.ledger_rows(By(county("445381"), NOW), 2026))
    assert found and {row[1] for row in found} == {"罗定市"}
    assert list(export.ledger_rows(By(city, NOW), 2025)) == []


def test_an_expert_exports_nothing():
    with pytest.raises(NotAllowed):
        export.ledger_rows(By(Actor("expert", "专家", Role.EXPERT), NOW), 2026)


def test_a_corrected_industry_is_shown_by_the_table(city, sample):
    imported(sample, city)
    Unit.objects(industries="3612").update(set__industries=["3382"])
    found = {row[3]: row[5] for row in export.ledger_rows(By(city, NOW), 2026)}
    assert found["云浮市嘉岑宇新能源汽车有限公司"] == "金属制餐具和器皿制造（3382）"
