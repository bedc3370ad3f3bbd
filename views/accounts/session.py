"""Signing in and out, the own password, the second factor; and the probes that need no account."""

from __future__ import annotations

import re
from datetime import timedelta

import segno
from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from markupsafe import Markup
from pymongo.errors import PyMongoError

from app import clock, sessions
from app.extensions import address, limiter, login_manager
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.security import is_static
from app.services import accounts, audit
from app.services.core import rules
from app.services.core.by import By
from models import database, schema
from models.accounts.people import User

blueprint = Blueprint("session", __name__)

REFUSED = "账号或密码不正确，或账号已停用、已锁定。15 分钟内连续失败 5 次将锁定 30 分钟。"
PENDING = timedelta(minutes=5)  # between password and code
# Browsers drop tabs and line ends and read "\\" as "/": each of them can turn a path into another host.
OUR_PATH = re.compile(r"/(?![/\\])[^\s\\]*")
OPEN_TO_OLD_PASSWORDS = ("session.password", "session.logout", "session.healthz", "session.readyz")

login_manager.user_loader(sessions.load_user)
failures = limiter.shared_limit(
    "30 per 15 minutes",
    scope="sign-in",
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 401,
    error_message="登录失败次数过多，请 15 分钟后再试。",
)


@blueprint.route("/login", methods=["GET", "POST"])
@failures
def login() -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(_target()) if current_user.is_authenticated else _login_page()
    username = request.form.get("username", "").strip()
    user = accounts.authenticate(
        username, request.form.get("password", ""), address=address(), now=clock.now()
    )
    if user is None:
        return _login_page(error=REFUSED, username=username), 401
    if user.role not in current_app.config["SETTINGS"].totp_roles:
        return _admit(user, _target())
    session.rotate()
    passed = {"user": user.get_id(), "epoch": user.session_epoch, "at": clock.now()}
    session["pending"] = {**passed, "next": _target()}
    return redirect(url_for("session.second_factor_page"))


@blueprint.route("/second-factor", methods=["GET", "POST"], endpoint="second_factor_page")
@failures
def second_factor_page() -> ResponseReturnValue:
    pending = session.get("pending")
    user = _pending_user(pending)
    if user is None:
        return redirect(url_for("session.login"))
    if not user.totp_secret and "secret" not in pending:
        session["pending"] = pending = {**pending, "secret": accounts.new_secret()}
    if request.method == "GET":
        return _code_page(user, pending)
    if _code_is_right(user, pending, request.form.get("code", "").replace(" ", "")):
        return _admit(user, pending["next"])
    return _code_page(user, pending, "验证码不正确，请等待下一个验证码后重试。"), 401


@blueprint.route("/logout", methods=["POST"])
def logout() -> ResponseReturnValue:
    if current_user.is_authenticated:
        accounts.record_sign_out(current_user, by=By(_actor(current_user), clock.now()))
    session.rotate()
    flash("已退出。", "success")
    return redirect(url_for("session.login"))


@blueprint.route("/password", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    if request.method == "GET":
        return _password_page()
    old, new = request.form.get("current", ""), request.form.get("password", "")
    user = accounts.load_user(current_user.pk)
    try:
        if new != request.form.get("again", ""):
            raise NotAllowed("两次输入的新密码不一致。")
        changed = accounts.change_password(user, old, new, by=By(_actor(user), clock.now()))
    except NotAllowed as refusal:
        return _password_page(error=str(refusal)), 400
    response = _admit(changed, url_for("admin.index"))
    flash("密码已更换，其他已登录的设备已退出。", "success")
    return response


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    try:
        database.ping()
        wrong = schema.problem()
        age = audit.backup_age(clock.now())
    except PyMongoError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if wrong:
        return jsonify(status="unavailable", database="ok", schema=wrong), 503
    hours = None if age is None else int(age.total_seconds() // 3600)
    return jsonify(status="ok", database="ok", schema=schema.newest(), last_backup_hours=hours)


@blueprint.before_app_request
def renew_password_first() -> ResponseReturnValue | None:
    """Send an account whose password is one-time or too old to the page that changes it."""
    if is_static() or request.endpoint in OPEN_TO_OLD_PASSWORDS or not request.endpoint:
        return None
    if current_user.is_authenticated and current_user.must_renew(clock.now()):
        return redirect(url_for("session.password"))
    return None


def _admit(user: User, target: str) -> ResponseReturnValue:
    def complete(key: str) -> User:
        return accounts.complete_sign_in(user, session_id=key, by=By(_actor(user), clock.now()))

    sessions.sign_in(user, complete)
    return redirect(target)


def _pending_user(pending: dict | None) -> User | None:
    if not pending or clock.now() - pending["at"] > PENDING:
        return None
    return accounts.pending_user(pending["user"], pending["epoch"])


def _code_is_right(user: User, pending: dict, code: str) -> bool:
    vault = accounts.Vault(current_app.config["SECRET_KEY"])
    now = clock.now()
    if user.totp_secret:
        return accounts.check_code(user, code, vault, address=address(), now=now)
    return accounts.enrol_second_factor(user, pending["secret"], code, vault, by=By(_actor(user), now))


def _code_page(user: User, pending: dict, message: str = "") -> str:
    secret = "" if user.totp_secret else pending["secret"]
    picture = ""
    if secret:
        uri = accounts.provisioning_uri(
            secret, username=user.username, issuer=f"{rules.pack().city.name}绿色制造梯度培育管理系统"
        )
        picture = Markup(segno.make(uri, error="m").svg_inline(scale=4))
    return render_template(
        "ui/second_factor.html", enrol=bool(secret), secret=secret, qr_svg=picture, error=message
    )


def _login_page(**context: str) -> str:
    return render_template("ui/login.html", next=request.values.get("next", ""), **context)


def _password_page(**context: str) -> str:
    return render_template(
        "ui/password.html",
        forced=current_user.must_renew(clock.now()),
        min_length=accounts.min_password_length(current_user.is_staff),
        cancel_url=url_for("admin.index"),
        **context,
    )


def _target() -> str:
    """Return where to go after signing in: a path of our own, never an address from outside."""
    target = request.values.get("next", "")
    return target if OUR_PATH.fullmatch(target) else url_for("admin.index")


def _actor(user: User) -> Actor:
    return user.actor(address())
