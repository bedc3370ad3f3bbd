"""Settings from the environment, validated once; unknown or contradictory ones are refused by name."""

import contextlib
import difflib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from app import clock
from app.addresses import LOOPBACK, clamd_problem, smtp_problem, webhook_problem
from app.policy import pack
from app.policy.terms import Role

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent.parent
ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
KEY_FILES = {"secret_key": "secret", "audit_key": "audit.key", "tips_key": "tips.key"}
REFUSED_OPTIONS = ("w", "wtimeoutms", "journal", "j", "fsync")  # they break every write inside a transaction


class ConfigError(Exception):
    """Wrong settings, all named in one message."""


@dataclass(frozen=True)
class Config:
    """Settings of one process; secrets never appear in its repr."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"  # where users reach it; printed in verification codes
    trusted_hosts: tuple[str, ...] = LOOPBACK
    proxy_hops: int = 0
    var_dir: Path = ROOT / "var"
    mongodb_uri: str | None = field(default=None, repr=False)
    sealer_uri: str | None = field(default=None, repr=False)
    backup_uri: str | None = field(default=None, repr=False)
    secret_key: str = field(default="", repr=False)
    audit_key: str = field(default="", repr=False)
    tips_key: str = field(default="", repr=False)
    audit_anchors: Path = ROOT / "var" / "anchors.jsonl"
    clock_file: Path | None = None
    rule_pack: str = "yunfu"
    demo: bool = False
    totp_roles: frozenset[str] = frozenset()
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = ""
    webhook_url: str | None = field(
        default=None, repr=False
    )  # the bureau's group robot; no screen can change it
    clamd: str | None = None
    backup_dir: Path | None = None
    backup_keep: int = 14
    backup_key: Path | None = None  # a file outside the backups; without it they are not encrypted

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read, check and complete all settings. Raises ConfigError naming every wrong one."""
        return _Reader(environ).config()

    @property
    def secure(self) -> bool:
        """Return whether users come over HTTPS: cookies are then marked Secure."""
        return self.public_url.startswith("https://")

    def uri(self, user: str = "app") -> str:
        """Return the MongoDB URI of app, sealer, backup or owner. Raises ConfigError when there is none."""
        own_uri = {"app": self.mongodb_uri, "sealer": self.sealer_uri, "backup": self.backup_uri}.get(user)
        if own_uri:
            return own_uri
        if self.mongodb_uri:
            raise ConfigError(f"使用外部数据库时，{user} 账户须由 MONGODB_{user.upper()}_URI 给出")
        try:
            return uri_file(self.var_dir, user).read_text(encoding="ascii").strip()
        except OSError as error:
            raise ConfigError(f"内置数据库没有运行：读不到 {uri_file(self.var_dir, user)}") from error


def uri_file(var_dir: Path, user: str = "app") -> Path:
    """Return the file in which the embedded database leaves the URI of one of its users."""
    return var_dir / "mongo" / ("uri" if user == "app" else f"uri-{user}")


