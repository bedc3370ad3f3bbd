"""Scan uploads for viruses with clamd (INSTREAM over TCP or a Unix socket); without an address nothing is scanned."""

import logging
import socket
from contextlib import suppress

from app.exchange.errors import ExchangeError

CHUNK_SIZE = 64 * 1024
MAX_REPLY = 4096
TIMEOUT_SECONDS = 30.0  # of each step: connecting, sending, waiting for the verdict
COMMAND = b"zINSTREAM\0"
CLEAN, FOUND = "OK", "FOUND"

log = logging.getLogger(__name__)
_address: str | None = None


class ScannerUnavailable(ExchangeError):
    """A scan without a verdict: the file is refused, not let through."""


def configure(address: str | None) -> None:
    """Scan with the clamd at `host:port` or `unix:/path` from now on, or with None not at all."""
    global _address
    _address = address


def scan(data: bytes) -> None:
    """Raise ExchangeError for an infected file, ScannerUnavailable if clamd gives no verdict."""
    if _address is None:
        return
    try:
        reply = _ask(_address, data)
    except OSError as error:
        log.warning("clamd at %s: %s", _address, error)
        reply = ""
    verdict = reply.removeprefix("stream:").strip()
    if verdict == CLEAN:
        return
    if verdict.endswith(FOUND):
        name = verdict.removesuffix(FOUND).strip()
        log.warning("clamd found %s in an upload", name)
        raise ExchangeError(f"查出病毒（{name}）；请用杀毒软件清除后重新制作再上传。")
    log.warning("clamd at %s gave no verdict: %r", _address, reply)
    raise ScannerUnavailable(
        "病毒扫描服务没有给出结果，未经扫描的文件不能保存；请稍后重试，仍不行请联系系统管理员。"
    )


def _ask(address: str, data: bytes) -> str:
    with _connect(address) as connection:
        # On a file over its limit clamd answers and closes while we still send: read its answer all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(COMMAND)
            for start in range(0, len(data), CHUNK_SIZE):
                chunk = data[start : start + CHUNK_SIZE]
                connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
            connection.sendall((0).to_bytes(4, "big"))
        reply = b""
        while b"\0" not in reply and len(reply) < MAX_REPLY and (piece := connection.recv(MAX_REPLY)):
            reply += piece
    return reply.partition(b"\0")[0].decode("utf-8", "replace")


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_SECONDS)
