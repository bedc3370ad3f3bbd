"""Sending of the day's reminders: each obligation, step and recipient once, in one transaction with the ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, partial
from itertools import islice
from typing import Any

from app.policy import reminders
from app.policy.deadlines import Reminder
from app.policy.reminders import RULES, Obligation, Rule
from app.policy.terms import Role
from app.services.core import rules
from app.services.reminders import outbox
from app.services.reminders.digest import Unfinished
from app.services.reminders.directory import Directory, Recipient
from app.services.reminders.obligations import SOURCES
from app.services.reminders.writing import Group, _insert_batch
from models.database import NotSaved, transact
from models.reminders.deliveries import Channel

CHUNK_SIZE = 10_000  # things owed that are held at once
MAX_ENTRIES_PER_TX = 1000  # entries of one transaction


@dataclass(frozen=True)
class Channels:
    """Channels configured beside the message on the screen."""

    mail: bool = False
    webhook: bool = False


@dataclass
class RunResult:
    """Outcome for one rule: entries written, names that failed, and obligations by area."""

    written: int = 0
    failed: list[str] = field(default_factory=list)
    areas: dict[tuple[date, Reminder], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def send_reminders(day: date, *, now: datetime, channels: Channels) -> str:
    """Send every reminder that has a step on `day`; return a summary.

    Safe to run again and beside another run: the ledger's unique index decides. A failure does not stop
    the rest; Unfinished is raised at the end, and the run is tried again.
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
    @cache
    def steps_of(due: date) -> tuple[Reminder, ...]:
        return reminders.steps_on(rule, due, day, values, calendar)

    result = RunResult()
    source = iter(SOURCES[rule.code](day, lambda due: bool(steps_of(due))))
    # Chunked: 100,000 live objects make garbage collection dominate.
    while chunk := list(islice(source, CHUNK_SIZE)):
        for (due, step), owed in _by_step(chunk, steps_of).items():
            _send_step(rule, step, owed, result, now=now, mail=channels.mail)
            result.areas[due, step].update(obligation.area for obligation in owed)
    if channels.webhook:
        for (due, step), counts in result.areas.items():
            transact(partial(_queue_webhook, rule, step, due, counts, now=now))
    if result.failed:
        raise Unfinished(f"已发送{result.written}条，未能发送：{'、'.join(result.failed[:20])}")
    return result.written


def _by_step(
    owed: Iterable[Obligation], steps_of: Callable[[date], Iterable[Reminder]]
) -> dict[tuple[date, Reminder], list[Obligation]]:
    """Group obligations by due day and the step that falls on the day of the run."""
    grouped: dict[tuple[date, Reminder], list[Obligation]] = defaultdict(list)
    for obligation in owed:
        for step in steps_of(obligation.due):
            grouped[obligation.due, step].append(obligation)
    return grouped


def _send_step(
    rule: Rule, step: Reminder, owed: list[Obligation], result: RunResult, *, now: datetime, mail: bool
) -> None:
    directory = Directory(owed)
    groups: dict[Recipient, list[Obligation]] = defaultdict(list)
    roles = sorted(reminders.recipients(rule, step))
    for obligation in owed:
        for role in roles:
            for recipient in directory.of(obligation, Role(role)):
                groups[recipient].append(obligation)
    write = partial(_insert_batch, rule, step, now=now, mail=mail)
    for batch in _batches(groups):
        try:
            result.written += transact(partial(write, batch))
        except NotSaved:
            raise
        except Exception:  # one bad row must not keep the others of its batch from being sent
            done, failed = _send_singly(batch, write)
            result.written += done
            result.failed += failed


def _send_singly(batch: Sequence[Group], write: Callable[[Sequence[Group]], int]) -> tuple[int, list[str]]:
    """Write each obligation by itself; return how many were written and the names of the others."""
    done, failed = 0, []
    for group in batch:
        for obligation in group.owed:
            try:
                done += transact(partial(write, [Group(group.recipient, [obligation])]))
            except Exception as error:
                failed.append(f"{obligation.name}（{type(error).__name__}）")
    return done, failed


def _batches(groups: Mapping[Recipient, Sequence[Obligation]]) -> Iterator[list[Group]]:
    """Yield groups of at most MAX_ENTRIES_PER_TX entries together, splitting larger ones."""
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


# Written as the database holds them: a hundred thousand documents through the mapper take minutes.


def _queue_webhook(
    rule: Rule, step: Reminder, due: date, counts: Mapping[str, int], *, now: datetime
) -> None:
    """Queue one line for the bureau's group with counts by area; it names no unit."""
    parts = [f"{area.name}{counts[area.code]}家" for area in rules.pack().areas if area.code in counts]
    total = sum(counts.values())
    text = f"{rule.label}（{rule.cited}，{step.label}）：尚有{total}家未办理，其中{'、'.join(parts)}。"
    outbox.queue(Channel.WEBHOOK, f"remind:{rule.code}:{due}:{step.code}", "期限提醒", text, now=now)
