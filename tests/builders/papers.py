"""Papers at every point of their life."""

from app.documents.kinds.nomination import ConsultationInputs, ConsultedLine
from app.services.core.by import By
from app.services.papers import defaults, drafting, issuing, signing
from models.papers import Number, Paper
from tests.builders import cases

NOW = cases.JUNE


HOSTILE = "云浮市甲&乙<丙>{{year}}\"丁'㐂堃有限公司"


def consulted(name: str = "云浮市虚构石材有限公司") -> ConsultedLine:
    return ConsultedLine(name, "91445302MA5DEM0128", "绿色工厂", "云城区")


def inputs(
    *,
    department="云浮市生态环境局",
    asks="环境行政处罚",
    names=("云浮市虚构石材有限公司",),
    now=NOW,
    **given,
):
    return ConsultationInputs(
        **defaults.default_inputs("consultation", now) | {"department": department, "asks": asks} | given,
        units=tuple(map(consulted, names)),
    )


def drafted(now=NOW, **given) -> Paper:
    return drafting.compose(
        "consultation", inputs(now=now, **given), areas=[cases.AREA], by=By(cases.CITY, now)
    )


def submitted(now=NOW, **given) -> Paper:
    paper = drafted(now, **given)
    return drafting.submit(paper, version=paper.version, by=By(cases.CITY, now))


def signed(now=NOW, **given) -> Paper:
    return signing.sign(submitted(now, **given), by=By(cases.LEAD, now))


def issued(now=NOW, **given) -> Paper:
    return issuing.issue(signed(now, **given), by=By(cases.CITY, now))


def step(browser, paper, action, **values):
    data = {
        "id": str(paper.pk),
        "version": str(Paper.objects.get(pk=paper.pk).version),
        "action": action,
        **values,
    }
    return browser.post("/admin/paper/step/", data, follow_redirects=True)


def register_gaps(series: str, year: int) -> list[int]:
    """Return the numbers that the register lacks between 1 and its last."""
    held = set(Number.objects(series=series, year=year).scalar("number"))
    return sorted(set(range(1, max(held, default=0) + 1)) - held)
