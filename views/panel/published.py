"""Screens whose records only the program writes."""

from views.panel.base import ScopedView


class Published(ScopedView):
    """A screen on which nobody creates or edits a record by hand."""

    @property
    def can_create(self) -> bool:
        """Return False: publication creates the records."""
        return False

    @property
    def can_edit(self) -> bool:
        """Return False: publication is final."""
        return False
