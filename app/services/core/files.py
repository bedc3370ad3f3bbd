"""Uploaded files: bytes in GridFS under a random id, a record beside them that shares its owner's scope."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import IO, Any

from bson import ObjectId
from gridfs import GridFSBucket, NoFile
from gridfs.errors import CorruptGridFile
from mongoengine import Document
from mongoengine.connection import get_db

from app.exchange.uploads import Examined
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import FileState
from app.services.core import records, scope
from app.services.core.by import By
from models.database import documents, in_transaction, transact
from models.files import Attachment

BUCKET = "files"
CHUNK = 255 * 1024
STAGING_LIFETIME = timedelta(days=1)
GONE = "文件已被清理，请重新上传。"


def store(examined: Examined, content: bytes | IO[bytes], *, by: By) -> Attachment:
    """Keep the bytes of an examined upload, staging until an act makes the file its own.

    Not inside transact(): GridFS refuses transactions. Raises NotAllowed when the bytes are not those examined.
    """
    if in_transaction():
        raise RuntimeError("files.store inside transact(): GridFS knows no transactions")
    content_id = ObjectId()
    digest, size = _put(content_id, content)
    if (digest, size) != (examined.sha256, examined.size):
        _bucket().delete(content_id)
        raise NotAllowed("文件在上传过程中发生变化，请重新上传。")
    return records.insert(_staging(examined, content_id, by), by=by, verb=Verb.UPLOAD)


def store_many(rows: Sequence[tuple[Examined, bytes]], *, by: By) -> list[Attachment]:
    """The same for files that the system made itself: three writes for all of them, in their order."""
    if in_transaction():
        raise RuntimeError("files.store_many inside transact(): GridFS knows no transactions")
    keys = _put_many([content for _, content in rows])

    def work() -> list[Attachment]:
        return [
            records.insert(_staging(examined, key, by), by=by, verb=Verb.UPLOAD)
            for (examined, _), key in zip(rows, keys, strict=True)
        ]

    return transact(work)


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


def finalise(attachment: Attachment, owner: Document, *, by: By) -> Attachment:
    """Give a staging file to its owner record, in the transaction of the act that needs it. Raises NotAllowed."""

    def work() -> Attachment:
        fresh = Attachment.objects(pk=attachment.pk).first()
        if fresh is None:
            raise NotAllowed(GONE)
        if fresh.state != FileState.STAGING or fresh.uploaded_by != by.actor.username:
            raise NotAllowed("该文件不是您待确认的上传，请重新上传。")
        values = {"state": FileState.FINAL.value, "resource": scope.resource_of(owner), "owner_id": owner.pk}
        return records.write(fresh, values, version=fresh.version, by=by, verb=Verb.ATTACH)

    return transact(work)


def read_chunks(attachment: Attachment) -> Iterator[bytes]:
    """The bytes in portions. Raises NotAllowed when they are gone."""
    try:
        stream = _bucket().open_download_stream(attachment.content_id)
    except NoFile:
        raise NotAllowed(GONE) from None
    return _portions(stream, attachment)


def content(attachment: Attachment) -> bytes:
    """The whole file, compared with its digest. Raises NotAllowed when it is gone or not what was uploaded."""
    data = b"".join(read_chunks(attachment))
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise NotAllowed(_damaged(attachment))
    return data


def verify(attachment: Attachment) -> bool:
    """Whether the stored bytes are those that were uploaded."""
    digest = hashlib.sha256()
    try:
        for portion in read_chunks(attachment):
            digest.update(portion)
    except NotAllowed:
        return False
    return digest.hexdigest() == attachment.sha256


def final_files(owner: Document) -> list[Attachment]:
    """The final files of a record."""
    rows = Attachment.objects(
        resource=scope.resource_of(owner), owner_id=owner.pk, state=FileState.FINAL.value
    )
    return list(rows.order_by("id"))


def fetch(by: By, attachment_id: Any) -> Attachment | None:
    """The file if its owner record exists for the actor; a staging file exists for its uploader alone."""
    attachment = Attachment.objects(pk=attachment_id).first() if ObjectId.is_valid(attachment_id) else None
    if attachment is None:
        return None
    if attachment.state == FileState.STAGING:
        return attachment if attachment.uploaded_by == by.actor.username else None
    owner = _owners().get(attachment.resource)
    return attachment if owner and scope.find(by, owner, attachment.owner_id) else None


def staged(actor: Actor, attachment_id: Any) -> Attachment | None:
    """The actor's own upload that no record has yet."""
    if not ObjectId.is_valid(attachment_id):
        return None
    own = Attachment.objects(pk=attachment_id, state=FileState.STAGING.value, uploaded_by=actor.username)
    return own.first()


