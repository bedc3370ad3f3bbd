"""What a county could learn of another's units by importing."""

from models.accounts.people import User
from models.ledger import ImportBatch
from models.registry.units import Unit
from tests.builders import ledger
from tests.builders.ledger import previewed

OURS, THEIRS = ledger.AREAS[0], ledger.AREAS[1]


def test_a_guessed_name_is_not_confirmed_by_a_link(signed_in):
    city, county = signed_in("city"), signed_in("county", area=OURS.code)
    city.post(previewed(city, ledger.workbook([ledger.row(1)])), {"confirm": "1"})
    foreign = Unit.objects.get(area=THEIRS.code)
    guess = ledger.row(0, 单位名称=foreign.name, 得分=500)  # refused, but for its score
    own = ledger.row(6)
    done = county.post(
        previewed(county, ledger.workbook([guess, own])), {"confirm": "1"}, follow_redirects=True
    )
    ours = Unit.objects.get(area=OURS.code, credit_code=ledger.credit_code(6))
    assert str(ours.pk) in done.text and str(foreign.pk) not in done.text


def test_who_has_moved_to_another_county_leaves_his_imports_there(signed_in):
    county = signed_in("county", area=OURS.code)
    address = previewed(county, ledger.workbook([ledger.row(0)]))
    assert county.post(address, {"confirm": "1"}).status_code == 302
    batch = ImportBatch.objects.get()
    User.objects(role="county").update(set__area=THEIRS.code)
    for page in ("details", "preview", "errors.xlsx"):
        assert (
            county.get(f"/admin/importbatch/{page}{'' if '.' in page else '/'}?id={batch.pk}").status_code
            == 404
        )
    assert county.post(f"/admin/importbatch/undo/?id={batch.pk}", {}).status_code == 404
    assert Unit.objects.count() == 1 and batch.filename not in county.get("/admin/importbatch/").text
