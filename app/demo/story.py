"""The story, told through the services in the order in which it happened."""

from __future__ import annotations

from datetime import datetime

from app.demo import accounts, acts, annual, cast, fates, history, registration, rounds, spring
from app.demo.acts import People
from app.demo.registration import ApplicationsOf
from app.demo.season import Season
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.services.accounts import disable_user
from app.services.core import rules
from app.services.core.by import By
from models.accounts.people import User


def tell(now: datetime, password_hash: str) -> None:
    """Seed an empty database. Raises NotAllowed when the rules are not in force in the season, StoryBroken."""
    season = Season(now, rules.Calendar())
    pack = rules.pack()
    first, last = season.on(4, 29).date(), now.date()
    if not (pack.in_force(first) and pack.in_force(last)):
        raise NotAllowed(f"演示数据须在{pack.rules.citation}有效期内装入，且至少经过一个完整的申报年度。")
    before = pack.in_force(season.on(4, 22, year=season.year - 1).date())
    opened = season.on(4, 20, year=season.year - 1) if before else season.on(3, 2)
    admin, crew = _open_accounts(password_hash, opened)
    for key, value in cast.SETTINGS.items():
        acts.set_value(key, value, "演示用联系方式，均为虚构", crew, opened)
    if before:
        history.tell(season, crew)
        annual.tell(season, crew)
    rows = _spring(season, crew, admin, password_hash)
    rounds.first_round(season, crew, rows)
    rounds.second_round(season, crew, rows)
    for account in accounts.EXPERTS:  # last: a story that was told to its end has them
        accounts.open_account(account, password_hash, by=By(admin, season.ago(1)))


def _open_accounts(password_hash: str, now: datetime) -> tuple[Actor, People]:
    by: Actor = Actor.system("demo")
    actors: dict[str, Actor] = {}
    counties = accounts.counties(rules.pack())
    for account in (*accounts.STAFF, *counties):
        actors[account.username] = accounts.open_account(account, password_hash, by=By(by, now))
        by = actors["admin"]
    clerks = {account.area: actors[account.username] for account in counties}
    return by, People(actors["city"], actors["city2"], actors["lead"], clerks)


def _spring(season: Season, crew: People, admin: Actor, password_hash: str) -> ApplicationsOf:
    rows = registration.import_ledger(season, crew)
    registration.verify_institutions(season, crew)
    for evaluator, account in zip(registration.institutions(), accounts.INSTITUTIONS, strict=True):
        crew.evaluators[evaluator.pk] = accounts.open_account(
            account, password_hash, by=By(admin, season.on(4, 29, "14:00")), evaluator_id=evaluator.pk
        )
    crew.unit = accounts.open_account(
        accounts.UNIT,
        password_hash,
        by=By(admin, season.on(4, 29, "14:10")),
        unit_id=rows(fates.UNIT1)[0].unit_id,
    )
    registration.complete_units(season, crew, rows)
    acts.submit_reports(rows(*fates.REPORTED), crew, season.on(4, 30, "09:30"))
    gone = User.objects.named(accounts.FORMER)
    disable_user(gone, by=By(admin, season.on(7, 1)), reason="人员已离开该机构")
    spring.submit_and_recommend(season, crew, rows)
    spring.check_conformity(season, crew, rows)
    return rows
