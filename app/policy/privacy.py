"""Masking of personal data on pages, in exports and in logs."""

import re

_DIGITS = re.compile(r"\d")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'：，；（）]{1,64}@[A-Za-z0-9.-]{1,253}")


def masked_phone(phone: str) -> str:
    """Mask the middle of a number, enough left to recognise, not to call: 13800001234 → 138****1234."""
    digits = len(_DIGITS.findall(phone))
    if digits < 7:
        return "*" * len(phone)
    shown_at_end = 4 if digits == 11 and "-" not in phone else 3
    last_masked = digits - shown_at_end
    masked = []
    place = 0
    for character in phone:
        place += character.isdigit()
        inside = last_masked - 4 < place <= last_masked and character.isdigit()
        masked.append("*" if inside else character)
    return "".join(masked)


def masked_email(email: str) -> str:
    """Mask the local part of an address: name@host → n***@host."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***@{host}" if at else "*" * len(email)


def without_addresses(text: str) -> str:
    """Mask every address in a text; mail servers like to repeat them in their answers."""
    return _ADDRESS.sub(lambda match: masked_email(match[0]), text)


def masked_name(name: str) -> str:
    """Mask all but the surname: 张三丰 → 张**."""
    return name[:1] + "*" * (len(name) - 1)