class _Reader:
    """Reader of the environment that gathers all problems before it complains."""

    NAMES = (
        "HOST PORT PUBLIC_URL TRUSTED_HOSTS PROXY_HOPS VAR_DIR MONGODB_URI MONGODB_SEALER_URI "
        "MONGODB_BACKUP_URI SECRET_KEY AUDIT_KEY TIPS_KEY AUDIT_ANCHORS CLOCK_FILE RULE_PACK DEMO "
        "DEMO_PASSWORD TOTP_ROLES SMTP_URL MAIL_FROM WEBHOOK_URL CLAMD BACKUP_DIR BACKUP_KEEP BACKUP_KEY"
    ).split()

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def config(self) -> Config:
        self._misspelt()
        host, port = self._text("HOST", "127.0.0.1"), self._number("PORT", 8000, 1, 65535)
        external, demo = self._mongodb("MONGODB_URI"), self._flag("DEMO")
        public_url = self._public_url(host, port)
        var_dir = Path(self._text("VAR_DIR", str(ROOT / "var"))).absolute()
        values = dict(
            host=host,
            port=port,
            public_url=public_url,
            trusted_hosts=self._trusted_hosts(public_url),
            proxy_hops=self._number("PROXY_HOPS", 0, 0, 5),
            var_dir=var_dir,
            mongodb_uri=external,
            sealer_uri=self._mongodb("MONGODB_SEALER_URI"),
            backup_uri=self._mongodb("MONGODB_BACKUP_URI"),
            audit_anchors=Path(self._text("AUDIT_ANCHORS", str(var_dir / "anchors.jsonl"))).absolute(),
            clock_file=self._clock_file(external),
            rule_pack=self._rule_pack(),
            demo=demo,
            totp_roles=self._roles("TOTP_ROLES", "admin,auditor,city_lead" if external and not demo else ""),
            smtp_url=self._smtp(),
            mail_from=self._text("MAIL_FROM", ""),
            webhook_url=self._webhook(),
            clamd=self._clamd(),
            backup_dir=self._path("BACKUP_DIR", None if external else var_dir / "backups"),
            backup_keep=self._number("BACKUP_KEEP", 14, 1, 1000),
            backup_key=self._key_file("BACKUP_KEY"),
        )
        self._contradictions(demo, external)
        keys = {name: self._key(name.upper(), external) for name in KEY_FILES}
        if self.problems:
            raise ConfigError("设置有误：\n" + "\n".join(f"  · {problem}" for problem in self.problems))
        for name, value in keys.items():
            values[name] = value or _stored_key(var_dir / KEY_FILES[name])
        return Config(**values)

    def _text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def _wrong(self, name: str, why: str) -> None:
        self.problems.append(f"{name}：{why}")

    def _misspelt(self) -> None:
        for name in self.environ:
            near = difflib.get_close_matches(name, self.NAMES, n=1, cutoff=0.86)
            if near and "_" in near[0] and name not in self.NAMES:
                self._wrong(name, f"没有这个设置，是否指 {near[0]}")

    def _number(self, name: str, default: int, least: int, most: int) -> int:
        text = self._text(name, str(default))
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self._wrong(name, f"应为 {least} 至 {most} 的整数，现为“{text}”")
        return default

    def _flag(self, name: str) -> bool:
        text = self._text(name, "0")
        if text not in ("0", "1"):
            self._wrong(name, f"应为 0 或 1，现为“{text}”")
        return text == "1"

    def _public_url(self, host: str, port: int) -> str:
        if not self._text("PUBLIC_URL", "") and host not in LOOPBACK:
            self._wrong(
                "PUBLIC_URL", f"HOST 为 {host} 时必须给出用户访问的网址，如 https://lvti.example.gov.cn"
            )
        text = self._text("PUBLIC_URL", f"http://{host}:{port}")
        try:
            parts = urlsplit(text)
            plain = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
        except ValueError:
            plain = False
        if not plain:
            self._wrong("PUBLIC_URL", f"应为 http(s)://主机[:端口]，现为“{text}”")
            return "http://127.0.0.1"
        return text.rstrip("/")

    def _trusted_hosts(self, public_url: str) -> tuple[str, ...]:
        named = [host.strip() for host in self._text("TRUSTED_HOSTS", "").split(",") if host.strip()]
        return tuple(dict.fromkeys([urlsplit(public_url).hostname or "", *named, *LOOPBACK]))

    def _mongodb(self, name: str) -> str | None:
        text = self._text(name, "")
        if not text:
            return None
        parts = urlsplit(text)
        if parts.scheme not in ("mongodb", "mongodb+srv") or not parts.netloc:
            self._wrong(name, "应为 mongodb:// 或 mongodb+srv:// 开头的连接串")
        options = (option for option, _ in parse_qsl(parts.query, keep_blank_values=True))
        if refused := sorted(option for option in options if option.lower() in REFUSED_OPTIONS):
            self._wrong(name, f"不得带参数 {'、'.join(refused)}：写入须多数节点确认，由服务器默认值保证")
        return text

    def _rule_pack(self) -> str:
        text = self._text("RULE_PACK", "yunfu")
        try:
            pack.load(text)
        except pack.PackError as error:
            self._wrong("RULE_PACK", str(error))
        return text

    def _clock_file(self, external: str | None) -> Path | None:
        text = self._text("CLOCK_FILE", "")
        if not text:
            return None
        if external:
            self._wrong("CLOCK_FILE", "与 MONGODB_URI 不能同时使用：正式数据库只认真实时间")
            return None
        try:
            clock.read_instant(Path(text))
        except (OSError, ValueError) as error:
            self._wrong("CLOCK_FILE", f"{text} 中没有可用的时间（如 2026-04-15T09:00）：{error}")
        return Path(text).absolute()

    def _roles(self, name: str, default: str) -> frozenset[str]:
        text = self.environ.get(name, default)
        named = frozenset(role.strip() for role in text.split(",") if role.strip() not in ("", "none"))
        if unknown := sorted(named - set(ROLES)):
            self._wrong(name, f"没有角色 {'、'.join(unknown)}；可用：{'、'.join(ROLES)}，或 none")
        return named

    def _smtp(self) -> str | None:
        text = self._text("SMTP_URL", "")
        if not text:
            return None
        if problem := smtp_problem(text):
            self._wrong("SMTP_URL", problem)
        if not self._text("MAIL_FROM", ""):
            self._wrong("MAIL_FROM", "给出 SMTP_URL 时必须给出发件地址")
        return text

    def _webhook(self) -> str | None:
        text = self._text("WEBHOOK_URL", "")
        if text and (problem := webhook_problem(text)):
            self._wrong("WEBHOOK_URL", problem)
        return text or None

    def _clamd(self) -> str | None:
        text = self._text("CLAMD", "")
        if text and (problem := clamd_problem(text)):
            self._wrong("CLAMD", problem)
        return text or None

    def _path(self, name: str, default: Path | None) -> Path | None:
        text = self._text(name, "")
        return Path(text).absolute() if text else default

    def _key_file(self, name: str) -> Path | None:
        path = self._path(name, None)
        if path is None:
            return None
        try:
            long_enough = len(path.read_bytes().strip()) >= 32
        except OSError as error:
            self._wrong(name, f"应为密钥文件的路径，读不到 {path}：{error.strerror}")
            return None
        if not long_enough:
            self._wrong(name, f"密钥文件 {path} 至少须有 32 个随机字符")
        return path

    def _contradictions(self, demo: bool, external: str | None) -> None:
        if demo and external:
            self._wrong("DEMO", "与 MONGODB_URI 不能同时使用：演示数据不得写入外部数据库")
        if self._text("DEMO_PASSWORD", "") and external:
            self._wrong("DEMO_PASSWORD", "与 MONGODB_URI 不能同时使用")
        for name in ("MONGODB_SEALER_URI", "MONGODB_BACKUP_URI"):
            if self._text(name, "") and not external:
                self._wrong(name, "只能与 MONGODB_URI 一起使用")

    def _key(self, name: str, external: str | None) -> str:
        text = self._text(name, "")
        if text and len(text) < 32:
            self._wrong(name, "至少 32 个字符")
        if external and not text:
            self._wrong(name, "使用 MONGODB_URI 时必须给出（至少 32 个随机字符，各进程相同）")
        return text


def _stored_key(path: Path) -> str:
    """Return the folder's random key; the first start makes it, later starts read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # web and jobs may start at the same moment: the first one wins
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
