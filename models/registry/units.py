"""Units: enterprises and parks, with a part for each kind that they are (第三、七至九条)."""

from bson import ObjectId
from mongoengine import (
    BooleanField,
    DateField,
    Decimal128Field,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    Q,
    QuerySet,
    StringField,
    ValidationError,
)

from app.policy import spelling
from app.policy.terms import Kind, Ownership, ParkGrade
from models.record import Record
from models.search import terms_of, text_of

CODE_LENGTH = 18
CODE_TAKEN = "该统一社会信用代码已登记，同一主体只登记一次。"


def credit_code_problem(code: str) -> str:
    """Return the fault of a unified social credit code (GB 32100-2015), "" for a valid one."""
    if len(code) != CODE_LENGTH:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位。"
    if not spelling.is_credit_code(code):
        return "统一社会信用代码校验位或字符有误，请核对营业执照。"
    return ""


def tidy_names(record: Record, *fields: str) -> None:
    """Write names in their one spelling. Raises ValidationError naming the place of a character that cannot be kept."""
    for field in fields:
        if not (text := getattr(record, field)):
            continue
        try:
            setattr(record, field, spelling.name(text))
        except spelling.Unwritable as refusal:
            label = record._fields[field].verbose_name
            raise ValidationError(str(refusal), errors={field: f"{label}“{text}”{refusal}。"}) from None


class Address(EmbeddedDocument):
    """An address and its area; the area code is "" outside the city."""

    area = StringField(verbose_name="县（市、区）", max_length=6)
    text = StringField(verbose_name="详细地址", max_length=200)

    def __str__(self) -> str:
        return self.text or ""


class FormerName(EmbeddedDocument):
    """A name borne until a day; the unit is found by it for ever (第二十条)."""

    name = StringField(verbose_name="曾用名", max_length=100, required=True)
    until = DateField(verbose_name="用至")

    def __str__(self) -> str:
        return f"{self.name}（至{self.until}）" if self.until else self.name


class Contact(EmbeddedDocument):
    """A person to call; masked everywhere but in the edit form."""

    name = StringField(verbose_name="姓名", max_length=40)
    title = StringField(verbose_name="部门和职务", max_length=60)
    phone = StringField(verbose_name="电话", max_length=40)
    email = StringField(verbose_name="电子邮箱", max_length=100)

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.title) if part)


class Honour(EmbeddedDocument):
    """A title of 第十一条 or 第二十四条, held until a day or for ever."""

    code = StringField(verbose_name="称号", max_length=40, required=True)
    awarded_on = DateField(verbose_name="获得日期")
    expires_on = DateField(verbose_name="有效期至")
    document = StringField(verbose_name="依据文号", max_length=100)

    def valid_on(self, today) -> bool:
        """Return whether the title is held on a day."""
        return self.expires_on is None or today <= self.expires_on


class CultivationPlan(EmbeddedDocument):
    """A park's or leader's plan to cultivate green factories (第八条（二）、第九条（二）)."""

    title = StringField(verbose_name="计划名称", max_length=200)
    published_on = DateField(verbose_name="发布日期")
    attachment_id = ObjectIdField(verbose_name="文件")
    progress = StringField(verbose_name="进展", max_length=1000)

    def __str__(self) -> str:
        return self.title or ""


class FactoryPart(EmbeddedDocument):
    """Facts of a factory (第七条)."""

    employees = IntField(verbose_name="从业人数", min_value=0)
    land_area = Decimal128Field(verbose_name="用地面积（m²）")
    floor_area = Decimal128Field(verbose_name="建筑面积（m²）")
    key_energy_user = BooleanField(verbose_name="重点用能单位")
    discharge_permit = StringField(verbose_name="排污许可证号", max_length=60)
    certificates = StringField(verbose_name="管理体系证书", max_length=500)


class ParkPart(EmbeddedDocument):
    """Facts of a park (第八条)."""

    grade = StringField(verbose_name="园区级别", choices=ParkGrade.choices())
    approval = StringField(verbose_name="批准设立文号", max_length=100)
    boundary = StringField(verbose_name="四至范围", max_length=500)
    land_area = Decimal128Field(verbose_name="面积（km²）")
    authority = StringField(verbose_name="管理机构名称", max_length=100)
    authority_code = StringField(verbose_name="管理机构代码", max_length=CODE_LENGTH)
    value_added_share = Decimal128Field(verbose_name="工业增加值占比（%）")
    large_enterprises = IntField(verbose_name="规上企业数", min_value=0)
    plan = EmbeddedDocumentField(CultivationPlan, verbose_name="绿色工厂培育计划")


