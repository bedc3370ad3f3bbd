"""What the 细则 leaves open: values that the bureau sets, with who set them and why; and holidays."""

from mongoengine import BooleanField, DateField, DateTimeField, DynamicField, StringField

from models.record import Record


class Setting(Record):
    """The bureau's own value for one discretionary key of the rule pack."""

    key = StringField(verbose_name="项目", required=True)
    value = DynamicField(verbose_name="取值")
    reason = StringField(verbose_name="理由", max_length=500)
    set_by = StringField(verbose_name="设置人")
    set_at = DateTimeField(verbose_name="设置时间")

    meta = {
        "collection": "settings",
        "auto_create_index": False,
        "indexes": [{"fields": ["key"], "unique": True}],
    }


class Holiday(Record):
    """A day of the State Council's notice: free, or worked in exchange."""

    day = DateField(verbose_name="日期", required=True)
    works = BooleanField(verbose_name="调休上班", default=False)
    source = StringField(verbose_name="来源文号", max_length=100)

    meta = {
        "collection": "holidays",
        "auto_create_index": False,
        "indexes": [{"fields": ["day"], "unique": True}],
    }

    def __str__(self) -> str:
        return f"{self.day}{'上班' if self.works else '放假'}"
