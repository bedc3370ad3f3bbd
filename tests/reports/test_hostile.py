"""Years that are none, in addresses, forms and workbooks: refused in words, never an error."""

import pytest

from models.reports import AnnualReport
from tests.builders import cases, reports
from tests.builders.reports import BASE

ODD = ("0", "-1", "99999", "9" * 30)


@pytest.mark.parametrize("year", ODD)
@pytest.mark.parametrize(
    "page",
    [f"{BASE}/owing/", f"{BASE}/template/?kind=factory", f"{BASE}/import/", "/admin/importbatch/ledger.xlsx"],
)
def test_in_an_address(county, page, year):
    assert county.get(f"{page}{'&' if '?' in page else '?'}year={year}").status_code == 400


@pytest.mark.parametrize("year", ODD)
def test_in_a_form(county, year):
    unit = reports.listed(cases.AREA)
    data = {"unit_id": str(unit.pk), "kind": "factory", "year": year}
    for page in ("start", "new"):
        answer = county.post(f"{BASE}/{page}/", data, follow_redirects=True)
        assert answer.status_code in (200, 422), page
    assert AnnualReport.objects.count() == (1 if year == "0" else 0)
