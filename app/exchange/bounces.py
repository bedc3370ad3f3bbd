"""Delivery reports (RFC 3464) as mail servers return them: mail, recipient, result and reason.

Anybody may send mail to the address that takes them, so nothing in it is trusted: sizes are bounded, broken
encodings and foreign structures end in a sentence, and every value is plain text of bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from itertools import islice

MAX_BYTES = 1_000_000  # our mails are short, so their reports are
MAX_PARTS = 50
MAX_RECIPIENTS = 50
MAX_FIELD_LENGTH = 300  # characters of one field
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,200}>")


class NotAReport(Exception):
    """Content that is no readable delivery report; the Chinese sentence says why."""


@dataclass(frozen=True)
class Recipient:
    """The result for one recipient: `action` is failed, delayed, delivered, relayed or expanded."""

    addresses: frozenset[str]  # original and final, lower case
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True)
class Report:
    """A delivery report with the Message-IDs of the mail it may be about."""

    mails: tuple[str, ...]
    server: str
    recipients: tuple[Recipient, ...]


def read(content: bytes) -> Report:
    """Return the report in a received mail. Raises NotAReport."""
    message, parts = _parsed(content)
    blocks = _status_blocks(parts)
    recipients = tuple(_recipient(block) for block in blocks[: MAX_RECIPIENTS + 1] if block["Action"])
    if not recipients:
        raise NotAReport("退信报告中没有收件人的投递结果")
    servers = [_field(block, "Reporting-MTA") for block in blocks[:1]]
    return Report(tuple(_mails(message, parts)), _value("".join(servers)), recipients)


def _parsed(content: bytes) -> tuple[Message, list[Message]]:
    """Return a mail and its parts, itself included. Raises NotAReport."""
    if len(content) > MAX_BYTES:
        raise NotAReport(f"超过 {MAX_BYTES // 1_000_000} MB，不是退信报告")
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
        return message, list(islice(message.walk(), MAX_PARTS))
    except (RecursionError, ValueError, LookupError) as error:
        raise NotAReport("邮件结构有误，无法读取") from error


def _status_blocks(parts: Iterable[Message]) -> list[Message]:
    """Return the blocks of the delivery status: the server's, then one for each recipient. Raises NotAReport."""
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    payload = status.get_payload() if status is not None else None
    if not isinstance(payload, list):
        raise NotAReport("不是退信报告（RFC 3464 投递状态通知）")
    return [block for block in payload if isinstance(block, Message)]


def _recipient(block: Message) -> Recipient:
    written = (_value(_field(block, name)) for name in ("Original-Recipient", "Final-Recipient"))
    return Recipient(
        frozenset(address.strip("<> ").lower() for address in written if address),
        _field(block, "Action").split(" ")[0].lower(),
        _field(block, "Status").split(" ")[0],
        _value(_field(block, "Diagnostic-Code")),
    )


def _mails(message: Message, parts: Sequence[Message]) -> Iterator[str]:
    """Yield the Message-IDs of the returned mail: it is in the report, whole or its head, or only answered."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            head = BytesHeaderParser(policy=policy.compat32).parsebytes(_bytes(part))
            yield from _MESSAGE_ID.findall(_field(head, "Message-ID"))
        elif part is not message:
            yield from _MESSAGE_ID.findall(_field(part, "Message-ID"))
    for name in ("In-Reply-To", "References"):
        yield from _MESSAGE_ID.findall(_field(message, name))[:MAX_PARTS]


def _bytes(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _value(text: str) -> str:
    """Strip the type before a value: “rfc822; a@b.cn”, “smtp; 550 …”, “dns; mx.b.cn”."""
    kind, separator, rest = text.partition(";")
    return rest.strip() if separator and kind.strip().replace("-", "").isalnum() else text


def _field(part: Message, name: str) -> str:
    """Return a field as plain text: servers write Chinese as UTF-8, as GB 18030 or as encoded words."""
    raw = next((value for key, value in part.raw_items() if key.lower() == name.lower()), "")
    octets = str(raw)[: 4 * MAX_FIELD_LENGTH].encode("utf-8", "surrogateescape")
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("gb18030", "replace")
    with suppress(HeaderParseError, ValueError, LookupError):
        text = str(make_header(decode_header(text))) if "=?" in text else text
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return plain[:MAX_FIELD_LENGTH]
