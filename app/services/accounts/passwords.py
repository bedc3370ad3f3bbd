"""Passwords: argon2id hashes, rules for a new one, one-time passwords that an administrator hands over."""

from __future__ import annotations

import secrets
import string
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MAX_PASSWORD_LENGTH = 128  # hashing longer texts would only serve whoever wants to keep the machine busy
MIN_LENGTH, MIN_LENGTH_STAFF = 10, 12
HISTORY_LENGTH = 5
# Without the characters that are mistaken for each other on paper or on the telephone.
_LETTERS = "".join(sorted(set(string.ascii_letters) - set("lIO")))
_DIGITS = "23456789"
_MARKS = "!#%+-=?@"

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hasher.hash(_normal(password))


def matches(hashed: str, password: str) -> bool:
    """Return whether the password belongs to the hash; an empty hash costs the same time and never matches."""
    try:
        return _hasher.verify(hashed or _dummy(), _normal(password)[:MAX_PASSWORD_LENGTH]) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def min_password_length(staff: bool) -> int:
    """Return how many characters a new password needs at least."""
    return MIN_LENGTH_STAFF if staff else MIN_LENGTH


def password_problems(password: str, *, username: str, name: str, staff: bool) -> list[str]:
    """Return why this cannot be the new password, each reason a sentence; [] if it can."""
    shortest = min_password_length(staff)
    folded = _normal(password).casefold()
    problems = []
    if not shortest <= len(password) <= MAX_PASSWORD_LENGTH:
        problems.append(f"密码长度须为 {shortest} 至 {MAX_PASSWORD_LENGTH} 个字符。")
    if _classes(password) < 3:
        problems.append("密码须含大写字母、小写字母、数字、其他符号中的至少三类。")
    if any(part and part.casefold() in folded for part in (username, name)):
        problems.append("密码不得包含账号或姓名。")
    return problems


def used_before(password: str, hashes: Iterable[str]) -> bool:
    """Return whether a password is among the last ones of an account."""
    return any(matches(old, password) for old in list(hashes)[:HISTORY_LENGTH])


def generate_password() -> str:
    """Return a one-time password of sixteen characters that meets the rules for staff."""
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
    """Return the hash that an unknown account is compared with, so that it takes as long as a known one."""
    return _hasher.hash(secrets.token_urlsafe(16))