def sweep(now: datetime) -> int:
    """Remove staging files older than a day with their bytes, and bytes that no record names; how many."""
    swept = 0
    for attachment in Attachment.objects(
        state=FileState.STAGING.value, uploaded_at__lt=now - STAGING_LIFETIME
    ):
        # The record first, and only while it is staging: an act may be making the file its own this moment.
        if Attachment.objects(pk=attachment.pk, state=FileState.STAGING.value).modify(remove=True):
            _delete(attachment.content_id)
            swept += 1
    return swept + _sweep_nameless()


def discard(attachment: Attachment) -> None:
    """Remove a staging file that turned out to be of no use."""
    if Attachment.objects(pk=attachment.pk, state=FileState.STAGING.value).modify(remove=True):
        _delete(attachment.content_id)


def _sweep_nameless() -> int:
    """Bytes whose process died between storing and recording; by the server's clock, as GridFS dates them."""
    limit = ObjectId.from_datetime(_server_time() - STAGING_LIFETIME)
    swept = 0
    for stored in get_db()[f"{BUCKET}.files"].find({"_id": {"$lt": limit}}, {"_id": 1}):
        if not Attachment.objects(content_id=stored["_id"]).first():
            _delete(stored["_id"])
            swept += 1
    return swept


def _server_time() -> datetime:
    return get_db().command("hello")["localTime"]


def _bucket() -> GridFSBucket:
    return GridFSBucket(get_db(), bucket_name=BUCKET, chunk_size_bytes=CHUNK)


def _put(content_id: ObjectId, content: bytes | IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with _bucket().open_upload_stream_with_id(content_id, filename="") as target:
        for portion in (content,) if isinstance(content, bytes) else iter(lambda: content.read(CHUNK), b""):
            digest.update(portion)
            size += len(portion)
            target.write(portion)
    return digest.hexdigest(), size


def _put_many(contents: Sequence[bytes]) -> list[ObjectId]:
    """As GridFS lays them down, chunks first, with one command for all chunks and one for all files."""
    keys = [ObjectId() for _ in contents]
    stored = list(zip(keys, contents, strict=True))
    database, at = get_db(), _server_time()
    database[f"{BUCKET}.chunks"].insert_many(
        {"files_id": key, "n": number, "data": content[start : start + CHUNK]}
        for key, content in stored
        for number, start in enumerate(range(0, len(content), CHUNK))
    )
    database[f"{BUCKET}.files"].insert_many(
        {"_id": key, "filename": "", "length": len(content), "chunkSize": CHUNK, "uploadDate": at}
        for key, content in stored
    )
    return keys


def _portions(stream: Any, attachment: Attachment) -> Iterator[bytes]:
    try:
        while portion := stream.read(CHUNK):
            yield portion
    except CorruptGridFile:
        raise NotAllowed(_damaged(attachment)) from None


def _damaged(attachment: Attachment) -> str:
    return f"文件“{attachment}”与上传时的校验值不符，请联系系统管理员。"


def _delete(content_id: ObjectId) -> None:
    try:
        _bucket().delete(content_id)
    except NoFile:
        return


@cache
def _owners() -> dict[str, type[Document]]:
    return {scope.resource_of(model): model for model in documents()}
