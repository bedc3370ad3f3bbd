"""The bundle behind an entry, and the script inside that checks it with nothing but Python."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest

from app.policy.flow import NotAllowed
from app.policy.terms import Level
from app.services.audit import evidence
from app.services.core.by import By
from app.services.lists.certificates import draft_certificate as certificate
from app.services.papers import drafting, issuing, signing
from models.audit import AuditEntry
from models.lists import Listing, PublicNotice
from models.papers import Paper
from tests.builders import cases


@pytest.fixture
def entry() -> Listing:
    return Listing.objects.get(application_id=cases.listed().pk)


def unpacked(content: bytes, folder) -> dict:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return json.loads((folder / evidence.MANIFEST).read_text(encoding="utf-8"))


def check(folder) -> subprocess.CompletedProcess:
    """As somebody without this system would: an isolated interpreter."""
    command = [sys.executable, "-I", str(folder / evidence.CHECKER_NAME)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={"PYTHONUTF8": "1"}
    )


def bundled(entry: Listing) -> bytes:
    return evidence.export_evidence(entry, by=By(cases.CITY, cases.JULY))


def test_the_bundle_holds_the_whole_chain(entry, tmp_path):
    manifest = unpacked(bundled(entry), tmp_path)
    paths = [one["path"] for one in manifest["files"]]
    for folder in ("1-公布/", "2-公示/", "3-评审/", "4-审核/", "5-评价/", "6-受理/", "7-过程/"):
        assert any(path.startswith(folder) for path in paths), folder
    announced = next(one for one in manifest["files"] if one["path"].startswith("1-公布/"))
    assert announced["sha256"] == announced["recorded"] == Paper.objects.get(pk=entry.paper_id).sha256
    done = check(tmp_path)
    assert done.returncode == 0, done.stdout
    assert f"共 {len(paths)} 个文件，全部一致" in done.stdout


def test_the_offline_checker_finds_a_changed_byte(entry, tmp_path):
    manifest = unpacked(bundled(entry), tmp_path)
    for one in manifest["files"]:
        file = tmp_path / one["path"]
        before = file.read_bytes()
        file.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        done = check(tmp_path)
        assert done.returncode == 1 and f"改动　{one['path']}" in done.stdout
        file.write_bytes(before)
    assert check(tmp_path).returncode == 0


def test_missing_and_added_files_are_named(entry, tmp_path):
    manifest = unpacked(bundled(entry), tmp_path)
    gone = manifest["files"][0]["path"]
    (tmp_path / gone).unlink()
    (tmp_path / "补充说明.txt").write_text("后加", encoding="utf-8")
    done = check(tmp_path)
    assert done.returncode == 1 and f"缺少　{gone}" in done.stdout and "多出　补充说明.txt" in done.stdout


def test_gaps_are_marked(entry, tmp_path):
    manifest = unpacked(bundled(entry), tmp_path)
    gaps = {gap["item"] for gap in manifest["gaps"]}
    assert {"公示结果说明", "县级推荐函", "市级审核意见（第十四条）"} <= gaps
    assert "缺口　县级推荐函" in check(tmp_path).stdout
    assert "县级推荐函" in (tmp_path / evidence.README).read_text(encoding="utf-8")


def test_a_certificate_closes_its_gap(tmp_path):
    application = cases.on_notice()
    notice = PublicNotice.objects.get(pk=application.notice_id)
    with pytest.raises(NotAllowed, match="期满次日"):
        certificate(notice, by=By(cases.CITY, cases.JUNE))
    now = cases.after_notice(application)
    paper = certificate(notice, by=By(cases.CITY, now))
    with pytest.raises(NotAllowed, match="已有公示结果说明"):
        certificate(notice, by=By(cases.CITY, now))
    paper = drafting.submit(paper, version=paper.version, by=By(cases.CITY, now))
    paper = issuing.issue(signing.sign(paper, by=By(cases.LEAD, now)), by=By(cases.CITY, now))
    assert paper.number_text is None and paper.sha256
    cases.recheck([application], now)
    cases.decide("list", [application], now)
    manifest = unpacked(bundled(Listing.objects.get(application_id=application.pk)), tmp_path)
    assert "公示结果说明" not in {gap["item"] for gap in manifest["gaps"]}


def test_an_entry_of_the_province_has_its_gap(entry, tmp_path):
    Listing.objects(pk=entry.pk).update(
        set__level=Level.PROVINCIAL.value,
        unset__application_id=1,
        unset__paper_id=1,
        set__source_paper="粤工信〔2026〕9号",
    )
    manifest = unpacked(bundled(Listing.objects.get(pk=entry.pk)), tmp_path)
    assert any("粤工信〔2026〕9号" in gap["why"] for gap in manifest["gaps"])
    assert any("省级名单" in gap["why"] for gap in manifest["gaps"])


def test_making_it_is_audited_with_the_manifests_digest(entry):
    with zipfile.ZipFile(io.BytesIO(bundled(entry))) as archive:
        digest = hashlib.sha256(archive.read(evidence.MANIFEST)).hexdigest()
    assert digest in AuditEntry.objects.get(verb="导出证据包").reason


@pytest.mark.parametrize("by", [cases.COUNTY, cases.ADMIN])
def test_who_may_not_export_gets_none(entry, by):
    with pytest.raises(NotAllowed):
        evidence.export_evidence(entry, by=By(by, cases.JULY))
