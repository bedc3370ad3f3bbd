"""Settings: all wrong ones are named at once, and contradictions refused."""

import stat
from pathlib import Path

import pytest

from app import clock as app_clock
from app.config import Config, ConfigError

KEYS = dict.fromkeys(("SECRET_KEY", "AUDIT_KEY", "TIPS_KEY"), "k" * 32)
URI = "mongodb://app:pw@db1,db2,db3/greenladder?replicaSet=rs"


def read(tmp_path: Path, **environ: str) -> Config:
    return Config.from_environment({"VAR_DIR": str(tmp_path)} | environ)


def test_nothing_need_be_set(tmp_path):
    config = read(tmp_path)
    assert (config.host, config.port, config.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert not config.demo
    assert not config.secure
    assert not config.totp_roles


def test_every_wrong_setting_is_named_at_once(tmp_path):
    with pytest.raises(ConfigError) as problem:
        read(
            tmp_path,
            PORT="x",
            DEMO="yes",
            PROXY_HOPS="9",
            TOTP_ROLES="king",
            MONGODB_URL="a",
            SMTP_URL="ftp://x",
            CLAMD="http://scanner/",
            RULE_PACK="atlantis",
            MONGODB_URI=f"{URI}&w=1",
        )
    for name in (
        "PORT",
        "DEMO",
        "PROXY_HOPS",
        "TOTP_ROLES",
        "MONGODB_URL",
        "SMTP_URL",
        "CLAMD",
        "MAIL_FROM",
        "RULE_PACK",
        "MONGODB_URI：不得带参数 w",
    ):
        assert name in str(problem.value)


@pytest.mark.parametrize(
    "name, environ",
    [
        ("CLOCK_FILE", {"CLOCK_FILE": "/dev/null", "MONGODB_URI": URI}),
        ("DEMO", {"DEMO": "1", "MONGODB_URI": URI}),
        ("DEMO_PASSWORD", {"DEMO_PASSWORD": "x", "MONGODB_URI": URI}),
        ("MONGODB_BACKUP_URI", {"MONGODB_BACKUP_URI": URI}),
        ("PUBLIC_URL", {"HOST": "0.0.0.0"}),
        ("PUBLIC_URL", {"PUBLIC_URL": "lvti.gov.cn"}),
        ("PUBLIC_URL", {"PUBLIC_URL": "http://[::1"}),
        ("MONGODB_URI", {"MONGODB_URI": "postgres://x"}),
        ("MONGODB_URI.*wTimeoutMS", {"MONGODB_URI": f"{URI}&wTimeoutMS=5"}),
        ("MONGODB_URI.*journal", {"MONGODB_URI": f"{URI}&journal=true"}),
        ("RULE_PACK", {"RULE_PACK": "/nowhere/atlantis.toml"}),
        ("SECRET_KEY", {"SECRET_KEY": "short"}),
    ],
)
def test_contradictions_and_malformed_values_are_refused_by_name(tmp_path, name, environ):
    keys = KEYS if "MONGODB_URI" in environ else {}
    with pytest.raises(ConfigError, match=name):
        read(tmp_path, **keys | environ)


def test_an_external_database_needs_keys_given_from_outside(tmp_path):
    with pytest.raises(ConfigError) as problem:
        read(tmp_path, MONGODB_URI=URI)
    assert all(name in str(problem.value) for name in KEYS)
    assert not list(tmp_path.iterdir())
    config = read(tmp_path, MONGODB_URI=URI, **KEYS)
    assert config.uri() == URI
    assert config.totp_roles == {"admin", "auditor", "city_lead"}
    with pytest.raises(ConfigError, match="MONGODB_SEALER_URI"):
        config.uri("sealer")


def test_secrets_do_not_show(tmp_path):
    shown = repr(read(tmp_path, MONGODB_URI=URI, **KEYS))
    assert "pw@" not in shown
    assert "kkkk" not in shown


def test_keys_are_made_once_and_kept_private(tmp_path):
    first, second = read(tmp_path), read(tmp_path)
    keys = {first.secret_key, first.audit_key, first.tips_key}
    assert len(keys) == 3
    assert min(map(len, keys)) >= 32
    assert first == second
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_the_clock_file_moves_the_clock(tmp_path, clock):
    assert app_clock.now().isoformat() == "2026-04-01T09:00:00+08:00"
    clock.set("2026-04-15T16:30:00+00:00")
    assert app_clock.today().isoformat() == "2026-04-16"  # half past midnight in Shanghai
    clock.forward(days=1)
    assert app_clock.today().isoformat() == "2026-04-17"


def test_an_unreadable_clock_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="CLOCK_FILE"):
        read(tmp_path, CLOCK_FILE=str(tmp_path / "none"))
    (tmp_path / "word").write_text("tomorrow")
    with pytest.raises(ConfigError, match="CLOCK_FILE"):
        read(tmp_path, CLOCK_FILE=str(tmp_path / "word"))
