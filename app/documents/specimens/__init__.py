"""Specimens: invented inputs of every kind, for the preview of wording on screens and for tests."""

from app.documents.specimens import applications, issued, lists, oversight, tips, upward, yearly

_FAMILIES = (applications, issued, lists, oversight, tips, upward, yearly)


def specimen(kind):
    """Invented inputs of a kind."""
    return next(getattr(family, kind) for family in _FAMILIES if hasattr(family, kind))()
