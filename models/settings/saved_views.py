"""Named views of lists: filters and columns, for their owner or for colleagues too."""

from mongoengine import BooleanField, StringField

from models.record import Record


class SavedView(Record):
    """Filters and columns of a list under a name; `circle` names the colleagues who share it."""

    username = StringField(required=True)
    owner_name = StringField(verbose_name="建立人", max_length=60)
    resource = StringField(verbose_name="列表", max_length=40, required=True)
    name = StringField(verbose_name="名称", max_length=30, required=True)
    query = StringField(verbose_name="条件和列", max_length=2000)
    shared = BooleanField(verbose_name="与同事共用", default=False)
    circle = StringField(max_length=60)

    meta = {
        "collection": "saved_views",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["username", "resource", "name"], "unique": True},
            ("resource", "circle", "name"),
        ],
    }

    def __str__(self) -> str:
        return self.name or ""
