"""Uploaded files: a record beside the bytes, which shares the scope of the record that owns it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import IO, Any

from bson import ObjectId
from mongoengine import Document

from app.exchange.uploads import Examined
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import FileState
from app.services.core import blobs, records, scope
from app.services.core.by import By
from models.database import documents, in_transaction, transactional
from models.files import Attachment

STAGING_LIFETIME = timedelta(days=1)
GONE = "文件已被清理，请重新上传。"


def store(examined: Examined, content: bytes | IO[bytes], *, by: By) -> Attachment:
    """Store the bytes of an examined upload, staging until an act makes the file its own.

    Not inside transact(): GridFS refuses transactions. Raises NotAllowed when the bytes are not those examined.
    """
    if in_transaction():
        raise RuntimeError("files.store inside transact(): GridFS knows no transactions")
    content_id = ObjectId()
    digest, size = blobs.put(content_id, content)
    if (digest, size) != (examined.sha256, examined.size):
        blobs.delete(content_id)
        raise NotAllowed("文件在上传过程中发生变化，请重新上传。")
    return records.insert(_staging(examined, content_id, by), by=by, verb=Verb.UPLOAD)


def store_many(rows: Sequence[tuple[Examined, bytes]], *, by: By) -> list[Attachment]:
    """Store files that the system made itself, with three writes for all of them, and return them in order."""
    if in_transaction():
        raise RuntimeError("files.store_many inside transact(): GridFS knows no transactions")
    keys = blobs.put_many([content for _, content in rows])
    return _insert_many([examined for examined, _ in rows], keys, by=by)


@transactional
def _insert_many(files: Sequence[Examined], keys: Sequence[ObjectId], *, by: By) -> list[Attachment]:
    return [
        records.insert(_staging(examined, key, by), by=by, verb=Verb.UPLOAD)
        for examined, key in zip(files, keys, strict=True)
    ]


def _staging(examined: Examined, key: ObjectId, by: By) -> Attachment:
    return Attachment(
        filename=examined.display_name,
        kind=examined.kind,
        mime=examined.mime,
        size=examined.size,
        sha256=examined.sha256,
        content_id=key,
        state=FileState.STAGING.value,
        uploaded_by=by.actor.username,
        uploaded_at=by.now,
    )


@transactional
def finalise(attachment: Attachment, owner: Document, *, by: By) -> Attachment:
    """Give a staging file to its owner record, in the transaction of the act that needs it. Raises NotAllowed."""
    fresh = Attachment.objects(pk=attachment.pk).first()
    if fresh is None:
        raise NotAllowed(GONE)
    if fresh.state != FileState.STAGING or fresh.uploaded_by != by.actor.username:
        raise NotAllowed("该文件不是您待确认的上传，请重新上传。")
    values = {"state": FileState.FINAL.value, "resource": scope.resource_of(owner), "owner_id": owner.pk}
    return records.write(fresh, values, version=fresh.version, by=by, verb=Verb.ATTACH)


def read_chunks(attachment: Attachment) -> Iterator[bytes]:
    """Return the bytes in chunks. Raises NotAllowed when they are gone, and while reading when damaged."""
    try:
        chunks = blobs.read_chunks(attachment.content_id)
    except blobs.Missing:
        raise NotAllowed(GONE) from None
    return _readable(chunks, attachment)


def content(attachment: Attachment) -> bytes:
    """Return the whole file. Raises NotAllowed when it is gone or its digest is not that of the upload."""
    data = b"".join(read_chunks(attachment))
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise NotAllowed(_damaged(attachment))
    return data


def verify(attachment: Attachment) -> bool:
    """Return whether the stored bytes are those that were uploaded."""
    digest = hashlib.sha256()
    try:
        for chunk in read_chunks(attachment):
            digest.update(chunk)
    except NotAllowed:
        return False
    return digest.hexdigest() == attachment.sha256


def final_files(owner: Document) -> list[Attachment]:
    """Return the final files of a record, oldest first."""
    rows = Attachment.objects(
        resource=scope.resource_of(owner), owner_id=owner.pk, state=FileState.FINAL.value
    )
    return list(rows.order_by("id"))


def fetch(by: By, attachment_id: Any) -> Attachment | None:
    """Return the file if its owner record exists for the actor; a staging file exists for its uploader alone."""
    attachment = Attachment.objects(pk=attachment_id).first() if ObjectId.is_valid(attachment_id) else None
    if attachment is None:
        return None
    if attachment.state == FileState.STAGING:
        return attachment if attachment.uploaded_by == by.actor.username else None
    owner = _owners().get(attachment.resource)
    return attachment if owner and scope.find(by, owner, attachment.owner_id) else None


def staged(actor: Actor, attachment_id: Any) -> Attachment | None:
    """Return the actor's own upload that no record has yet, or None."""
    if not ObjectId.is_valid(attachment_id):
        return None
    own = Attachment.objects(pk=attachment_id, state=FileState.STAGING.value, uploaded_by=actor.username)
    return own.first()


def sweep(now: datetime) -> int:
    """Remove staging files older than a day, and bytes that no record names; return how many."""
    abandoned = Attachment.objects(state=FileState.STAGING.value, uploaded_at__lt=now - STAGING_LIFETIME)
    return sum(discard(attachment) for attachment in abandoned) + _sweep_unnamed()


def discard(attachment: Attachment) -> bool:
    """Remove a staging file with its bytes and return whether it still was one."""
    # The record first, and only while it is staging: an act may be making the file its own this moment.
    removed = Attachment.objects(pk=attachment.pk, state=FileState.STAGING.value).modify(remove=True)
    if removed:
        blobs.delete(attachment.content_id)
    return bool(removed)


def _sweep_unnamed() -> int:
    """Remove bytes whose process died between storing and recording them, and return how many files."""
    swept = 0
    for key in blobs.stored_before(STAGING_LIFETIME):
        if not Attachment.objects(content_id=key).first():
            blobs.delete(key)
            swept += 1
    return swept


def _readable(chunks: Iterator[bytes], attachment: Attachment) -> Iterator[bytes]:
    try:
        yield from chunks
    except blobs.Damaged:
        raise NotAllowed(_damaged(attachment)) from None


def _damaged(attachment: Attachment) -> str:
    return f"文件“{attachment}”与上传时的校验值不符，请联系系统管理员。"


@cache
def _owners() -> dict[str, type[Document]]:
    return {scope.resource_of(model): model for model in documents()}
