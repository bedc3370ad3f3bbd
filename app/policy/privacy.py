"""Masking of personal data: the one place that decides what of it a page, an export or a log may show."""

import re

_DIGITS = re.compile(r"\d")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'：，；（）]{1,64}@[A-Za-z0-9.-]{1,253}")


def masked_phone(phone: str) -> str:
    """0766-8161681 → 0766-****681, 13800001234 → 138****1234: enough to recognise, not to call."""
    digits = len(_DIGITS.findall(phone))
    if digits < 7:
        return "*" * len(phone)
    keep_last = 4 if digits == 11 and "-" not in phone else 3
    seen = 0
    hidden = []
    for character in phone:
        seen += character.isdigit()
        inside = digits - keep_last - 4 < seen <= digits - keep_last and character.isdigit()
        hidden.append("*" if inside else character)
    return "".join(hidden)


def masked_email(email: str) -> str:
    """name@host → n***@host."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***@{host}" if at else "*" * len(email)


def without_addresses(text: str) -> str:
    """What a mail server says, which likes to repeat the address: every one in it masked."""
    return _ADDRESS.sub(lambda found: masked_email(found[0]), text)


def masked_name(name: str) -> str:
    """张三丰 → 张**."""
    return name[:1] + "*" * (len(name) - 1)
