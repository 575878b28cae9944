"""A time-stamping authority of one's own: real tokens (RFC 3161) over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from werkzeug import Request, Response
from werkzeug.serving import make_server


@dataclass
class StandInAuthority:
    """What answers; `down` has it refuse."""

    name: str = "Time of Shanghai"
    down: bool = False
    asked: int = 0
    url: str = ""
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def certificate(self) -> x509.Certificate:
        """Its certificate, signed by itself, for time stamps only."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        now = datetime.now(UTC)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        public = self._key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(public)
            .serial_number(7)
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def __call__(self, environ: object, start_response: object) -> object:
        request = Request(environ)  # type: ignore[arg-type]
        self.asked += 1
        if self.down:
            return Response("later", 503)(environ, start_response)  # type: ignore[arg-type]
        asked = tsp.TimeStampReq.load(request.get_data())
        answer = self._stamper.request_tsa_response(asked)
        body = Response(answer.dump(), content_type="application/timestamp-reply")
        return body(environ, start_response)  # type: ignore[arg-type]

    def write_certificate(self, path: Path) -> Path:
        """Its certificate as a PEM file."""
        path.write_bytes(self._made.public_bytes(serialization.Encoding.PEM))
        return path

    def __post_init__(self) -> None:
        self._made = self.certificate()
        der = self._key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        certificate = asn1.Certificate.load(self._made.public_bytes(serialization.Encoding.DER))
        self._stamper = DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(der))


@contextmanager
def authority(name: str = "Time of Shanghai") -> Iterator[StandInAuthority]:
    """An authority that is served on a port of its own."""
    found = StandInAuthority(name)
    server = make_server("127.0.0.1", 0, found)  # type: ignore[arg-type]
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
