"""Files of a backup: rows as a compressed stream, encrypted in chunks where there is a key, with a digest.

AES-256-GCM with a key of its own for each file; a chunk's place and whether it is the last are part of its nonce:
chunks that are changed, exchanged, left out or cut off are refused.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, cast

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK_SIZE = 1 << 20
LENGTH_BYTES = 4
COMPRESSION = 5  # of 9: from there on slower without being smaller
RAW = CodecOptions(document_class=RawBSONDocument)


class Damaged(Exception):
    """The content of a file is not as it was written."""


class Target(Protocol):
    """A place to write to."""

    def write(self, data: bytes) -> Any:
        """Append bytes."""
        ...


def key_of_file(master: bytes, salt: bytes, name: str) -> bytes:
    """Return the key of one file of one backup."""
    return HKDF(SHA256(), 32, salt, b"greenladder backup\0" + name.encode()).derive(master)


class DigestedFile:
    """A new file that knows its size and digest."""

    def __init__(self, path: Path) -> None:
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def finish(self) -> str:
        """Bring everything to the disk and return the digest."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest()


class Encrypting:
    """A target that passes on encrypted chunks."""

    def __init__(self, target: Target, key: bytes) -> None:
        self._target, self._cipher = target, AESGCM(key)
        self._waiting, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK_SIZE:
            self._pass_on(bytes(self._waiting[:CHUNK_SIZE]), last=False)
            del self._waiting[:CHUNK_SIZE]
        return len(data)

    def finish(self) -> None:
        """Pass on the last chunk, which is marked as such."""
        self._pass_on(bytes(self._waiting), last=True)

    def _pass_on(self, chunk: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), chunk, None)
        self._number += 1
        self._target.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)


class Decrypting(io.RawIOBase):
    """A readable stream of the chunks of an encrypted file."""

    def __init__(self, source: IO[bytes], key: bytes) -> None:
        self._source, self._cipher = source, AESGCM(key)
        self._ready, self._number, self._ended = b"", 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        while not self._ready and not self._ended:
            self._ready = self._next_chunk()
        count = min(len(view), len(self._ready))
        view[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _next_chunk(self) -> bytes:
        length = int.from_bytes(self._source.read(LENGTH_BYTES), "big")
        if not 0 < length <= CHUNK_SIZE + 16:
            raise Damaged
        sealed = self._source.read(length)
        for last in (False, True):
            try:
                chunk = self._cipher.decrypt(_nonce(self._number, last), sealed, None)
            except InvalidTag:
                continue
            self._number, self._ended = self._number + 1, last
            return chunk
        raise Damaged


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class RowsFile:
    """A new file of rows; `add` takes a batch of them as the server sends it."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._stored = DigestedFile(path)
        self._encrypting = Encrypting(self._stored, key) if key else None
        target: Any = self._encrypting or self._stored
        self._gzip = gzip.GzipFile("", "wb", COMPRESSION, target, mtime=0)
        self.rows = 0

    def add(self, batch: bytes) -> None:
        """Append the rows of a batch."""
        self._gzip.write(batch)
        place = 0
        while place < len(batch):
            place += int.from_bytes(batch[place : place + 4], "little")
            self.rows += 1

    def finish(self) -> dict[str, Any]:
        """Close the file and return its size, digest and number of rows."""
        self._gzip.close()
        if self._encrypting:
            self._encrypting.finish()
        digest = self._stored.finish()
        return {"rows": self.rows, "size": self._stored.size, "sha256": digest}


def digest_of(path: Path) -> str:
    """Return the digest of a stored file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def open_rows(path: Path, key: bytes | None) -> Iterator[Iterator[RawBSONDocument]]:
    """Open a file of rows for reading. Raises Damaged."""
    try:
        with path.open("rb") as stored:
            source: Any = io.BufferedReader(Decrypting(stored, key), CHUNK_SIZE) if key else stored
            with gzip.open(source, "rb") as plain:
                yield bson.decode_file_iter(cast(IO[bytes], plain), RAW)
    except (bson.InvalidBSON, EOFError, gzip.BadGzipFile) as error:
        raise Damaged from error
