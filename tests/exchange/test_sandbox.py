"""The sandbox: results and refusals come back, everything else ends in one sentence."""

import time

import pytest

from app.exchange import sandbox
from app.exchange.errors import ExchangeError
from tests.exchange import misbehaving

MEMORY = 512 * 1024 * 1024


def run(function, data=b"", *args, seconds=10):
    return sandbox.run(function, data, *args, seconds=seconds, memory=MEMORY)


def test_result_comes_back():
    assert run(misbehaving.echo, "甲\n乙".encode(), 1, "丙") == ["甲\n乙", 1, "丙"]


def test_refusal_comes_back_in_its_words():
    with pytest.raises(ExchangeError, match="^不收。$"):
        run(misbehaving.refuse)


@pytest.mark.parametrize("name", ["swallow", "crash", "listen"])
def test_what_breaks_out_of_its_limits_ends(name):
    with pytest.raises(ExchangeError, match="读取中断；请"):
        run(getattr(misbehaving, name))


@pytest.mark.parametrize("name", ["sleep", "spin"])
def test_what_does_not_end_is_ended(name):
    begun = time.monotonic()
    with pytest.raises(ExchangeError, match=r"1秒内未能读完|读取中断"):
        run(getattr(misbehaving, name), seconds=1)
    assert time.monotonic() - begun < 5


def test_child_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    assert set(run(misbehaving.environment)) <= {"LANG", "LC_CTYPE"}


def test_child_writes_no_file(tmp_path):
    with pytest.raises(ExchangeError, match="读取中断"):
        run(misbehaving.write, b"", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0
