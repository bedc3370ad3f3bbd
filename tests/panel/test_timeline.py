"""The history on a record's page says names, not keys, and only those that the reader may read."""

from app.services.core.by import By
from app.services.registry import units
from models.registry.units import Unit
from tests.builders import cases
from tests.builders.screens import Browser
from tests.builders.world import NOW, OURS


def history(browser: Browser, unit: Unit) -> str:
    return browser.get(f"/admin/unit/details/?id={unit.pk}").text.partition("办理过程")[2]


def test_what_was_chosen_is_named_to_who_may_read_it(browser, world):
    unit, foreign = cases.unit(OURS, name="云城入园有限公司"), world.theirs.unit
    chosen = {"park_id": world.ours.unit.pk, "leader_ids": [foreign.pk]}
    units.update_unit(unit, chosen, version=unit.version, by=By(cases.CITY, NOW))
    for_city, for_county = history(browser("city"), unit), history(browser("county"), unit)
    assert world.ours.unit.name in for_city and foreign.name in for_city
    assert world.ours.unit.name in for_county and foreign.name not in for_county
    for text in (for_city, for_county):
        said = text.partition("所属供应链主导企业")[2][:300]
        assert said and str(foreign.pk) not in said
    unit.delete()
