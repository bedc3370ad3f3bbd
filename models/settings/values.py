"""Discretionary values, holidays, and the proposals by which both change."""

from mongoengine import BooleanField, DateField, DateTimeField, DynamicField, StringField

from models.record import Proposed, Record


class Setting(Record):
    """The bureau's own value for one discretionary key of the rule pack."""

    key = StringField(verbose_name="项目", required=True, unique_message="该项目已有设置。")
    value = DynamicField(verbose_name="取值")
    reason = StringField(verbose_name="理由", max_length=500)
    set_by = StringField(verbose_name="提出人")
    approved_by = StringField(verbose_name="批准人")
    set_at = DateTimeField(verbose_name="启用时间")

    meta = {
        "collection": "settings",
        "auto_create_index": False,
        "indexes": [{"fields": ["key"], "unique": True}],
    }


class Holiday(Record):
    """A day that a notice of the State Council declares free, or worked in exchange."""

    day = DateField(verbose_name="日期", required=True, unique_message="该日期已登记。")
    works = BooleanField(verbose_name="调休上班", default=False)
    source = StringField(verbose_name="来源文号", max_length=100)
    set_by = StringField(verbose_name="提出人")
    approved_by = StringField(verbose_name="批准人")

    meta = {
        "collection": "holidays",
        "auto_create_index": False,
        "indexes": [{"fields": ["day"], "unique": True}],
    }

    def __str__(self) -> str:
        return f"{self.day}{'上班' if self.works else '放假'}"


class Proposal(Proposed):
    """A new value for the discretionary key `target`, or new days for the table of holidays."""

    value = DynamicField()
    former = DynamicField()  # in force when it was prepared: proposing it again is the reversal
    shown = StringField(verbose_name="拟改为")
    former_shown = StringField(verbose_name="原为")

    meta = {"collection": "proposals", "auto_create_index": False}
