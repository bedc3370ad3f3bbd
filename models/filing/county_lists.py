"""County lists 推荐名单: the applications that a county recommends together (第十三条)."""

from mongoengine import DateField, DateTimeField, IntField, ListField, ObjectIdField, StringField

from models.record import Record
from models.search import terms_of, text_of


class CountyList(Record):
    """Recommendation of a county in a year: applications in order, letter, receipt of the platform."""

    area = StringField(verbose_name="县（市、区）", max_length=6, required=True)
    year = IntField(verbose_name="年度", required=True)
    application_ids = ListField(ObjectIdField(), verbose_name="推荐对象")
    unit_ids = ListField(ObjectIdField())
    platform_receipt = StringField(verbose_name="管理平台报送回执号", max_length=40, required=True)
    filed_on = DateField(verbose_name="管理平台报送日期", required=True)
    contact = StringField(verbose_name="联系人", max_length=40, required=True)
    phone = StringField(verbose_name="联系电话", max_length=40, required=True)
    paper_id = ObjectIdField(verbose_name="推荐函")
    prepared_by = StringField(verbose_name="办理人账号", required=True)
    prepared_name = StringField(verbose_name="办理人")
    prepared_at = DateTimeField(verbose_name="办理时间", required=True)
    settled_at = DateTimeField(verbose_name="报送时间")  # None: cut off by a crash, the sweep finishes it
    outcome = StringField(verbose_name="结果")
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "county_lists",
        "auto_create_index": False,
        "indexes": [("area", "-year", "-id"), ("-year", "-id"), "settled_at", "unit_ids", "terms"],
    }

    def __str__(self) -> str:
        return f"{self.year} 年度推荐名单（{len(self.application_ids)} 家）"

    def clean(self) -> None:
        self.terms = terms_of(self.platform_receipt)
        self.search_text = text_of(self.platform_receipt)
