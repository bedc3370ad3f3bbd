"""Recovery after crashes: approved decisions, begun issues, interrupted imports, unconfirmed uploads."""

from datetime import date, datetime, time, timedelta

from app import clock
from app.services import filing, ledger, papers
from app.services.core import decisions, files
from jobs.registry import job

IDLE = timedelta(minutes=1)  # an import that has not moved for so long has lost its process


@job(every=1, label="续办已批准而未办结的审批单")
def finish_decisions(now: datetime) -> str | None:
    """Finish approved decisions; the reserved numbers are used again, so none is lost or doubled."""
    ended = decisions.sweep(now=now)
    return f"续办 {ended} 件" if ended else None


@job(every=1, label="续办已开始而未印发的公文")
def finish_papers(now: datetime) -> str | None:
    """Finish interrupted issues and void numbers that no paper will use."""
    ended = papers.finish_interrupted(now=now) + filing.sweep_county_lists(now=now)
    return f"续办 {ended} 件" if ended else None


@job(every=1, label="收回中断的汇总表导入")
def recover_imports(now: datetime) -> str | None:
    """Take back large imports that a crash left half done."""
    taken_back = ledger.recover_imports(now, idle=IDLE)
    return f"收回 {taken_back} 批" if taken_back else None


@job(hour=3, minute=10, label="清理未确认的上传文件和导入预览")
def sweep_uploads(today: date) -> str | None:
    now = datetime.combine(today, time(3, 10), clock.SHANGHAI)
    swept = files.sweep(now) + ledger.sweep_previews(now)
    return f"清理 {swept} 项" if swept else None
