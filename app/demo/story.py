"""The story, told through the services in the order in which it happened; reading it is reading a year's work."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl

from app.demo import accounts, acts, annual, cast, fates, history
from app.demo.acts import People, StoryBroken
from app.demo.season import Season
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.terms import Defect, Kind, Met, ObjectionState, RowOutcome, Verified
from app.services import desk, filing, ledger, oversight, registry, settings
from app.services.accounts import disable_user
from app.services.core import decisions, rules, workflow
from app.services.core.by import By
from app.services.filing import CheckResult
from models.accounts.people import User
from models.filing.applications import Application
from models.registry.evaluators import Evaluator, Qualification
from models.registry.units import Address, CultivationPlan, Honour, ParkPart, SupplyChainPart, Unit

LEDGER = Path(__file__).parent / "ledger.xlsx"
WRITTEN_FOR = 2026
OPINION = "经综合评价，符合细则规定的条件，无第十条所列情形，同意推荐。"
LATE = "补正后重新推荐，首次提交在规定期限内，同意继续办理。"
PARK_LATE = "园区管委会集中核对入园企业资料，晚两日报送，同意继续办理。"

Rows = Callable[..., list[Application]]


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
    _first_round(season, crew, rows)
    _second_round(season, crew, rows)
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


# --- spring: ledger, institutions, reports, counties ----------------------------------------------------


def _spring(season: Season, crew: People, admin: Actor, password_hash: str) -> Rows:
    rows = _import(season, crew)
    _verify_institutions(season, crew)
    for evaluator, account in zip(_institutions(), accounts.INSTITUTIONS, strict=True):
        crew.evaluators[evaluator.pk] = accounts.open_account(
            account, password_hash, by=By(admin, season.on(4, 29, "14:00")), evaluator_id=evaluator.pk
        )
    crew.unit = accounts.open_account(
        accounts.UNIT,
        password_hash,
        by=By(admin, season.on(4, 29, "14:10")),
        unit_id=rows(fates.UNIT1)[0].unit_id,
    )
    _complete_units(season, crew, rows)
    acts.hand_in(rows(*fates.REPORTED), crew, season.on(4, 30, "09:30"))
    gone = User.objects.named(accounts.FORMER)
    disable_user(gone, by=By(admin, season.on(7, 1)), reason="人员已离开该机构")
    _counties(season, crew, rows)
    _conformity(season, crew, rows)
    return rows


def _import(season: Season, crew: People) -> Rows:
    """The city takes over the ledger: sixty drafts with their units, reports noted and engagements."""
    now = season.on(4, 29, "09:00")
    plan = ledger.preview_ledger(
        _ledger(season.year), "推荐汇总表.xlsx", year=season.year, by=By(crew.city, now)
    )
    if plan.counts[RowOutcome.REFUSED]:
        raise StoryBroken(f"汇总表：{list(plan.refused)}")
    ledger.commit_import(plan.batch, by=By(crew.city, now))
    serial = {row.county_order: row.pk for row in Application.objects(year=season.year).only("county_order")}

    def rows(*numbers: int) -> list[Application]:
        found = {row.pk: row for row in Application.objects(pk__in=[serial[number] for number in numbers])}
        return [found[serial[number]] for number in numbers]

    return rows


def _ledger(year: int) -> bytes:
    """The bundled file, its dates and receipts moved to the season's year."""
    if year == WRITTEN_FOR:
        return LEDGER.read_bytes()
    book = openpyxl.load_workbook(LEDGER)
    head, *body = book.active.iter_rows()
    for cell in (*head, *body[0], *(cell for row in body[2:] for cell in row[-2:])):
        if isinstance(cell.value, str):
            cell.value = cell.value.replace(str(WRITTEN_FOR), str(year), 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _institutions() -> list[Evaluator]:
    found = {evaluator.name: evaluator for evaluator in Evaluator.objects}
    return [found[name] for name in cast.INSTITUTIONS]


def _verify_institutions(season: Season, crew: People) -> None:
    for evaluator in _institutions():
        code, address, legal_person = cast.INSTITUTIONS[evaluator.name]
        proof = Qualification(title="绿色制造第三方评价能力证明材料（虚构）", number=f"演示-{code[-4:]}")
        values = {
            "credit_code": code,
            "address": address,
            "legal_person": legal_person,
            "verified": Verified.CONFIRMED.value,
            "staff_intermediate": 12,
            "staff_senior": 5,
            "qualifications": [proof],
            "services": ["promotion", "advice"],
        }
        oversight.change_evaluator(
            evaluator, values, version=evaluator.version, by=By(crew.city, season.on(4, 29, "11:00"))
        )


def _complete_units(season: Season, crew: People, rows: Rows) -> None:
    """What no ledger says: registered address, legal person, the parts of parks and leaders, who belongs to whom."""
    park, leader = rows(fates.PARK)[0], rows(fates.LEADER)[0]
    suppliers = {row.pk for row in rows(*fates.SUPPLIERS)}
    for place, row in enumerate(rows(*range(1, 61))):
        unit = Unit.objects.get(pk=row.unit_id)
        values = {
            "registered": Address(area=unit.production.area, text=unit.production.text),
            "legal_person": cast.SURNAMES[place % 10] + "某某",
            "ownership": "private",
        }
        plan = CultivationPlan(title=f"{unit.name}绿色工厂培育计划", published_on=season.on(1, 15).date())
        if row.kind == Kind.PARK:
            values["park"] = ParkPart(
                grade="provincial",
                approval="虚构批复〔2019〕1号",
                authority="园区管理机构（虚构）",
                plan=plan,
            )
        if row.kind == Kind.SUPPLY_CHAIN:
            values["supply_chain"] = SupplyChainPart(position="区域产业链主导企业", suppliers=36, plan=plan)
        if row.area == park.area and row.kind == Kind.FACTORY:
            values["park_id"] = park.unit_id
        if row.pk in suppliers:
            values["leader_ids"] = [leader.unit_id]
        if not place % 4:
            values["honours"] = [_honour(place, season)]
        registry.update_unit(
            unit, values, version=unit.version, by=By(crew.county(row), season.on(4, 29, "15:00"))
        )


def _honour(place: int, season: Season) -> Honour:
    """One of those of 第十一条 in turn, for three years; that of the first has run out."""
    held = rules.pack().honours_of(11)
    awarded = season.on(6, 5, year=season.year - (4 if not place else 2)).date()
    return Honour(
        code=held[place // 4 % len(held)].key,
        awarded_on=awarded,
        expires_on=awarded.replace(year=awarded.year + 3),
        document="虚构文号〔示例〕1号",
    )


def _counties(season: Season, crew: People, rows: Rows) -> None:
    """Submission, findings, corrections, recommendation; a park that is two days late."""
    early = (
        *fates.SPRING,
        *fates.AUTUMN,
        *fates.REFUSED,
        *fates.RETURNED_BY_CITY,
        *fates.NOT_RECOMMENDED,
        *fates.WITHDRAWN,
    )
    acts.take(rows(*early), "submit", crew.filer, season.on(4, 30, "16:00"))
    withdrawn = workflow.StepInput(reason="企业正在搬迁厂房，本年度暂不申报。")
    acts.take(rows(*fates.WITHDRAWN), "withdraw", crew.county, season.on(5, 7), withdrawn)
    acts.examine(rows(*(set(early) - set(fates.WITHDRAWN))), crew, season.on(5, 8))
    gap = acts.corrections(
        "评价报告所附能源台账缺少第四季度数据，请补齐后重新提交。",
        Defect.MISSING,
        season.on(5, 12),
        "评价报告",
    )
    acts.take(rows(*fates.AUTUMN), "return", crew.county, season.on(5, 12), gap)
    hit = CheckResult(
        "present", "“信用中国”", season.on(5, 12).date(), season.on(2, 11).date(), note="环境行政处罚"
    )
    acts.examine(rows(*fates.NOT_RECOMMENDED), crew, season.on(5, 12), N2=hit)
    reason = workflow.StepInput(reason="近三年有环境违法行为被行政处罚，属第十条第（二）项情形。")
    acts.take(rows(*fates.NOT_RECOMMENDED), "not_recommend", crew.county, season.on(5, 13), reason)
    sent = rows(*fates.SPRING, *fates.REFUSED, *fates.RETURNED_BY_CITY)
    acts.opine(sent, crew, season.on(5, 14), OPINION)
    in_time = [row for row in acts.fresh(sent) if not acts.is_park(row)]
    acts.recommend(in_time, crew, season.on(5, 18))
    acts.recommend([row for row in acts.fresh(sent) if acts.is_park(row)], crew, season.on(5, 22))


def _conformity(season: Season, crew: People, rows: Rows) -> None:
    """The city checks finding by finding; its lead decides."""
    late = [row for row in rows(*fates.SPRING, *fates.REFUSED, *fates.RETURNED_BY_CITY) if acts.is_park(row)]
    acts.explain_late(late, crew, season.on(5, 26), PARK_LATE)
    acts.confirm_findings(rows(*fates.SPRING), crew, season.on(6, 2))
    refused = rows(*fates.REFUSED)[0]
    unmet = {
        "A7e": CheckResult(
            Met.UNMET.value, "评价报告", season.on(6, 3).date(), note="专项要求两项基本指标未达到"
        )
    }
    filing.record_findings(refused, unmet, version=refused.version, by=By(crew.city, season.on(6, 3)))
    why = "不符合第七条第（二）项：评价报告所列两项基本指标未达到行业专项要求。"
    acts.decide("refuse", acts.fresh([refused]), crew, season.on(6, 9), season.on(6, 10), reason=why)
    acts.decide(
        "confirm", rows(*fates.SPRING), crew, season.on(6, 10), season.on(6, 11), reason="符合性审核通过。"
    )


# --- summer and autumn: two rounds of review and notice -------------------------------------------------


def _first_round(season: Season, crew: People, rows: Rows) -> None:
    """Review in July, notice in August: one objection is rejected, one upheld, the others enter the list."""
    city = acts.by_city(crew)
    chosen, left = rows(*fates.FIRST_ROUND), rows(*fates.NOT_SELECTED)
    acts.take([*chosen, *left], "to_review", city, season.on(7, 13))
    acts.review([*chosen, *left], crew, season.on(7, 21))
    acts.take(acts.fresh(chosen), "shortlist", city, season.on(7, 27))
    below = workflow.StepInput(reason="评审得分靠后，可再生能源利用率有待提高，继续培育。")
    acts.take(acts.fresh(left), "not_select", city, season.on(7, 27), below)
    shown = acts.announce(
        acts.fresh(chosen), crew, season.on(8, 4), season.on(8, 4, "15:30"), season.on(8, 5)
    )
    heard = season.on(8, 6, "14:00")
    objected = acts.raise_objection(
        rows(fates.OBJECTED)[0],
        "反映该企业固体废物台账与实际不符。",
        crew,
        heard,
        question="请到现场核对该企业上年度固体废物台账与转移联单。",
        due=season.on(8, 10),
    )
    objected = acts.report_on(objected, "已到现场核对，台账与转移联单一致。", crew, season.on(8, 7))
    answer = "经县级现场核查，台账与转移联单一致，异议不成立。"
    acts.close(objected, ObjectionState.REJECTED, answer, crew, season.on(8, 10))
    upheld = acts.raise_objection(
        rows(*fates.UPHELD)[0], "反映该企业一条生产线未计入能耗统计边界。", crew, heard
    )
    answer = "经核查，能耗统计边界确有遗漏，影响评价得分，异议成立。"
    acts.close(upheld, ObjectionState.UPHELD, answer, crew, heard.replace(hour=17))
    over = season.after(shown.notice_last_day, 2)
    reason = "能耗统计边界有遗漏，须重新评价后再参加评审。"
    acts.decide("uphold", rows(*fates.UPHELD), crew, over, over.replace(hour=11), reason=reason)
    listed = season.after(shown.notice_last_day, 4)
    acts.enter(rows(*fates.LISTED), crew, listed, listed.replace(hour=16))


def _second_round(season: Season, crew: People, rows: Rows) -> None:
    """Up to now: a notice that is open today, a decision that waits for the lead, something to do for everybody."""
    city = acts.by_city(crew)
    _corrected(season, crew, rows)
    round_two = (*fates.SECOND_ROUND, *fates.HALF_SCORED)
    acts.take(rows(*round_two), "to_review", city, season.ago(17))
    acts.review(rows(*fates.SECOND_ROUND), crew, season.ago(12))
    acts.review(rows(*fates.HALF_SCORED), crew, season.ago(4), both=False)
    for actor in acts.roles(crew):
        desk.mark_messages_read(By(actor, season.ago(9)))
    acts.take(rows(*fates.SECOND_ROUND), "shortlist", city, season.ago(8))
    _at_counties_now(season, crew, rows)
    prepared = season.ago(3, "09:00")
    acts.announce(rows(*fates.NOTICE), crew, prepared, prepared.replace(hour=15), season.ago(2))
    acts.raise_objection(
        rows(fates.OPEN_OBJECTION)[0],
        "反映该企业评价报告中的用水量与水表读数不符。",
        crew,
        season.ago(1, "15:00"),
        question="请核对该企业上年度水费单据与评价报告第3章的用水量。",
        due=season.after(season.now.date(), 3),
    )
    waiting = rows(*fates.AWAITING)
    decisions.prepare(
        "confirm",
        waiting,
        reason="补正材料齐全，符合性审核通过。",
        by=By(crew.city, season.ago(1, "16:00")),
    )
    settings.propose_value(
        "reply_days", 10, "部门反映七个工作日偏紧，拟延长。", by=By(crew.city, season.ago(1, "16:30"))
    )


def _corrected(season: Season, crew: People, rows: Rows) -> None:
    """Returned in May, handed in again late: recommended after the legal date, with the city's reason to go on."""
    again = fates.AUTUMN
    acts.take(rows(*again), "submit", crew.filer, season.ago(30))
    acts.examine(rows(*again), crew, season.ago(28))
    acts.opine(rows(*again), crew, season.ago(27), OPINION)
    acts.recommend(rows(*again), crew, season.ago(26))
    acts.explain_late(rows(*fates.AWAITING), crew, season.ago(20), LATE)
    acts.confirm_findings(rows(*fates.AWAITING), crew, season.ago(18))


def _at_counties_now(season: Season, crew: People, rows: Rows) -> None:
    """In every area something to examine and something that went back."""
    waiting, returned = rows(*fates.AT_COUNTY), rows(*fates.RETURNED)
    acts.take([*waiting, *returned], "submit", crew.filer, season.ago(7))
    unclear = CheckResult("open", "“信用中国”", season.ago(6).date(), note="一条处罚信息待核实是否已结案")
    acts.examine(acts.fresh(waiting), crew, season.ago(6), N2=unclear)
    outdated = acts.corrections("排污许可证已过有效期，请上传新证。", Defect.OUTDATED, season.ago(5))
    acts.take(acts.fresh(returned), "return", crew.county, season.ago(5), outdated)
    wrong = acts.corrections(
        "评价报告的统计边界与排污许可证不一致，请更正。", Defect.WRONG, season.ago(4), "评价报告"
    )
    acts.take(rows(*fates.RETURNED_BY_CITY), "return", acts.by_city(crew), season.ago(4), wrong)
