"""Sanctions on third-party institutions (第二十二、二十三条)."""

from datetime import date

from mongoengine import DateField, EmbeddedDocument, StringField


class Sanction(EmbeddedDocument):
    """Period in which an institution's reports are not accepted; the 细则 names no length, so it is entered."""

    basis = StringField(
        verbose_name="依据",
        choices=(
            ("article22", "细则第二十二条→《办法》第二十条、第二十一条"),
            ("article23", "细则第二十三条→《办法》第二十条第一款"),
        ),
        required=True,
    )
    facts = StringField(verbose_name="事实", max_length=500, required=True)
    since = DateField(verbose_name="起始日期", required=True)
    until = DateField(verbose_name="截止日期", required=True)

    def in_force(self, today: date) -> bool:
        """Return whether the sanction runs today, both ends included."""
        return self.since <= today <= self.until
