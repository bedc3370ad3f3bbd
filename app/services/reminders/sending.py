"""Reminding: who owes something today is told once, in the ledger and to the recipient in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any

from app.policy import reminders
from app.policy.deadlines import Reminder
from app.policy.reminders import RULES, DeliveryState, Obligation, Rule
from app.policy.terms import Role
from app.services.core import rules
from app.services.reminders import outbox
from app.services.reminders.digest import Unfinished
from app.services.reminders.directory import Directory, Recipient
from app.services.reminders.obligations import SOURCES
from models.database import NotSaved, transact
from models.reminders.deliveries import Channel
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice

CHUNK_SIZE = 10_000  # things owed that are held at once
MAX_ENTRIES_PER_TX = 1000  # entries of one transaction


@dataclass(frozen=True)
class Channels:
    """What the settings allow beside the message on the screen."""

    mail: bool = False
    webhook: bool = False


@dataclass(frozen=True)
class Group:
    """What one recipient is told at once."""

    recipient: Recipient
    owed: Sequence[Obligation]


@dataclass
class RunResult:
    """What the run has done for one rule: entries written, names that failed, and how many owe it by area."""

    written: int = 0
    failed: list[str] = field(default_factory=list)
    areas: dict[tuple[date, Reminder], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def send_reminders(day: date, *, now: datetime, channels: Channels) -> str:
    """Remind of everything that has a step on `day`; returns in words what was done.

    Safe to run again and beside another run: the ledger's unique index decides. What fails does not stop
    the rest; then Unfinished is raised at the end, and the run is tried again.
    """
    values, calendar = rules.values(), rules.Calendar()
    done, failed = [], []
    for rule in RULES.values():
        try:
            count = _send_rule(rule, day, values, calendar, now=now, channels=channels)
        except Unfinished as why:
            failed.append(f"{rule.label}{why}")
        except Exception as error:  # one kind of reminder must not keep the others from being sent
            failed.append(f"{rule.label}（{type(error).__name__}：{error}）")
        else:
            done += [f"{rule.label}{count}条"] if count else []
    if failed:
        raise Unfinished(f"{'，'.join(done) or '没有可发送的'}；未完成：{'；'.join(failed)}")
    return "，".join(done)


def _send_rule(
    rule: Rule,
    day: date,
    values: Mapping[str, Any],
    calendar: rules.Calendar,
    *,
    now: datetime,
    channels: Channels,
) -> int:
    steps: dict[date, tuple[Reminder, ...]] = {}

    def on(due: date) -> tuple[Reminder, ...]:
        if due not in steps:
            steps[due] = reminders.steps_on(rule, due, day, values, calendar)
        return steps[due]

    told = RunResult()
    source = iter(SOURCES[rule.code](day, lambda due: bool(on(due))))
    # In portions: a hundred thousand things and their people at once are more than Python's collector of
    # garbage walks through in time.
    while portion := list(islice(source, CHUNK_SIZE)):
        by_step: dict[tuple[date, Reminder], list[Obligation]] = defaultdict(list)
        for owed in portion:
            for step in on(owed.due):
                by_step[owed.due, step].append(owed)
        for (due, step), some in by_step.items():
            _send_step(rule, step, some, told, now=now, mail=channels.mail)
            told.areas[due, step].update(one.area for one in some)
    if channels.webhook:
        for (due, step), counts in told.areas.items():
            transact(partial(_queue_webhook, rule, step, due, counts, now=now))
    if told.failed:
        raise Unfinished(f"已发送{told.written}条，未能发送：{'、'.join(told.failed[:20])}")
    return told.written


def _send_step(
    rule: Rule, step: Reminder, owed: list[Obligation], told: RunResult, *, now: datetime, mail: bool
) -> None:
    directory = Directory(owed)
    groups: dict[Recipient, list[Obligation]] = defaultdict(list)
    roles = sorted(reminders.recipients(rule, step))
    for one in owed:
        for role in roles:
            for recipient in directory.of(one, Role(role)):
                groups[recipient].append(one)
    write = partial(_insert_batch, rule, step, now=now, mail=mail)
    for batch in _batches(groups):
        try:
            told.written += transact(partial(write, batch))
        except NotSaved:
            raise
        except Exception:  # one bad row must not keep the others of its batch from being sent
            done, wrong = _send_singly(batch, write)
            told.written += done
            told.failed += wrong


def _send_singly(batch: Sequence[Group], write: Callable[[Sequence[Group]], int]) -> tuple[int, list[str]]:
    """Each thing by itself; returns how many were written, and the names of those that were not."""
    done, wrong = 0, []
    for group in batch:
        for one in group.owed:
            try:
                done += transact(partial(write, [Group(group.recipient, [one])]))
            except Exception as error:
                wrong.append(f"{one.name}（{type(error).__name__}）")
    return done, wrong


def _batches(groups: Mapping[Recipient, Sequence[Obligation]]) -> Iterator[list[Group]]:
    """Groups of at most MOST entries together; who has more than that is told in parts."""
    batch: list[Group] = []
    size = 0
    for recipient, owed in groups.items():
        for start in range(0, len(owed), MAX_ENTRIES_PER_TX):
            part = owed[start : start + MAX_ENTRIES_PER_TX]
            if size + len(part) > MAX_ENTRIES_PER_TX and batch:
                yield batch
                batch, size = [], 0
            batch.append(Group(recipient, part))
            size += len(part)
    if batch:
        yield batch


def _insert_batch(rule: Rule, step: Reminder, batch: Sequence[Group], *, now: datetime, mail: bool) -> int:
    """Ledger and messages of one batch, without what the ledger has already; inside a transaction."""
    known = _existing_keys(rule, step, batch)
    entries, notices = [], []
    for group in batch:
        recipient = group.recipient
        fresh = [one for one in group.owed if (recipient.key, one.subject, one.kind, one.year) not in known]
        entries += [_entry(rule, step, one, recipient, now, mail) for one in fresh]
        if fresh and recipient.account:
            notices.append(_notice(rule, step, fresh, recipient, now))
    if entries:
        ReminderEntry._get_collection().insert_many(entries)
    if notices:
        Notice._get_collection().insert_many(notices)
    return len(entries)


def _existing_keys(rule: Rule, step: Reminder, batch: Sequence[Group]) -> set[tuple[str, str, str, int]]:
    due = batch[0].owed[0].due
    rows = ReminderEntry._get_collection().find(
        {
            "rule": rule.code,
            "due": _as_stored(due),
            "step": step.code,
            "recipient": {"$in": [group.recipient.key for group in batch]},
            "subject": {"$in": list({one.subject for group in batch for one in group.owed})},
        },
        {"_id": 0, "recipient": 1, "subject": 1, "kind": 1, "year": 1},
    )
    return {(row["recipient"], row["subject"], row["kind"], row["year"]) for row in rows}


# Written as the database holds them: a hundred thousand documents through the mapper take minutes.


def _entry(
    rule: Rule, step: Reminder, owed: Obligation, to: Recipient, now: datetime, mail: bool
) -> dict[str, Any]:
    by_mail = mail and bool(to.email)
    state = DeliveryState.SENT if to.account else DeliveryState.QUEUED if by_mail else DeliveryState.FAILED
    row = {
        "version": 1,
        "created_at": now,
        "updated_at": now,
        "rule": rule.code,
        "subject": owed.subject,
        "name": owed.name,
        "kind": owed.kind,
        "area": owed.area,
        "year": owed.year,
        "due": _as_stored(owed.due),
        "step": step.code,
        "step_label": step.label,
        "recipient": to.key,
        "recipient_name": to.name,
        "recipient_role": to.role,
        "text": reminders.text(rule, owed, step, now.date()),
        "at": now,
        "state": state.value,
        "notes": [],
    }
    if owed.unit_id is not None:
        row["unit_id"] = owed.unit_id
    if to.account:
        row["message"] = DeliveryState.SENT.value
    if by_mail and rule.code not in to.muted:
        row["mail"] = DeliveryState.QUEUED.value
    if state is DeliveryState.FAILED:
        row["problem"] = to.problem or "没有配置邮件服务，未能发送；请电话或书面告知并登记。"
    return row


def _notice(
    rule: Rule, step: Reminder, owed: Sequence[Obligation], to: Recipient, now: datetime
) -> dict[str, Any]:
    first = owed[0]
    one = len(owed) == 1
    said = (
        reminders.text(rule, first, step, now.date())
        if one
        else reminders.summary(rule, owed, step, now.date())
    )
    key = f"remind:{rule.code}:{first.due}:{step.code}:{to.key}:{first.subject}:{first.kind}:{first.year}"
    return {
        "version": 1,
        "key": key,
        "username": to.key,
        "text": said,
        "category": rule.code,
        "at": now,
        "link": first.link if one else f"/admin/reminderentry/?flt0_rule={rule.code}",
    }


def _queue_webhook(
    rule: Rule, step: Reminder, due: date, counts: Mapping[str, int], *, now: datetime
) -> None:
    """One line for the bureau's group: how many in which area; no unit is named outside the house."""
    parts = [f"{area.name}{counts[area.code]}家" for area in rules.pack().areas if area.code in counts]
    total = sum(counts.values())
    text = f"{rule.label}（{rule.cited}，{step.label}）：尚有{total}家未办理，其中{'、'.join(parts)}。"
    outbox.queue(Channel.WEBHOOK, f"remind:{rule.code}:{due}:{step.code}", "期限提醒", text, now=now)


def _as_stored(day: date) -> datetime:
    return ReminderEntry.due.to_mongo(day)
