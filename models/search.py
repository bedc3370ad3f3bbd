"""Chinese substring search on an index: bigrams narrow the rows, an escaped check keeps only true hits."""

import re
from functools import lru_cache

from app.policy import spelling

# A query longer than this adds nothing but work; names have at most 60 characters.
MAX_QUERY_LENGTH = 60
# A unit's name and code stand in its application and report too, and an import writes these one after the other.
CACHE_SIZE = 1_024
# A line of `search_text` that is a credit code (统一社会信用代码) and no name.
CODE = r"[0-9A-Z]{18}$"


@lru_cache(CACHE_SIZE)
def normalise(text: str) -> str:
    """Return the text as it is compared: full-width digits and lower-case codes find their record."""
    return spelling.folded(text or "")


@lru_cache(CACHE_SIZE)
def bigrams(text: str) -> tuple[str, ...]:
    """Return the overlapping pairs of characters, or the only character."""
    plain = normalise(text)
    return tuple(plain[i : i + 2] for i in range(len(plain) - 1)) or tuple(plain)


def terms_of(*texts: str | None) -> list[str]:
    """Return the index entries by which any part of `texts` is found."""
    terms: set[str] = set()
    for text in texts:
        terms.update(bigrams(text or ""))
    return sorted(terms)


def text_of(*texts: str | None) -> str:
    """Return the texts as one string, separated so that no hit spans two of them."""
    return "\n".join(normalise(text or "") for text in texts if text)


def matching(queryset, query: str, *, codes: bool = True):
    """Return the rows whose `search_text` contains `query`; rows with `terms` are found by index.

    Without `codes` credit codes do not match: whoever may not read them must not guess them piece by piece.
    """
    plain = normalise(query)[:MAX_QUERY_LENGTH]
    if not plain:
        return queryset
    if codes:
        rows = queryset.filter(search_text__contains=plain)
    else:
        rows = queryset.filter(search_text=re.compile(rf"^(?!{CODE}).*{re.escape(plain)}", re.MULTILINE))
    indexed = len(plain) > 1 and "terms" in queryset._document._fields
    return rows.filter(terms__all=list(bigrams(plain))) if indexed else rows
