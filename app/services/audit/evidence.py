"""The evidence bundle of a listing: one zip with all it rests on, a manifest of digests and a checker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from app import documents
from app.exchange import bundles
from app.policy import access
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import Kind, Level
from app.services.audit.evidence_chain import chain_of
from app.services.audit.evidence_files import Gap, Piece, distinct_paths
from app.services.core import audit, records, rules, scope
from app.services.core.by import By
from models.database import transact
from models.lists import Listing

MANIFEST, CHECKER_NAME, README = "清单.json", "核对.py", "说明.txt"


def export_evidence(entry: Listing, *, by: By) -> bytes:
    """Return the zip of an entry and record the export with the digest of its manifest. Raises NotAllowed."""
    if not access.may(by.actor, "export", "listing") or scope.find(by, Listing, entry.pk) is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    parts = list(chain_of(entry))
    pieces = distinct_paths(part for part in parts if isinstance(part, Piece))
    gaps = [part for part in parts if isinstance(part, Gap)]
    pieces.append(Piece(README, _readme(entry, gaps, by.now).encode(), "说明"))
    manifest = _manifest(entry, pieces, gaps, by.now)
    reason = f"清单 SHA-256 {hashlib.sha256(manifest).hexdigest()}"
    transact(lambda: audit.record(Verb.EVIDENCE_EXPORTED, by=by, subject=entry, reason=reason))
    contents = [(piece.path, piece.content) for piece in pieces]
    checker = (CHECKER_NAME, documents.EVIDENCE_CHECKER.read_bytes())
    return bundles.zipped([*contents, (MANIFEST, manifest), checker], created=by.now)


def _manifest(entry: Listing, pieces: Sequence[Piece], gaps: Sequence[Gap], now: datetime) -> bytes:
    file_rows = [
        {
            "path": piece.path,
            "what": piece.what,
            "size": len(piece.content),
            "sha256": hashlib.sha256(piece.content).hexdigest(),
        }
        | ({"recorded": piece.recorded} if piece.recorded else {})
        for piece in pieces
    ]
    content = {
        "entry": {
            "unit": entry.unit_name,
            "kind": Kind(entry.kind).label,
            "level": Level(entry.level).label,
            "year": entry.year,
            "entered_on": entry.entered_on.isoformat(),
            "paper": entry.source_paper or "",
        },
        "made_at": now.isoformat(),
        "files": file_rows,
        "gaps": [vars(gap) for gap in gaps],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _readme(entry: Listing, gaps: Sequence[Gap], now: datetime) -> str:
    marked = "".join(f"  缺口：{gap.item}：{gap.why}\n" for gap in gaps) or "  没有缺口。\n"
    return (
        f"{entry.unit_name}列入{Level(entry.level).label}{Kind(entry.kind).label}名单的证据包\n"
        f"生成时间：{now:%Y-%m-%d %H:%M}　依据：{rules.pack().rules.citation}\n\n"
        f"{MANIFEST} 记载每个文件的 SHA-256；recorded 是系统存档时记下的值。\n"
        f"核对方法：解压后在本文件夹运行 python3 {CHECKER_NAME}，不需要联网。\n\n完整性：\n{marked}"
    )
