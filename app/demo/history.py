"""The year before: six factories apply, five enter the list, one is still being cultivated."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from app.demo import acts, cast
from app.demo.acts import People
from app.demo.season import Season
from app.policy.terms import Kind
from app.services import filing, registry
from app.services.core import workflow
from app.services.core.by import By
from models.filing.applications import Application
from models.registry.units import Address, FactoryPart, Unit


def tell(season: Season, people: People) -> None:
    """Play the year before, from registration in April to the list in September."""
    year = season.year - 1

    def on(month: int, day: int, clock: str = "10:00") -> datetime:
        return season.on(month, day, clock, year=year)

    rows = [
        _file(former, place, year, people, on(4, 22)) for place, former in enumerate(cast.FORMER, start=1)
    ]
    acts.submit_reports(rows, people, on(4, 25))
    acts.take_step(acts.reload(rows), "submit", people.county, on(4, 28))
    acts.record_findings(acts.reload(rows), people, on(5, 8))
    acts.write_county_opinion(
        acts.reload(rows), people, on(5, 9), "符合细则第七条规定，无第十条所列情形，同意推荐。"
    )
    acts.recommend(acts.reload(rows), people, on(5, 15))
    acts.confirm_findings(acts.reload(rows), people, on(5, 27))
    acts.decide("confirm", acts.reload(rows), people, on(6, 4), on(6, 5))
    acts.take_step(acts.reload(rows), "to_review", acts.city_for(people), on(8, 12))
    acts.score(rows, people, on(8, 20))
    *chosen, left = acts.reload(rows)
    acts.take_step(chosen, "shortlist", acts.city_for(people), on(8, 27))
    reason = workflow.StepInput(reason="能源消耗强度与同类先进水平仍有差距，建议继续培育。")
    acts.take_step([left], "not_select", acts.city_for(people), on(8, 27), reason)
    announced = acts.announce(acts.reload(chosen), people, on(9, 8), on(9, 8, "15:00"), on(9, 9))
    over = season.after(announced.notice_last_day, 2)
    acts.publish_list(acts.reload(chosen), people, over, over.replace(hour=16))


def _file(former: cast.Former, place: int, year: int, people: People, now: datetime) -> Application:
    county = people.counties[former.area]
    here = Address(
        area=former.area if former.area.isdecimal() else "445302", text=f"广东省云浮市{former.place}"
    )
    values = {
        "credit_code": former.code,
        "name": former.name,
        "area": former.area,
        "kinds": [Kind.FACTORY.value],
        "registered": here,
        "production": here,
        "industries": [former.industry],
        "ownership": "private",
        "factory": FactoryPart(employees=160 + 40 * place, key_energy_user=place == 1),
    }
    unit: Unit = registry.register_unit(values, by=By(county, now))
    values = {
        "unit_id": unit.pk,
        "kind": Kind.FACTORY.value,
        "year": year,
        "platform_receipt": f"GM{year}6000000{place}",
        "submitted_on": now.date(),
    }
    application = filing.open_draft(values, by=By(county, now))
    application.score = Decimal(former.score)  # for the report that is about to be made; the report owns it
    return application
