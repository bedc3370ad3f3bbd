"""The shell around every request: trusted hosts, typed input, response headers, error pages."""

from __future__ import annotations

import logging
import re
import secrets
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from mongoengine.connection import get_db
from pymongo.errors import ConnectionFailure
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Config
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.sessions import PROBES
from models.database import NotSaved

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MAX_ARGUMENTS = 200
# Tabs and line ends are text; marks that turn the reading direction can forge a name on paper.
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
OBJECT_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
YEAR = re.compile(r"all|[12][0-9]{3}", re.ASCII)
NUMBERS = {"page": (0, 1_000_000), "page_size": (1, 1_000), "sort": (0, 200), "desc": (0, 1)}
LENGTHS = {"search": 100, "url": 4_000, "next": 4_000}
MAX_VALUE_LENGTH = 1_000
ADDRESSES = ("url", "next")

MESSAGES = {
    400: ("请求有误", "网址或提交的内容无法识别，请返回后重试。"),
    401: ("需要登录", "请先登录。"),
    403: ("没有权限", "您的账号不能办理这项操作或查看这个页面。"),
    404: ("没有找到", "没有这个页面或记录，或者它不在您的管理范围内。"),
    405: ("不能这样访问", "这个网址不支持这种访问方式，请从页面上的按钮操作。"),
    409: ("未保存", "该记录已被他人更改。"),
    413: ("内容过大", "提交的内容超过上限（合计 64 MB，文字 4 MB，5000 项），请压缩或分批提交。"),
    414: ("网址过长", "网址过长，请减少筛选条件。"),
    429: ("操作过于频繁", "失败次数过多，请稍后再试。"),
    500: ("系统出错", "系统内部出错，已记录。请稍后重试；仍不成功时，请告知系统管理员。"),
    503: ("暂时无法服务", "数据库暂时无法访问，本次操作未保存，请稍后重试。"),
}

PLAIN_PAGE = Markup(
    """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>
<h1>{title}</h1><p>{message}</p><p>错误编号：{number}</p></html>"""
)


def init_app(app: Flask, config: Config, *, mongodb_uri: str) -> None:
    """Bind before every other part: its guard must be the first to see a request."""
    app.config.update(
        SETTINGS=config,
        SECRET_KEY=config.secret_key,
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=64 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,  # a table pasted from Excel comes as one text
        MAX_FORM_PARTS=5_000,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        RATELIMIT_STORAGE_URI=mongodb_uri,
        RATELIMIT_STORAGE_OPTIONS={
            "database_name": get_db().name,
            "counter_collection_name": "rate_counters",
            "window_collection_name": "rate_windows",
        },
    )
    if hops := config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    app.jinja_env.globals["csp_nonce"] = nonce
    app.before_request(guard)
    app.after_request(_headers)
    for error, handler in _HANDLERS:
        app.register_error_handler(error, handler)


# Input


def clean_text(text: str) -> str:
    """Return text as it is stored: NFC, soft breaks as line ends. Raises ValueError for control characters."""
    text = unicodedata.normalize("NFC", text.replace("\x0b", "\n").replace("\x0c", "\n"))
    if FORBIDDEN.search(text):
        raise ValueError("含有不可见的控制字符，请删除后重新输入。")
    return text


def guard() -> None:
    """Type every value before a view sees it: a wrong one gets 400 in words, a wrong id 404."""
    for name, value in (request.view_args or {}).items():
        if isinstance(value, str) and (FORBIDDEN.search(value) or not _fits(name, value)):
            abort(404)
    request.args = typed(request.args)
    if request.method in ("POST", "PUT", "PATCH", "DELETE"):
        request.form = ImmutableMultiDict(_cleaned(request.form, _field))


