"""What an import makes of the records, and that it does so as a whole or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.exchange import refused_rows
from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import FileState, Role, RowOutcome, Stage, Verified
from app.services.core import files, records
from app.services.core.by import By
from app.services.ledger import batches, planner, undo
from app.services.ledger import execution as ledger_run
from models.audit import AuditEntry
from models.database import transact
from models.files import Attachment
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.ledger import ImportBatch, ImportLine
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit
from tests.builders import ledger
from tests.builders.ledger import NOW, imported

BUSINESS = (Unit, Application, Evaluation, Engagement, Evaluator)


def everything():
    """All business records as stored."""
    return {m.__name__: {r["_id"]: r for r in m._get_collection().find()} for m in BUSINESS}


def test_city_takes_all_sixty_rows(city, sample):
    plan, batch = imported(sample, city)
    assert plan.counts == {"new": 60, "changed": 0, "same": 0, "refused": 0}
    assert batch.state == "committed" and batch.committed_at == NOW
    assert (Unit.objects.count(), Application.objects.count(), Evaluation.objects.count()) == (60, 60, 60)
    assert {one.stage for one in Application.objects} == {Stage.DRAFT.value}
    assert {one.verified for one in Evaluator.objects} == {Verified.PENDING.value}
    third = Evaluation.objects(mode="third_party")
    assert Engagement.objects.count() == third.count() > 0
    assert all(one.findings == [] for one in Application.objects), "what the ledger states is no finding"
    assert all(one.registered is None for one in Unit.objects), "the registered address is in no ledger"
    assert Attachment.objects.get().state == FileState.FINAL.value


def test_every_record_has_its_history_line(city, sample):
    imported(sample, city)
    for model in BUSINESS:
        named = AuditEntry.objects(subject_type=model.__name__, verb="create", source="import", who="city")
        assert {row.subject_id for row in named} == {str(one.pk) for one in model.objects}
    assert AuditEntry.objects(verb="import", subject_type="ImportBatch").count() == 1


def test_stored_as_the_models_would_store_it(city, sample):
    imported(sample, city)
    for model in BUSINESS:
        for stored in model._get_collection().find():
            document = model._from_son(stored)
            document.validate(clean=True)
            assert document.to_mongo().to_dict() == {
                k: document.to_mongo().get(k, v) for k, v in stored.items()
            }
            for name in ("terms", "search_text"):
                assert getattr(document, name, None) == stored.get(name), name
    labels = {
        (row.subject_type, row.subject_id): row.subject_label for row in AuditEntry.objects(verb="create")
    }
    for model in (*BUSINESS, Attachment):
        for one in model.objects:
            assert labels.get((model.__name__, str(one.pk)), str(one)) == str(one)


def test_the_same_file_twice_changes_nothing(city, sample):
    imported(sample, city)
    before, lines = everything(), AuditEntry.objects(subject_type__in=[m.__name__ for m in BUSINESS]).count()
    plan, _ = imported(sample, city)
    assert plan.counts == {"new": 0, "changed": 0, "same": 60, "refused": 0}
    assert everything() == before
    assert AuditEntry.objects(subject_type__in=[m.__name__ for m in BUSINESS]).count() == lines


@pytest.mark.parametrize("area", [one.code for one in ledger.AREAS])
def test_a_county_gets_its_own_rows(county, sample, area):
    plan, _ = imported(sample, county(area))
    own = [row for row in plan.ledger.rows if row.area == area]
    assert plan.counts == {"new": len(own), "changed": 0, "same": 0, "refused": 60 - len(own)} and own
    assert {why for _, _, why in plan.refused} == {"不属于本地区。"}
    assert {one.area for one in Unit.objects} == {area}
    assert {row.name for row in plan.rows if row.outcome is RowOutcome.REFUSED} == {""}, (
        "nothing is said of others"
    )


def test_the_faulty_ledger(city, faulty):
    plan, _ = imported(faulty, city)
    assert {row for row, _, _ in plan.refused} == {7, 21, 35, 70, 77, 94}
    assert {row for row, *_ in plan.normalised} | set(plan.late) == {14, 28, 42, 49, 56, 63, 84}
    assert plan.late == [56]
    assert plan.counts["new"] == 85 == Application.objects.count()


def test_changes_are_shown_and_written(city):
    imported(ledger.workbook([ledger.row(0), ledger.row(1)]), city)
    plan, _ = imported(ledger.workbook([ledger.row(0, 得分=91.5, 主要产品="石材"), ledger.row(1)]), city)
    assert plan.counts == {"new": 0, "changed": 1, "same": 1, "refused": 0}
    assert set(plan.rows[0].differences) == {("主要产品", "人造石英石板材", "石材"), ("得分", "70", "91.5")}
    unit = Unit.objects.get(credit_code=ledger.credit_code(0))
    application = Application.objects.get(unit_id=unit.pk)
    assert (unit.products, unit.version, str(application.score)) == ("石材", 2, "91.5")
    assert Evaluation.objects.get(unit_id=unit.pk).score == application.score
    assert Unit.objects.get(credit_code=ledger.credit_code(1)).version == 1


def test_the_serial_number_is_the_county_order(city):
    imported(
        ledger.workbook([ledger.row(0, 序号=7), ledger.row(1, 序号=None), ledger.row(2, 序号="三")]), city
    )
    assert {one.credit_code: one.county_order for one in Application.objects} == {
        ledger.credit_code(0): 7,
        ledger.credit_code(1): 2,
        ledger.credit_code(2): 3,
    }


def test_an_empty_cell_states_nothing(city):
    imported(ledger.workbook([ledger.row(0)]), city)
    plan, _ = imported(ledger.workbook([ledger.row(0, 主要产品=None, 联系电话=None)]), city)
    assert plan.counts["same"] == 1
    assert Unit.objects.get().products == "人造石英石板材"


def test_another_contact_does_not_inherit_title_and_mail(city):
    imported(ledger.workbook([ledger.row(0)]), city)
    Unit.objects.update(set__contacts__0__email="old@example.com")
    imported(ledger.workbook([ledger.row(0, 联系人="区嘉怡")]), city)
    contact = Unit.objects.get().contacts[0]
    assert (contact.name, contact.email) == ("区嘉怡", None)


def test_one_unit_of_two_kinds(city):
    both = [ledger.row(0), ledger.row(0, 类别="绿色供应链管理企业", 序号=2)]
    plan, _ = imported(ledger.workbook(both), city)
    assert plan.counts["new"] == 2
    assert Unit.objects.get().kinds == ["factory", "supply_chain"]
    assert imported(ledger.workbook(both), city)[0].counts["same"] == 2


def test_two_rows_of_one_unit_must_agree(city):
    rows = [ledger.row(0), ledger.row(0, 类别="绿色供应链管理企业", 联系人="区嘉怡")]
    plan, _ = imported(ledger.workbook(rows), city)
    assert plan.counts["new"] == plan.counts["refused"] == 1
    assert "与第2行是同一单位，但联系人不一致" in next(plan.refused)[2]


def test_beyond_draft_nothing_is_changed(city):
    imported(ledger.workbook([ledger.row(0), ledger.row(1)]), city)
    Application.objects.update(set__stage=Stage.COUNTY_REVIEW.value)
    before = everything()
    plan, _ = imported(ledger.workbook([ledger.row(0, 得分=99), ledger.row(1)]), city)
    assert plan.counts == {"new": 0, "changed": 0, "same": 1, "refused": 1}
    assert "已进入“县级综合评价”环节，不能由导入修改（得分：70 → 99）" in next(plan.refused)[2]
    assert everything() == before


def test_a_report_that_was_handed_in_stays(city):
    imported(ledger.workbook([ledger.row(0)]), city)
    Evaluation.objects.update(set__submitted_at=NOW)
    plan = batches.examine_ledger(ledger.workbook([ledger.row(0, 得分=99)]), year=2026, by=By(city, NOW))
    assert "评价报告已提交" in next(plan.refused)[2]


def test_a_unit_of_another_county_is_not_described(city, county):
    imported(ledger.workbook([ledger.row(0)]), city)
    other = ledger.row(0, **{"县（市、区）": "新兴县", "得分": 99})
    plan = batches.examine_ledger(ledger.workbook([other]), year=2026, by=By(county("445321"), NOW))
    assert list(plan.refused) == [(2, "县（市、区）", "不属于本地区。")]
    assert (
        "登记在云城区"
        in next(batches.examine_ledger(ledger.workbook([other]), year=2026, by=By(city, NOW)).refused)[2]
    )


def test_a_new_name_on_drafts_is_followed_and_kept_as_former(city):
    imported(ledger.workbook([ledger.row(0)]), city)
    old = Unit.objects.get().name
    imported(ledger.workbook([ledger.row(0, 单位名称="云浮市新名制品有限公司")]), city)
    unit, application = Unit.objects.get(), Application.objects.get()
    assert unit.names() == ["云浮市新名制品有限公司", old]
    assert (application.unit_name, application.former_names) == (unit.name, [old])
    assert Evaluation.objects.get().unit_name == Engagement.objects.get().unit_name == unit.name


def test_a_new_name_elsewhere_is_a_change_of_article_20(city):
    imported(ledger.workbook([ledger.row(0)]), city)
    Application.objects.update(set__year=2025, set__stage=Stage.CULTIVATED.value)
    plan = batches.examine_ledger(
        ledger.workbook([ledger.row(0, 单位名称="云浮市新名制品有限公司")]), year=2026, by=By(city, NOW)
    )
    assert "细则第二十条" in next(plan.refused)[2]
    plan = batches.examine_ledger(ledger.workbook([ledger.row(0)]), year=2026, by=By(city, NOW))
    assert "2025年度申报的绿色工厂仍在培育" in next(plan.refused)[2]


def test_texts_longer_than_their_field_are_refused(city):
    plan = batches.examine_ledger(
        ledger.workbook([ledger.row(0, 主要产品="石" * 301)]), year=2026, by=By(city, NOW)
    )
    assert list(plan.refused) == [(2, "主要产品", "内容有301字，超过300字；请精简。")]


def test_a_change_after_the_preview_stops_the_commit(city):
    imported(ledger.workbook([ledger.row(0), ledger.row(1)]), city)
    plan = batches.preview_ledger(
        ledger.workbook([ledger.row(0, 得分=91), ledger.row(1), ledger.row(2)]),
        "a.xlsx",
        year=2026,
        by=By(city, NOW),
    )
    unit = Unit.objects.get(credit_code=ledger.credit_code(0))
    records.update(unit, {"products": "别的"}, version=unit.version, by=By(city, NOW))
    before = everything()
    with pytest.raises(Conflict):
        batches.commit_import(plan.batch, by=By(city, NOW))
    assert everything() == before
    assert ImportBatch.objects.get(pk=plan.batch.pk).state == "previewed"


def test_changed_bytes_are_not_imported(city, owner):
    plan = batches.preview_ledger(ledger.workbook([ledger.row(0)]), "a.xlsx", year=2026, by=By(city, NOW))
    chunks = owner["greenladder"]["files.chunks"]
    chunks.update_one({}, {"$set": {"data": chunks.find_one()["data"] + b" "}})
    with pytest.raises(NotAllowed):
        batches.commit_import(plan.batch, by=By(city, NOW))
    assert Application.objects.count() == 0


def test_only_who_previewed_commits(city, county):
    plan = batches.preview_ledger(
        ledger.workbook([ledger.row(0)]), "a.xlsx", year=2026, by=By(county("445302"), NOW)
    )
    for other in (city, county("445302", "county-other")):
        with pytest.raises(NotAllowed):
            batches.commit_import(plan.batch, by=By(other, NOW))


def in_parallel(*works):
    failures = []

    def run(work):
        try:
            work()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_two_commits_at_once_have_one_effect(city, sample):
    plan = batches.preview_ledger(sample, "a.xlsx", year=2026, by=By(city, NOW))
    failures = in_parallel(*[lambda: batches.commit_import(plan.batch, by=By(city, NOW))] * 4)
    assert [type(one) for one in failures] == [Conflict] * 3
    assert Application.objects.count() == 60 == AuditEntry.objects(subject_type="Application").count()


def test_two_batches_of_one_file_at_once_have_one_effect(city, sample):
    plans = [batches.preview_ledger(sample, "a.xlsx", year=2026, by=By(city, NOW)) for _ in range(2)]
    failures = in_parallel(*[lambda p=p: batches.commit_import(p.batch, by=By(city, NOW)) for p in plans])
    assert [type(one) for one in failures] == [Conflict]
    assert Application.objects.count() == 60 == AuditEntry.objects(subject_type="Application").count()


# --- taking back ------------------------------------------------------------------------------------------


def test_undo_restores_everything(city, sample):
    imported(ledger.workbook([ledger.row(n) for n in range(3)]), city)
    before = everything()
    _, batch = imported(ledger.workbook([ledger.row(n, 得分=99, 联系人="区嘉怡") for n in range(6)]), city)
    assert batches.undo_import(batch, by=By(city, NOW)).state == "undone"
    after = everything()
    written = ("version", "updated_at", "updated_by")
    for name, found in before.items():
        assert {k: {f: v for f, v in r.items() if f not in written} for k, r in after[name].items()} == {
            k: {f: v for f, v in r.items() if f not in written} for k, r in found.items()
        }
    with pytest.raises(Conflict):
        batches.undo_import(batch, by=By(city, NOW))


def test_undo_of_a_unit_in_two_rows(city):
    imported(ledger.workbook([ledger.row(0)]), city)
    both = [ledger.row(0, 主要产品="石材"), ledger.row(0, 类别="绿色供应链管理企业", 主要产品="石材")]
    _, batch = imported(ledger.workbook(both), city)
    batches.undo_import(batch, by=By(city, NOW))
    unit = Unit.objects.get()
    assert (unit.kinds, unit.products, Application.objects.count()) == (["factory"], "人造石英石板材", 1)


def test_undo_names_what_was_changed_since(city):
    _, batch = imported(ledger.workbook([ledger.row(0), ledger.row(1)]), city)
    unit = Unit.objects.get(credit_code=ledger.credit_code(1))
    records.update(unit, {"products": "别的"}, version=unit.version, by=By(city, NOW))
    before = everything()
    with pytest.raises(NotAllowed, match=unit.name):
        batches.undo_import(batch, by=By(city, NOW))
    assert everything() == before


def test_undo_is_refused_when_another_record_refers_to_a_new_unit(city):
    _, batch = imported(ledger.workbook([ledger.row(0)]), city)
    unit = Unit.objects.get()
    Application(unit_id=unit.pk, unit_name=unit.name, area=unit.area, kind="factory", year=2027).save()
    with pytest.raises(NotAllowed, match="又有了其他记录"):
        batches.undo_import(batch, by=By(city, NOW))


def test_undo_keeps_an_institution_that_others_name(city):
    _, first = imported(ledger.workbook([ledger.row(0)]), city)
    imported(ledger.workbook([ledger.row(100)]), city)
    batches.undo_import(first, by=By(city, NOW))
    named = {one.evaluator_id for one in Evaluation.objects}
    assert named and named <= {one.pk for one in Evaluator.objects}


def test_a_county_undoes_its_own_batches_only(county):
    _, batch = imported(ledger.workbook([ledger.row(0)]), county("445302"))
    with pytest.raises(NotAllowed):
        batches.undo_import(batch, by=By(county("445302", "county-other"), NOW))
    batches.undo_import(batch, by=By(county("445302"), NOW))
    assert Unit.objects.count() == 0


# --- who else sees what, and who may do what ----------------------------------------------------------------


def test_nobody_sees_a_part_of_what_fits_into_one_transaction(city, sample, monkeypatch):
    monkeypatch.setattr(planner, "CHUNK_SIZE", 5)
    monkeypatch.setattr(undo, "CHUNK_SIZE", 7)
    seen = {"write_portion": [], "restore": []}

    def watched(module, name):
        verb = getattr(module, name)

        def and_looked(*args):
            verb(*args)
            with ThreadPoolExecutor() as somebody:  # a thread of its own is outside the transaction
                seen[name].append(somebody.submit(lambda: len(Application.objects)).result())

        monkeypatch.setattr(module, name, and_looked)

    watched(ledger_run, "write_portion")
    watched(undo, "restore")
    _, batch = imported(sample, city)
    batches.undo_import(batch, by=By(city, NOW))
    assert seen == {"write_portion": [0] * 12, "restore": [60]} and Application.objects.count() == 0


def test_what_is_offered(city, county):
    ours, other = county("445302"), county("445302", "county-other")
    plan = batches.preview_ledger(ledger.workbook([ledger.row(0)]), "a.xlsx", year=2026, by=By(ours, NOW))
    lead = Actor("lead", "市局审签", Role.CITY_LEAD)

    def offered(batch):
        people = {"ours": ours, "other": other, "city": city, "lead": lead}
        return {
            who: [one.action for one in batches.import_offers(batch, actor=a)] for who, a in people.items()
        }

    assert offered(plan.batch) == {"ours": ["commit", "map"], "other": [], "city": [], "lead": []}
    batch = batches.commit_import(plan.batch, by=By(ours, NOW))
    assert offered(batch) == {"ours": ["undo"], "other": ["undo"], "city": ["undo"], "lead": []}
    nothing = batches.preview_ledger(
        ledger.workbook([ledger.row(0)]), "a.xlsx", year=2026, by=By(ours, NOW)
    ).batch
    commit, _ = batches.import_offers(nothing, actor=ours)
    assert commit.label == "确认导入 0 行" and "没有需要写入的行" in commit.why
    assert not any(offered(batches.undo_import(batch, by=By(ours, NOW))).values())


# --- files too large for one transaction ------------------------------------------------------------------


@pytest.fixture
def in_portions(monkeypatch):
    """Five rows count as many."""
    monkeypatch.setattr(planner, "CHUNK_SIZE", 5)
    monkeypatch.setattr(ledger_run, "SINGLE_TX_LIMIT", 5)
    monkeypatch.setattr(undo, "CHUNK_SIZE", 7)


def test_portions_do_what_one_transaction_does(city, sample, in_portions):
    _, batch = imported(sample, city)
    assert batch.state == "committed" and Application.objects.count() == 60
    assert imported(sample, city)[0].counts["same"] == 60
    assert batches.undo_import(batch, by=By(city, NOW)).state == "undone"
    assert not any(everything().values())


def test_a_conflict_in_the_middle_takes_all_portions_back(city, sample, in_portions):
    imported(ledger.workbook([ledger.row(n) for n in range(3)]), city)
    before = everything()
    rows = [ledger.row(n, 得分=99) for n in range(18)]
    plan = batches.preview_ledger(ledger.workbook(rows), "a.xlsx", year=2026, by=By(city, NOW))
    imported(ledger.workbook([ledger.row(17)]), city)
    with pytest.raises(Conflict):
        batches.commit_import(plan.batch, by=By(city, NOW))
    assert ImportBatch.objects.get(pk=plan.batch.pk).state == "failed"
    codes = {one.credit_code for one in Unit.objects}
    assert codes == {ledger.credit_code(n) for n in (0, 1, 2, 17)}
    assert {str(one.score) for one in Application.objects} <= {"70", "70.0", "70.1", "70.2", "71.7"}
    assert set(before["Unit"]) <= set(everything()["Unit"])


class Killed(BaseException):
    """Stands for the end of a process: nothing of ours runs any more."""


@pytest.mark.parametrize("portion", [0, 1, 3])
def test_what_a_dead_process_left_is_taken_back(city, in_portions, monkeypatch, portion):
    plan = batches.preview_ledger(
        ledger.workbook([ledger.row(n) for n in range(20)]), "a.xlsx", year=2026, by=By(city, NOW)
    )
    write, done = ledger_run.write_portion, []

    def dying(*args):
        if len(done) == portion:
            raise Killed
        done.append(write(*args))

    with monkeypatch.context() as dead:
        dead.setattr(ledger_run, "write_portion", dying)
        dead.setattr(ledger_run, "_roll_back", lambda *args: None)
        with pytest.raises(Killed):
            batches.commit_import(plan.batch, by=By(city, NOW))
    assert Application.objects.count() == 5 * portion
    assert ledger_run.recover_imports(NOW) == 1
    assert not any(everything().values())
    assert ImportBatch.objects.get().state == "failed"
    assert ledger_run.recover_imports(NOW) == 0
    assert AuditEntry.objects(verb="import").count() == 0


def test_a_process_thought_dead_cannot_go_on(city, in_portions, monkeypatch):
    plan = batches.preview_ledger(
        ledger.workbook([ledger.row(n) for n in range(20)]), "a.xlsx", year=2026, by=By(city, NOW)
    )
    step, done = ledger_run._write_portion, []

    def recovered_by_another(*args):
        if len(done) == 2:
            assert ledger_run.recover_imports(NOW) == 1
        done.append(step(*args))

    monkeypatch.setattr(ledger_run, "_write_portion", recovered_by_another)
    with pytest.raises(Conflict):
        batches.commit_import(plan.batch, by=By(city, NOW))
    assert not any(everything().values())


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_rows(city):
    half = ledger.workbook(ledger.row(n) for n in range(5_000))
    imported(half, city)
    plan, batch = imported(ledger.workbook(ledger.row(n, 得分=60.5) for n in range(10_000)), city)
    assert plan.counts == {"new": 5_000, "changed": 5_000, "same": 0, "refused": 0}
    assert Application.objects(score=60.5).count() == 10_000
    assert batch.state == "committed"


# --- files and previews -----------------------------------------------------------------------------------


def test_forgotten_previews_are_swept_with_their_bytes(city, owner):
    plan = batches.preview_ledger(ledger.workbook([ledger.row(0)]), "a.xlsx", year=2026, by=By(city, NOW))
    assert (batches.sweep_previews(NOW), files.sweep(NOW)) == (0, 0)
    later = NOW.replace(day=20)
    assert (batches.sweep_previews(later), files.sweep(later)) == (1, 1)
    assert ImportBatch.objects.count() == ImportLine.objects.count() == Attachment.objects.count() == 0
    assert owner["greenladder"]["files.chunks"].count_documents({}) == 0
    with pytest.raises(NotAllowed):
        batches.commit_import(plan.batch, by=By(city, later))


def test_files_refuse_transactions_and_other_uploaders(city, county, sample):
    stored = batches.upload_ledger(sample, "样例.xlsx", by=By(city, NOW))
    with pytest.raises(RuntimeError):
        transact(lambda: batches.upload_ledger(sample, "样例.xlsx", by=By(city, NOW)))
    assert files.verify(stored) and b"".join(files.read_chunks(stored)) == sample
    assert files.fetch(By(city, NOW), stored.pk) == stored
    assert files.fetch(By(county("445302"), NOW), stored.pk) is None
    assert files.fetch(By(city, NOW), "no id") is None


def test_a_final_file_has_the_scope_of_its_owner(city, county):
    _, batch = imported(ledger.workbook([ledger.row(0)]), county("445302"))
    assert files.fetch(By(county("445302"), NOW), batch.attachment_id) == files.final_files(batch)[0]
    assert files.fetch(By(county("445302", "county-other"), NOW), batch.attachment_id) is None
    assert files.fetch(By(city, NOW), batch.attachment_id) is not None


def test_the_error_file_can_be_corrected_and_loaded(county, sample):
    plan, batch = imported(sample, county("445321"))
    content = batches.refused_rows_file(batch)
    again = batches.parse_ledger(content, year=2026)
    foreign = [row for row in plan.ledger.rows if row.area != "445321"]
    assert [replace(row, row=0) for row in again.rows] == [replace(row, row=0) for row in foreign]
    assert [column.heading for column in again.columns][-1] == refused_rows.REMARK
