"""A batch of a hundred letters, and an appendix of 5,000 rows compared with bare XML."""

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import docx

from app import documents
from app.clock import SHANGHAI
from app.documents.kinds.nomination import ConsultationInputs, ConsultedLine
from app.documents.layout.ooxml import qualified
from app.embedded import Embedded
from app.policy.access import Actor
from app.policy.terms import NumberState, PaperState, Role
from app.services import papers
from app.services.core import rules
from app.services.core.by import By
from benchmarks.verdict import verdict
from models.audit import AuditEntry
from models.files import Attachment
from models.papers import Number, Paper

LETTERS, MAX_SECONDS = 100, 5.0
ROWS, MAX_RATIO = 5000, 3.0
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
CITY = Actor("city", "经办", Role.CITY)
LEAD = Actor("lead", "审签人", Role.CITY_LEAD)


def measure(server: Embedded) -> None:
    rules.use("yunfu")
    _letters()
    _appendix()


def _letters() -> None:
    """Measure every act of a batch, from the first draft to the zip."""
    line = ConsultedLine("云浮市虚构石材有限公司", "91445302MA5DEM0128", "绿色工厂", "云城区")
    known = {
        "department": "云浮市生态环境局",
        "asks": "环境行政处罚",
        "contact": "梁虚构",
        "phone": "0766-0000000",
    }
    inputs = ConsultationInputs(
        **papers.default_inputs("consultation", NOW) | known, units=tuple([line] * 10)
    )
    first = papers.compose("consultation", inputs, areas=[], by=By(CITY, NOW))
    table = "部门名称\n" + "\n".join(f"虚构第{number}局" for number in range(1, LETTERS + 1))
    print("100 份函　　　　墙钟（秒）　处理器（秒）")
    batch = _timed("按表拟稿", lambda: papers.copy_by_rows(first, table, by=By(CITY, NOW)))
    _timed("全部送审签", lambda: papers.submit_all(batch, by=By(CITY, NOW)))
    _timed("全部审签", lambda: papers.sign_all(batch, by=By(LEAD, NOW)))
    start = time.perf_counter()
    results = _timed("编号印发", lambda: papers.issue_all(batch, by=By(CITY, NOW)))
    seconds = time.perf_counter() - start
    _timed("打包", lambda: papers.zip_batch(batch))
    whole = not any(why for _, why in results) and _whole()
    print(
        f"印发 {LETTERS} 份不超过 {MAX_SECONDS:.0f} 秒：{verdict(seconds <= MAX_SECONDS, f'{seconds:.1f} 秒')}；"
        f"文号、文件、日志各 {LETTERS}：{verdict(whole, '逐份核对')}"
    )


def _whole() -> bool:
    issued = list(Paper.objects(state=PaperState.ISSUED.value))
    files = Attachment.objects(pk__in=[paper.attachment_id for paper in issued]).count()
    used = Number.objects(paper_id__in=[paper.pk for paper in issued], state=NumberState.USED.value).count()
    logged = AuditEntry.objects(verb="印发公文").count()
    return len(issued) == files == used == logged == LETTERS


def _appendix() -> None:
    """Compare the engine's appendix with rows cloned by lxml alone."""
    paper = documents.specimen("cultivation_list")
    rows = tuple(replace(paper.units[0], name=f"云浮市虚构{number}号有限公司") for number in range(ROWS))
    print(f"附件 {ROWS} 行（三次中最短）　处理器（秒）")
    small = documents.build("cultivation_list", replace(paper, units=rows[:1]))
    cloning, cloned = _best(lambda: _clone(small, rows))
    building, built = _best(lambda: documents.build("cultivation_list", replace(paper, units=rows)))
    assert _count(built) >= ROWS <= _count(cloned)
    print(f"逐行复制　　　　{cloning:>10.2f}\n公文附件　　　　{building:>10.2f}")
    times = building / cloning
    print(f"不超过逐行复制的 {MAX_RATIO:.0f} 倍：{verdict(times <= MAX_RATIO, f'{times:.1f} 倍')}")


def _clone(content: bytes, rows: tuple[Any, ...]) -> bytes:
    """Do the least possible: open, copy the row with its name, save."""
    document = docx.Document(BytesIO(content))
    table = document.element.body.findall(qualified("w:tbl"))[0]
    sample = table.findall(qualified("w:tr"))[-1]
    for number, row in enumerate(rows, start=1):
        copy = deepcopy(sample)
        texts = list(copy.iter(qualified("w:t")))
        texts[0].text, texts[1].text = str(number), row.name
        table.append(copy)
    result = BytesIO()
    document.save(result)
    return result.getvalue()


def _count(content: bytes) -> int:
    return sum(1 for _ in docx.Document(BytesIO(content)).element.body.iter(qualified("w:tr")))


def _best(work: Callable[[], bytes]) -> tuple[float, bytes]:
    """Return the shortest of three runs in processor seconds, because the machine may be shared, and the result."""
    taken, result = [], b""
    for _ in range(3):
        start = time.process_time()
        result = work()
        taken.append(time.process_time() - start)
    return min(taken), result


def _timed(label: str, work: Callable[[], Any]) -> Any:
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    print(f"{label:　<8}{time.perf_counter() - wall:>10.2f}{time.process_time() - processor:>12.2f}")
    return result
