"""Numbers, dates and widths as official Chinese writes them."""

import unicodedata
from datetime import date, datetime
from functools import lru_cache


def day(value):
    """2026年3月18日: Arabic numerals, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value):
    """2026年3月18日9时05分."""
    return f"{day(value)}{value.hour}时{value.minute:02d}分"


def period(first, last):
    """A period of days; what both ends share is written once."""
    if first.year != last.year:
        return f"{day(first)}至{day(last)}"
    if first == last:
        return day(first)
    return f"{day(first)}至{last.month}月{last.day}日"


def text(value):
    """A scalar as it stands in a sentence."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return str(value)


@lru_cache(maxsize=8192)
def width(string):
    """Width in characters: Chinese 1, capitals 0.7, digits ½, with the quarter gap set between them."""
    total, before, before_wide = 0.0, "", False
    for character in string:
        wide = character >= "\u2e80" or unicodedata.east_asian_width(character) in "WFA"
        total += 1 if wide else 0.7 if character.isupper() else 0.5
        if wide != before_wide and character.isalnum() and before.isalnum():
            total += 0.25
        before, before_wide = character, wide
    return total
