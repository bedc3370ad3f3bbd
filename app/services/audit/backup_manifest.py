"""The manifest of a backup: every collection with its digest and indexes, under a digest or a keyed seal of its own."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.policy.flow import PolicyError
from app.services.audit.backup_files import digest_of, key_of_file
from models import schema

MANIFEST = "manifest.json"
FORMAT = 1
MIN_KEY_LENGTH = 32


class BackupRefused(PolicyError):
    """A backup cannot be made, or none can be restored from this folder; says in Chinese why."""


def master_key(file: Path) -> bytes:
    """Return the key in a key file. Raises BackupRefused."""
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise BackupRefused(f"读不到备份密钥文件 {file}：{error.strerror}。") from error
    if len(key) < MIN_KEY_LENGTH:
        raise BackupRefused(f"备份密钥文件 {file} 至少须有 {MIN_KEY_LENGTH} 个字符（openssl rand -hex 32）。")
    return key


@dataclass(frozen=True)
class Manifest:
    """A verified manifest, with the master key if the backup is encrypted."""

    folder: Path
    values: Mapping[str, Any]
    master: bytes | None

    def file_key(self, name: str) -> bytes | None:
        """Return the key of a file, None in a backup that is not encrypted."""
        return key_of_file(self.master, bytes.fromhex(self.values["salt"]), name) if self.master else None

    @property
    def collections(self) -> list[dict[str, Any]]:
        """Return the collections with their files."""
        listed: list[dict[str, Any]] = self.values["collections"]
        return listed

    @property
    def rows(self) -> int:
        """Return the number of rows of all collections."""
        return sum(collection["rows"] for collection in self.collections)

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(collection["size"] for collection in self.collections)


def write(folder: Path, values: Mapping[str, Any], master: bytes | None) -> None:
    """Write the manifest of a folder, sealed."""
    sealed = {**values, "seal": _seal(values, master)}
    if master:
        sealed["key_check"] = _key_check(master, values["salt"])
    text = json.dumps(sealed, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read(folder: Path, master: bytes | None) -> Manifest:
    """Read a manifest and check everything that can be checked without a database. Raises BackupRefused."""
    manifest = _unsealed(folder, master)
    if manifest.values["schema"] > schema.newest():
        raise BackupRefused(
            f"备份的数据库结构为第 {manifest.values['schema']} 版，程序只认到第 {schema.newest()} 版：请使用新版程序。"
        )
    for collection in manifest.collections:
        _check_file(folder / collection["file"], collection)
    return manifest


def _unsealed(folder: Path, master: bytes | None) -> Manifest:
    values = _parsed(folder)
    seal, key_check = values.pop("seal", ""), values.pop("key_check", "")
    if values.get("format") != FORMAT:
        raise BackupRefused(
            f"不认识的备份格式 {values.get('format')}：请使用做出这份备份的程序或更新的程序。"
        )
    if not values.get("salt"):
        master = None
    elif master is None:
        raise BackupRefused("备份已加密：请以 BACKUP_KEY 或 --key 给出密钥文件。")
    elif not hmac.compare_digest(key_check, _key_check(master, values["salt"])):
        raise BackupRefused("密钥不符：这份备份是用另一个 BACKUP_KEY 加密的。")
    if not hmac.compare_digest(seal, _seal(values, master)):
        raise BackupRefused(f"备份损坏：{MANIFEST} 被改动过。")
    return Manifest(folder, values, master)


def _parsed(folder: Path) -> dict[str, Any]:
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BackupRefused(
            f"{folder} 不是一份完整的备份：没有 {MANIFEST}（备份没有做完，或目录不对）。"
        ) from None
    except (OSError, ValueError) as error:
        raise BackupRefused(f"备份损坏：读不出 {MANIFEST}。") from error
    if not isinstance(values, dict):
        raise BackupRefused(f"备份损坏：读不出 {MANIFEST}。")
    return values


def _check_file(path: Path, collection: Mapping[str, Any]) -> None:
    if not path.is_file():
        raise BackupRefused(f"备份不完整：缺少 {path.name}。")
    if path.stat().st_size != collection["size"] or digest_of(path) != collection["sha256"]:
        raise BackupRefused(f"备份损坏：{path.name} 与清单中的校验值不符。")


def _seal(values: Mapping[str, Any], master: bytes | None) -> str:
    content = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
    if master is None:
        return hashlib.sha256(content).hexdigest()
    key = key_of_file(master, bytes.fromhex(values["salt"]), MANIFEST)
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _key_check(master: bytes, salt: str) -> str:
    return hmac.new(master, b"greenladder key check\0" + salt.encode(), hashlib.sha256).hexdigest()
