"""Proofs of a mail's sender: DKIM signatures checked here, and when they cannot be."""

from __future__ import annotations

import base64

import dkim
import dns.exception
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from api.intake import authentic, mail

RAW = (
    b"From: w@customer.example\r\nSubject: x\r\nDate: Tue, 24 Nov 2026 10:30:00 +0800\r\n\r\nhi\r\n"
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(key: rsa.RSAPrivateKey, domain: bytes) -> bytes:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return bytes(dkim.sign(RAW, b"s", domain, pem)) + RAW


def result(raw: bytes, key: rsa.RSAPrivateKey) -> str:
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    found = authentic.checks(mail.parse(raw), raw, "w@customer.example", "", lambda _name: record)
    return found["dkim"]


def test_a_good_signature_of_the_senders_domain(key: rsa.RSAPrivateKey) -> None:
    assert result(signed(key, b"customer.example"), key) == "pass"


def test_a_changed_mail(key: rsa.RSAPrivateKey) -> None:
    assert result(signed(key, b"customer.example").replace(b"\r\nhi", b"\r\nho"), key) == "fail"


def test_a_good_signature_of_somebody_else(key: rsa.RSAPrivateKey) -> None:
    assert result(signed(key, b"evil.example"), key) == "unaligned"


def test_without_a_signature_nothing_is_checked(key: rsa.RSAPrivateKey) -> None:
    assert result(RAW, key) == authentic.UNCHECKED


def test_without_an_answer_nothing_is_checked(key: rsa.RSAPrivateKey) -> None:
    def silent(_name: bytes) -> bytes | None:
        raise dns.exception.Timeout

    raw = signed(key, b"customer.example")
    found = authentic.checks(mail.parse(raw), raw, "w@customer.example", "", silent)
    assert found == {"spf": "not_checked", "dkim": "not_checked", "dmarc": "not_checked"}
