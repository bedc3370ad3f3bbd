"""Records of a unit: whose they are, under which name they are shown and found, and which area may see them."""

from typing import ClassVar

from mongoengine import ListField, ObjectIdField, StringField

from models.database import documents
from models.record import Record
from models.registry.units import Unit
from models.search import terms_of, text_of


class UnitRecord(Record):
    """Base of the records of a unit; its labels are copies that follow the unit's entry in the registry."""

    unit_id = ObjectIdField(
        verbose_name="单位", required=True, unique_message="该单位本年度同一类别已有记录，请在原记录上办理。"
    )
    unit_name = StringField(verbose_name="单位名称")
    former_names = ListField(StringField(), verbose_name="曾用名")
    credit_code = StringField(verbose_name="统一社会信用代码")
    area = StringField(verbose_name="县（市、区）", max_length=6, required=True)

    meta = {"abstract": True, "auto_create_index": False}

    # Whether records of the model show a new name of their unit; a model that does not says why.
    FOLLOWS_NAME: ClassVar[bool] = True
    # The fields that a record is found by, for models with `search_text`, faster with `terms`.
    SEARCHED: ClassVar[tuple[str, ...]] = ()

    def copy_unit(self, unit: Unit) -> None:
        """Take over name, former names, credit code and area of the unit."""
        self.unit_id = unit.pk
        self.unit_name = unit.name
        self.former_names = [former.name for former in unit.former_names]
        self.credit_code = unit.credit_code
        self.area = unit.area

    def refresh_search(self) -> None:
        """Rebuild the search fields, as far as the model has them."""
        texts: list[str | None] = []
        for name in self.SEARCHED:
            value = getattr(self, name)
            texts += value if isinstance(value, list) else [value]
        if "terms" in self._fields:
            self.terms = terms_of(*texts)
        if "search_text" in self._fields:
            self.search_text = text_of(*texts)

    def clean(self) -> None:
        """Refresh the search fields before every save."""
        self.refresh_search()


def unit_records() -> list[type[UnitRecord]]:
    """Return every model whose records belong to a unit."""
    return [model for model in documents() if issubclass(model, UnitRecord)]
