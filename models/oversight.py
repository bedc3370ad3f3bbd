"""Sanctions on third-party institutions (第二十二、二十三条)."""

from mongoengine import DateField, EmbeddedDocument, StringField


class Sanction(EmbeddedDocument):
    """Reports are not accepted between two days; duration is typed, the 细则 names none (第二十二、二十三条)."""

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

    def in_force(self, today) -> bool:
        return self.since <= today <= self.until
