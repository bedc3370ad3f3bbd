"""Bytes of files in GridFS, under random ids and without names."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from bson import ObjectId
from gridfs import GridFSBucket, NoFile
from gridfs.errors import CorruptGridFile
from mongoengine.connection import get_db

BUCKET = "files"
CHUNK_SIZE = 255 * 1024


class Missing(Exception):
    """Bytes that are no longer stored."""


class Damaged(Exception):
    """Bytes that cannot be read whole."""


def put(key: ObjectId, content: bytes | IO[bytes]) -> tuple[str, int]:
    """Store bytes under a key and return their digest and size."""
    digest, size = hashlib.sha256(), 0
    with _bucket().open_upload_stream_with_id(key, filename="") as target:
        for chunk in _chunks_of(content):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return digest.hexdigest(), size


def _chunks_of(content: bytes | IO[bytes]) -> Iterator[bytes]:
    return iter((content,)) if isinstance(content, bytes) else iter(lambda: content.read(CHUNK_SIZE), b"")


def put_many(contents: Sequence[bytes]) -> list[ObjectId]:
    """Store many files as GridFS does, chunks first, with one command for all chunks and one for all files."""
    keys = [ObjectId() for _ in contents]
    stored = list(zip(keys, contents, strict=True))
    database, at = get_db(), _server_time()
    database[f"{BUCKET}.chunks"].insert_many(
        {"files_id": key, "n": number, "data": content[start : start + CHUNK_SIZE]}
        for key, content in stored
        for number, start in enumerate(range(0, len(content), CHUNK_SIZE))
    )
    database[f"{BUCKET}.files"].insert_many(
        {"_id": key, "filename": "", "length": len(content), "chunkSize": CHUNK_SIZE, "uploadDate": at}
        for key, content in stored
    )
    return keys


def read_chunks(key: ObjectId) -> Iterator[bytes]:
    """Return the bytes in chunks. Raises Missing at once, Damaged while reading."""
    try:
        stream = _bucket().open_download_stream(key)
    except NoFile:
        raise Missing from None
    return _read(stream)


def _read(stream: Any) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK_SIZE):
            yield chunk
    except CorruptGridFile:
        raise Damaged from None


def delete(key: ObjectId) -> None:
    """Delete the bytes of a key, if they are there."""
    with contextlib.suppress(NoFile):
        _bucket().delete(key)


def stored_before(age: timedelta) -> Iterator[ObjectId]:
    """Yield the keys of all bytes older than `age`, by the server's clock, as GridFS dates them."""
    limit = ObjectId.from_datetime(_server_time() - age)
    for stored in get_db()[f"{BUCKET}.files"].find({"_id": {"$lt": limit}}, {"_id": 1}):
        yield stored["_id"]


def _server_time() -> datetime:
    return get_db().command("hello")["localTime"]


def _bucket() -> GridFSBucket:
    return GridFSBucket(get_db(), bucket_name=BUCKET, chunk_size_bytes=CHUNK_SIZE)
