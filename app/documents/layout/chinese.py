"""Numbers, dates and text widths in official Chinese."""

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Any


def day(value: date) -> str:
    """Return a date such as 2026年3月18日: Arabic numerals, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """Return a date and time such as 2026年3月18日9时05分."""
    return f"{day(value)}{value.hour}时{value.minute:02d}分"


def period(first: date, last: date) -> str:
    """Return a period of days; the year is not repeated, and a single day stands alone."""
    if first.year != last.year:
        return f"{day(first)}至{day(last)}"
    if first == last:
        return day(first)
    return f"{day(first)}至{last.month}月{last.day}日"


def text(value: Any) -> str:
    """Return a scalar as it stands in a sentence."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return str(value)


@lru_cache(maxsize=8192)
def width(string: str) -> float:
    """Return the width in characters.

    Chinese counts 1, capitals 0.7, digits ½; a quarter is set between Chinese and Latin.
    """
    total, previous, previous_wide = 0.0, "", False
    for character in string:
        wide = character >= "\u2e80" or unicodedata.east_asian_width(character) in "WFA"
        total += 1 if wide else 0.7 if character.isupper() else 0.5
        if wide != previous_wide and character.isalnum() and previous.isalnum():
            total += 0.25
        previous, previous_wide = character, wide
    return total
