"""The second factor: time-based codes (RFC 6238), their secret encrypted with a key outside the database."""

from __future__ import annotations

import base64
from datetime import datetime
from hmac import compare_digest

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP_SECONDS = 30
MAX_DRIFT = 1  # steps that a telephone's clock may be off


class Vault:
    """Box for the secrets of accounts; its key is derived from the application's secret key."""

    def __init__(self, secret_key: str | bytes) -> None:
        raw = secret_key.encode() if isinstance(secret_key, str) else secret_key
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor").derive(raw)
        self._box = Fernet(base64.urlsafe_b64encode(key))

    def close(self, secret: str) -> str:
        """Return the encrypted secret."""
        return self._box.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the secret, or "" if another key closed it: then no code is right."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return ""


def new_secret() -> str:
    """Return a random secret for a new authenticator."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, username: str, issuer: str) -> str:
    """Return the address that an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def matching_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return the time step of a code, or None if it has none; steps up to `after` have been used."""
    if not secret:
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - MAX_DRIFT, present + MAX_DRIFT + 1):
        if compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), code.encode()) and step > after:
            return step
    return None
