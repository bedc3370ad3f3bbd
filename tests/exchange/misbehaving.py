"""What a hostile file might do to its reader; run in the sandbox by name."""

import os
import socket
import time
from pathlib import Path

from app.exchange.errors import ExchangeError


def echo(data: bytes, *args):
    return [data.decode(), *args]


def refuse(_data: bytes):
    raise ExchangeError("不收。")


def sleep(_data: bytes):
    time.sleep(60)


def spin(_data: bytes):
    while True:
        pass


def swallow(_data: bytes):
    return len(bytearray(2 * 1024**3))


def crash(_data: bytes):
    os.abort()


def environment(_data: bytes):
    return dict(os.environ)


def write(_data: bytes, path: str):
    Path(path).write_bytes(b"x" * 10)


def listen(_data: bytes):
    return len([socket.socket() for _ in range(100)])
