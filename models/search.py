"""Chinese substring search on an index: bigrams narrow the rows, an escaped check keeps only true hits."""

import unicodedata

# A query longer than this adds nothing but work; names have at most 60 characters.
LONGEST_QUERY = 60


def normalise(text: str) -> str:
    """NFKC, upper case, without spaces: full-width digits and lower-case codes find their record."""
    return "".join(unicodedata.normalize("NFKC", text or "").upper().split())


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of characters; the characters themselves where there is only one."""
    plain = normalise(text)
    return [plain[i : i + 2] for i in range(len(plain) - 1)] or list(plain)


def terms_of(*texts: str | None) -> list[str]:
    """Everything that an index must hold so that any part of `texts` is found."""
    found: set[str] = set()
    for text in texts:
        found.update(bigrams(text or ""))
    return sorted(found)


def text_of(*texts: str | None) -> str:
    """The same texts in one line, separated so that no hit spans two of them."""
    return "\n".join(normalise(text or "") for text in texts if text)


def matching(queryset, query: str):
    """Rows of `queryset` (a model with `terms` and `search_text`) that contain `query` anywhere."""
    plain = normalise(query)[:LONGEST_QUERY]
    if not plain:
        return queryset
    if len(plain) == 1:
        return queryset.filter(search_text__contains=plain)
    return queryset.filter(terms__all=bigrams(plain), search_text__contains=plain)
