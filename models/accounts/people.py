"""Accounts: who may sign in, in which role, and for which area, institution or unit."""

from __future__ import annotations

from datetime import datetime, timedelta

from mongoengine import Document, QuerySet, ValidationError
from mongoengine.fields import (
    BooleanField,
    DateTimeField,
    EmailField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.access import Actor
from app.policy.terms import Role

ACCOUNT_ROLES = tuple((code, label) for code, label in Role.choices() if code != Role.SYSTEM.value)
# Which one field ties a role to its rows; the other roles are tied to none.
SCOPE_FIELDS = {Role.COUNTY: "area", Role.EVALUATOR: "evaluator_id", Role.UNIT: "unit_id"}
SCOPE_LABELS = {"area": "所属县（市、区）", "evaluator_id": "所属第三方机构", "unit_id": "所属单位"}
STAFF = frozenset({Role.COUNTY, Role.CITY, Role.CITY_LEAD, Role.ADMIN, Role.AUDITOR})
PASSWORD_LIFE = timedelta(days=90)


class UserQuerySet(QuerySet):
    """Look-ups of accounts."""

    def named(self, username: str) -> User | None:
        """Return the account of this name, if there is one."""
        return self.filter(username=username).first()

    def working(self, role: Role) -> UserQuerySet:
        """Return the accounts of this role that are not disabled."""
        return self.filter(role=role.value, active=True)


class User(Document):
    """One person's account; it has exactly one role, so the separated duties cannot meet in it."""

    SCOPE_SELF = ("username", "username")

    username = StringField(required=True, regex=r"^[a-z][a-z0-9._-]{1,39}$", verbose_name="账号")
    name = StringField(required=True, min_length=1, max_length=60, verbose_name="姓名")
    role = StringField(required=True, choices=ACCOUNT_ROLES, verbose_name="角色")
    area = StringField(default="", max_length=12, verbose_name=SCOPE_LABELS["area"])
    evaluator_id = ObjectIdField(verbose_name=SCOPE_LABELS["evaluator_id"])
    unit_id = ObjectIdField(verbose_name=SCOPE_LABELS["unit_id"])
    handles_tips = BooleanField(default=False, verbose_name="举报专办")
    active = BooleanField(default=True, verbose_name="启用")
    email = EmailField(max_length=100, verbose_name="电子邮箱")
    muted = ListField(StringField(max_length=40), verbose_name="不发邮件的消息")  # never a legal reminder
    password_hash = StringField(default="", verbose_name="密码")
    password_history = ListField(StringField(), max_length=5)
    password_changed_at = DateTimeField(verbose_name="密码更换时间")
    must_change_password = BooleanField(default=True, verbose_name="下次登录须更换密码")
    failures = ListField(DateTimeField())
    attempts = IntField(default=0)  # compare-and-set on `failures`: parallel guesses are counted one by one
    locked_until = DateTimeField(verbose_name="锁定至")
    totp_secret = StringField(default="")  # encrypted; the key is not in the database
    totp_step = IntField(default=0)  # last accepted time step: a code works once
    session_epoch = IntField(default=0)  # raised when every open session of the account must end
    session_id = StringField(default="")  # the one session of a staff account
    last_login_at = DateTimeField(verbose_name="最近登录时间")
    guard = IntField(default=0)  # written when administrators are counted, so that two counts collide
    version = IntField(default=0, derived=True)

    meta = {
        "collection": "users",
        "queryset_class": UserQuerySet,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["username"], "unique": True},
            {"fields": ["role", "active"]},
            {"fields": ["unit_id"]},
            {"fields": ["evaluator_id"]},
            {
                # one account handles tips, and only one (第二十三条)
                "fields": ["handles_tips"],
                "unique": True,
                "partialFilterExpression": {"handles_tips": True},
            },
        ],
    }

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    # Flask-Login's four questions.
    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        return str(self.pk)

    @property
    def term(self) -> Role:
        """Return the role as a word of the vocabulary."""
        return Role(self.role)

    @property
    def is_staff(self) -> bool:
        """Return whether an official holds the account, with stricter rules for password and sessions."""
        return self.term in STAFF

    @property
    def scope(self) -> object:
        """Return the area code, institution or unit that the account is tied to, or None."""
        return getattr(self, SCOPE_FIELDS[self.term]) if self.term in SCOPE_FIELDS else None

    def is_locked(self, now: datetime) -> bool:
        """Return whether failed attempts have locked the account."""
        return self.locked_until is not None and self.locked_until > now

    def password_is_old(self, now: datetime) -> bool:
        """Return whether the password has outlived its ninety days."""
        return self.password_changed_at is None or now - self.password_changed_at > PASSWORD_LIFE

    def must_renew(self, now: datetime) -> bool:
        """Return whether the account must change its password before anything else."""
        return self.must_change_password or self.password_is_old(now)

    def actor(self, address: str = "", source: str = "form") -> Actor:
        """Return the account as the one who acts, with its scope."""
        return Actor(
            username=self.username,
            name=self.name,
            role=self.term,
            area=self.area,
            evaluator_id=self.evaluator_id,
            unit_id=self.unit_id,
            handles_tips=self.handles_tips,
            address=address,
            source=source,
        )

    def clean(self) -> None:
        """Demand the scope that the role needs and no other; only the city's clerk handles tips."""
        required = SCOPE_FIELDS.get(Role(self.role)) if self.role in dict(ACCOUNT_ROLES) else None
        errors = {}
        for field, label in SCOPE_LABELS.items():
            if field == required and not getattr(self, field):
                errors[field] = ValidationError(f"{self.term.label}须填写{label}", field_name=field)
            elif field != required and getattr(self, field):
                errors[field] = ValidationError(f"该角色不填写{label}", field_name=field)
        if self.handles_tips and self.role != Role.CITY.value:
            errors["handles_tips"] = ValidationError("举报专办须为市局经办", field_name="handles_tips")
        if errors:
            raise ValidationError("账号的角色与范围不符", errors=errors)