def typed(arguments: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return the arguments of an address, each checked by the meaning of its name."""
    if len(arguments) > MAX_ARGUMENTS:
        _refuse("网址中的条件过多。")
    return ImmutableMultiDict(_cleaned(arguments, _argument))


def _cleaned(values: MultiDict[str, str], clean: Callable[[str, str], str]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in values.items(multi=True):
        try:
            pairs.append((clean_text(name), clean(name, value)))
        except ValueError as error:
            _refuse(f"“{FORBIDDEN.sub('', name)[:40]}”{error}")
    return pairs


def _argument(name: str, value: str) -> str:
    value = clean_text(value)
    if len(value) > LENGTHS.get(name, MAX_VALUE_LENGTH):
        raise ValueError("过长。")
    _parsed(name, value)
    if value and name in NUMBERS:
        least, most = NUMBERS[name]
        if not (NUMBER.fullmatch(value) and least <= int(value) <= most):
            raise ValueError(f"须为 {least} 至 {most} 的整数。")
    if value and name == "year" and not YEAR.fullmatch(value):
        raise ValueError("须为四位年份。")
    if not _fits(name, value):
        abort(404)
    return value


def _field(name: str, value: str) -> str:
    _parsed(name, value)
    return clean_text(value)


def _parsed(name: str, value: str) -> None:
    """Demand that an argument called an address can be parsed as one: later use would end in a 500."""
    if name in ADDRESSES:
        try:
            urlsplit(value)
        except ValueError:
            raise ValueError("不是网址。") from None


def _fits(name: str, value: str) -> bool:
    """Return whether an argument called an id can be one: MongoEngine's complaint would become a 500."""
    return name != "id" and not name.endswith("_id") or bool(OBJECT_ID.fullmatch(value))


class Refused(BadRequest):
    """A value that the guard refused; the description is for the user."""


def _refuse(why: str) -> None:
    raise Refused(why)


# Output


def nonce() -> str:
    """Return this response's nonce: only scripts and styles that carry it run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def _headers(response: Response) -> Response:
    ours = f"'self' 'nonce-{nonce()}'"
    response.headers.update(
        {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src {ours}; style-src {ours}; img-src 'self' data:; "
                "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
    )
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if not is_static():
        response.headers["Cache-Control"] = "no-store"
    return response


def is_static() -> bool:
    """Return whether the request is for a file of the program itself, the same for everybody."""
    return (request.endpoint or "").rpartition(".")[2] == "static"


# Errors


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # a redirect, or a response that a view made itself
    if isinstance(error, CSRFError):
        return _page(400, "页面已过期或不是从本系统提交的，请返回、刷新后重新提交。")
    if isinstance(error, Refused):
        return _page(400, error.description)
    if isinstance(error, SecurityError):
        return _page(400, "这个域名不属于本系统。", plain=True)
    response = _page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _policy_error(error: PolicyError) -> Response:
    code = 409 if isinstance(error, Conflict) else 403 if isinstance(error, NotAllowed) else 400
    return _page(code, str(error))


def _not_saved(error: NotSaved) -> Response:
    return _page(503, str(error), plain=True)


def _unreachable(error: ConnectionFailure) -> Response:
    return _page(503, plain=True)


def _page(code: int, message: str = "", *, plain: bool = False) -> Response:
    title, usual = MESSAGES.get(code) or MESSAGES[500 if code >= 500 else 400]
    number = secrets.token_hex(4).upper()
    level = logging.ERROR if code >= 500 else logging.INFO
    log.log(level, "error %s: %s on %s %s", number, code, request.method, request.path, exc_info=code >= 500)
    context = {"title": title, "message": message or usual, "number": number}
    if wants_json():
        response = jsonify(context)
    else:
        response = Response(_plain(context) if plain else _rendered(context), mimetype="text/html")
    response.status_code = code
    return response


def _rendered(context: dict[str, str]) -> str:
    try:
        return render_template("ui/error.html", **context)
    except Exception:  # the page itself may be what is broken, or the database that its menu reads
        log.exception("error page could not be rendered")
        return _plain(context)


def _plain(context: dict[str, str]) -> str:
    return str(PLAIN_PAGE.format(**context))


def wants_json() -> bool:
    """Return whether a program asks: a probe, or a script of our own pages."""
    scripted = request.is_json or request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return scripted or request.path in PROBES


_HANDLERS = (
    (HTTPException, _http_error),
    (PolicyError, _policy_error),
    (NotSaved, _not_saved),
    (ConnectionFailure, _unreachable),
)
