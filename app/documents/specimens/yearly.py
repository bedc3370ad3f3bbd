"""Specimens of annual reports, reminders and the year in figures."""

from datetime import date, datetime

from app.documents.specimens.city import AREAS, FACTORY, LOCAL, PLATFORM, REPORTING, head
from app.policy import paper_inputs as p


def annual_call():
    return p.AnnualCallInputs(
        **head(date(2027, 2, 25)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        due=date(2027, 4, 15),
        county_due=date(2027, 4, 10),
        units=REPORTING,
    )


def annual_reminder():
    return p.AnnualReminderInputs(
        **head(date(2027, 4, 16)),
        year=2027,
        addressees=AREAS,
        platform=PLATFORM,
        due=date(2027, 4, 15),
        as_of=date(2027, 4, 16),
        units=REPORTING[:2],
    )


def reminder_ledger():
    steps = (("首次提醒", 3, 15), ("再次提醒", 4, 1), ("临期催报", 4, 10), ("逾期催报", 4, 16))
    return p.ReminderLedgerInputs(
        **head(date(2027, 5, 6)),
        year=2027,
        unit_name="云浮市示例化工有限公司",
        kind_label=FACTORY,
        area_name="云城区",
        due=date(2027, 4, 15),
        as_of=date(2027, 5, 6),
        state="未填报",
        entries=tuple(
            p.ReminderLine(
                step, datetime(2027, month, day, 8, 30, tzinfo=LOCAL), "周示例", "站内消息", "已送达"
            )
            for step, month, day in steps
        ),
    )


def annual_summary():
    return p.AnnualSummaryInputs(
        **head(date(2027, 12, 28)),
        year=2027,
        rows=(
            p.AreaLine("云城区", 12, 10, 9, 4, 18, 16, 16, 1, 0),
            p.AreaLine("云安区", 8, 7, 6, 3, 12, 11, 10, 0, 1),
            p.AreaLine("佛山（云浮）产业转移工业园", 5, 5, 5, 2, 7, 6, 6, 0, 0),
        ),
        remarks=("云安区一家单位因未按时填报被移出市级名单。",),
    )