class SupplyChainPart(EmbeddedDocument):
    """Facts of a supply-chain leader (第九条)."""

    position = StringField(verbose_name="产业链地位", max_length=500)
    suppliers = IntField(verbose_name="供应商数（家）", min_value=0)
    revenue = Decimal128Field(verbose_name="营业收入（万元）")
    indicator_system = StringField(verbose_name="采用的指标体系", max_length=100)
    plan = EmbeddedDocumentField(CultivationPlan, verbose_name="供应商绿色工厂培育计划")


class UnitQuerySet(QuerySet):
    """Queries for units."""

    def tenants_of(self, park) -> "UnitQuerySet":
        """Return the tenants of a park."""
        return self.filter(park_id=park.pk)

    def suppliers_of(self, leader) -> "UnitQuerySet":
        """Return the suppliers of a supply-chain leader."""
        return self.filter(leader_ids=leader.pk)

    def honoured(self, code, today) -> "UnitQuerySet":
        """Return the holders of an honour on a day: awarded for ever, or not yet expired."""
        held = {"code": code}
        return self.filter(
            Q(honours__match=held | {"expires_on": None})
            | Q(honours__match=held | {"expires_on__gte": today})
        )


class Unit(Record):
    """An enterprise or park, unique by credit code; the same legal person may be of several kinds."""

    SCOPE_SELF = ("pk", "unit_id")
    SCOPE_ENGAGED = "unit_id"

    credit_code = StringField(
        verbose_name="统一社会信用代码",
        max_length=CODE_LENGTH,
        required=True,
        unique_message="该统一社会信用代码已登记，同一主体只登记一次。",
    )
    name = StringField(verbose_name="单位名称", max_length=100, required=True)
    area = StringField(verbose_name="所属县（市、区）", max_length=6, required=True)
    kinds = ListField(StringField(choices=Kind.choices()), verbose_name="类别")
    former_names = ListField(EmbeddedDocumentField(FormerName), verbose_name="曾用名")
    registered = EmbeddedDocumentField(Address, verbose_name="注册地址")
    production = EmbeddedDocumentField(Address, verbose_name="实际生产（经营）地址")
    ownership = StringField(verbose_name="单位性质", choices=Ownership.choices())
    legal_person = StringField(verbose_name="法定代表人", max_length=40)
    founded_on = DateField(verbose_name="成立日期")
    industries = ListField(StringField(max_length=4), verbose_name="所属行业（GB/T 4754-2017）")
    industries_stated = StringField(verbose_name="所属行业（汇总表所填）", max_length=300)
    products = StringField(verbose_name="主要产品", max_length=300)
    output_value = Decimal128Field(verbose_name="上年产值（万元）")
    energy = Decimal128Field(verbose_name="综合能耗（tce）")
    introduction = StringField(verbose_name="单位简介", max_length=1000)
    contacts = ListField(EmbeddedDocumentField(Contact), verbose_name="联系人")
    honours = ListField(EmbeddedDocumentField(Honour), verbose_name="荣誉称号")
    focus = BooleanField(verbose_name="列为县级培育重点", default=False)
    factory = EmbeddedDocumentField(FactoryPart, verbose_name="绿色工厂信息")
    park = EmbeddedDocumentField(ParkPart, verbose_name="园区信息")
    supply_chain = EmbeddedDocumentField(SupplyChainPart, verbose_name="供应链信息")
    park_id = ObjectIdField(verbose_name="所在园区")
    leader_ids = ListField(ObjectIdField(), verbose_name="所属供应链主导企业")
    predecessor_id = ObjectIdField(verbose_name="承继单位")
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "units",
        "queryset_class": UnitQuerySet,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["credit_code"], "unique": True},
            "terms",
            ("area", "name", "id"),
            ("name", "id"),
            ("area", "credit_code", "id"),
            ("kinds", "name", "id"),
            ("area", "kinds", "name", "id"),
            ("industries", "name", "id"),
            ("honours.code", "name", "id"),
            "park_id",
            "leader_ids",
        ],
    }

    def __str__(self) -> str:
        return self.name or ""

    @property
    def unit_id(self) -> ObjectId:
        """Return the unit's own key: files and history ask every record for its unit."""
        return self.pk

    def names(self) -> list[str]:
        """Return the present name and every former one."""
        return [self.name, *(former.name for former in self.former_names)]

    def clean(self) -> None:
        """Check credit code and industries, refresh the search fields. Raises ValidationError."""
        self.credit_code = spelling.code(self.credit_code or "")
        tidy_names(self, "name", "legal_person")
        if problem := credit_code_problem(self.credit_code):
            raise ValidationError(problem, errors={"credit_code": problem})
        unknown = [code for code in self.industries if not (len(code) == 4 and code.isdecimal())]
        if unknown:
            problem = f"行业代码 {'、'.join(unknown)} 不是 GB/T 4754-2017 的四位小类代码。"
            raise ValidationError(problem, errors={"industries": problem})
        self.terms = terms_of(*self.names(), self.credit_code)
        self.search_text = text_of(*self.names(), self.credit_code)
