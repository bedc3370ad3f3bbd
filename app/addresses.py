"""Addresses of outside services as settings give them: each check returns "" or the Chinese sentence that corrects it."""

import re
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost")
_CLAMD = re.compile(r"unix:/.+|(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):\d{1,5}")


def smtp_problem(url: str) -> str:
    """Check the address of a mail server."""
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return ""
    return "应为 smtp://主机:端口 或 smtps://用户:口令@主机:端口"


def webhook_problem(url: str) -> str:
    """Check the one address that may be called: HTTPS, or a relay on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    local = bool(host) and parts.scheme == "http" and host in LOOPBACK
    if host and not parts.username and (parts.scheme == "https" or local):
        return ""
    return "应为 https://主机/路径，或本机的 http://127.0.0.1:端口/路径"


def clamd_problem(address: str) -> str:
    """Check the address of a virus scanner."""
    return "" if _CLAMD.fullmatch(address) else f"应为 主机:端口 或 unix:/套接字的路径，现为“{address}”"
