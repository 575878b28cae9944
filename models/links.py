"""Tokens of signing links (pure but for the system's randomness).

A token is derived from a random nonce of 256 bits and the installation's secret, so that the
database alone, which holds the nonce and the token's hash, opens no link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

#: What a token looks like.
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_nonce() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def token(secret: str, nonce: str) -> str:
    """The token of a link: 256 bits, 43 characters fit for an address."""
    mac = hmac.digest(secret.encode(), b"signing-link:" + nonce.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256, hex."""
    return hashlib.sha256(token.encode()).hexdigest()
