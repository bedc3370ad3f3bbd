"""Passwords: argon2id, the rules for a new one, and one-time passwords that an administrator hands over."""

from __future__ import annotations

import secrets
import string
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 128  # hashing longer texts would only serve whoever wants to keep the machine busy
SHORTEST, SHORTEST_STAFF = 10, 12
REMEMBERED = 5
# Without the characters that are mistaken for each other on paper or on the telephone.
_LETTERS = "".join(sorted(set(string.ascii_letters) - set("lIO")))
_DIGITS = "23456789"
_MARKS = "!#%+-=?@"

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def matches(hashed: str, password: str) -> bool:
    """Whether the password belongs to the hash; an empty hash costs the same time and never matches."""
    try:
        return _hasher.verify(hashed or _dummy(), _normal(password)[:LONGEST]) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def problems(password: str, *, username: str, name: str, staff: bool) -> list[str]:
    """Why this cannot be the new password, each reason a sentence; [] when it can."""
    shortest = SHORTEST_STAFF if staff else SHORTEST
    folded = _normal(password).casefold()
    found = []
    if not shortest <= len(password) <= LONGEST:
        found.append(f"密码长度须为 {shortest} 至 {LONGEST} 个字符。")
    if _classes(password) < 3:
        found.append("密码须含大写字母、小写字母、数字、其他符号中的至少三类。")
    if any(part and part.casefold() in folded for part in (username, name)):
        found.append("密码不得包含账号或姓名。")
    return found


def used_before(password: str, hashes: Iterable[str]) -> bool:
    return any(matches(old, password) for old in list(hashes)[:REMEMBERED])


def generate() -> str:
    """A one-time password of sixteen characters that meets the rules for staff."""
    kinds = (_LETTERS[:23], _LETTERS[23:], _DIGITS, _MARKS)
    letters = [secrets.choice(kind) for kind in kinds]
    letters += [secrets.choice(_LETTERS + _DIGITS) for _ in range(12)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def _classes(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
    return sum(any(test(letter) for letter in password) for test in tests)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@cache
def _dummy() -> str:
    """What an unknown account is compared with, so that it takes as long as a known one."""
    return _hasher.hash(secrets.token_urlsafe(16))
