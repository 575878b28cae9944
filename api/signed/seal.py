"""The company's key and certificate, and its signature on a PDF (PAdES baseline B-B).

With a time-stamping authority (RFC 3161) the signature holds the authority's token over the very
bytes that it signs, as a signed attribute (ETSI EN 319 122-1, content-time-stamp). So our own
signature covers the token too, and a changed byte of it is found like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import cms, keys, pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.attributes import CMSAttributeProvider, UnsignedAttributeProviderSpec
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from api.config import Settings
from api.files import write_once
from api.signed.authority import Authority
from models.errors import ExternalError

#: A signature's certificate and the ones between it and its root, its own first.
Chain = tuple[asn1.Certificate, ...]

_FIELD = "Company"
_YEARS = timedelta(days=3652)
#: X.509's limit for a common name.
_NAME_LENGTH = 64


class _Addition(IncrementalPdfFileWriter):
    """Adds the signature and nothing else."""

    def _update_meta(self) -> None:
        """Leaves the metadata alone: written anew by pyHanko they would be in another form than
        the one that typst vouches for as PDF/A."""


class _NothingUnsigned(UnsignedAttributeProviderSpec):
    """Keeps everything in the signature signed: what is not could be changed unseen."""

    def unsigned_attr_providers(
        self, signature: bytes, signed_attrs: cms.CMSAttributes, digest_algorithm: str
    ) -> Iterable[CMSAttributeProvider]:
        return ()


@dataclass(frozen=True, slots=True)
class Seal:
    """What signs documents.

    Attributes:
        stamps: asks the time-stamping authority; None where there is none.
    """

    key: keys.PrivateKeyInfo
    chain: Chain
    stamps: TimeStamper | None = None

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """The PDF with the company's signature added behind it; not a byte of it is changed.

        The signature certifies the document and permits no change of any kind.

        Raises:
            ExternalError: retryable; the time-stamping authority gives no token.
        """
        registry = SimpleCertificateStore()
        registry.register_multiple(self.chain[1:])
        signer = signers.SimpleSigner(
            signing_cert=self.chain[0], signing_key=self.key, cert_registry=registry
        )
        signer.unsigned_attr_prov_spec = _NothingUnsigned()
        meta = signers.PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            cades_signed_attr_spec=CAdESSignedAttrSpec(timestamp_content=True)
            if self.stamps
            else None,
        )
        signed = BytesIO()
        writer = _Addition(BytesIO(pdf))
        try:
            signers.PdfSigner(meta, signer, timestamper=self.stamps).sign_pdf(writer, output=signed)
        except TimestampRequestError as error:
            raise ExternalError(
                "The time-stamping authority gives no time stamp now; check INTAKE_TSA_URL and "
                "that it can be reached.",
                retryable=True,
            ) from error
        return signed.getvalue()


def open_seal(settings: Settings) -> Seal:
    """The configured key and certificate, or a self-made pair that is made once and kept.

    Its certificate joins those that `known_chains` gives, so that documents stay verifiable
    when another key follows.

    Raises:
        ExternalError: the configured files cannot be used.
    """
    if settings.signing_key and settings.signing_certificate:
        password = settings.signing_password.get_secret_value()
        seal = _load(settings.signing_key, settings.signing_certificate, password)
    elif settings.signing_key or settings.signing_certificate:
        raise ExternalError("Set both INTAKE_SIGNING_KEY and INTAKE_SIGNING_CERTIFICATE.")
    else:
        path = settings.data_dir / "signing.pem"
        if not path.exists():
            write_once(path, _self_made(settings.company_zh))
        seal = _load(path, path, "")
    _remember(settings, seal.chain)
    return replace(seal, stamps=_stamps(settings))


def _stamps(settings: Settings) -> TimeStamper | None:
    """Whom to ask for the time; the authority's root is kept, to verify with later."""
    if not settings.tsa_url:
        return None
    if settings.tsa_certificate is None:
        raise ExternalError("Set both INTAKE_TSA_URL and INTAKE_TSA_CERTIFICATE.")
    try:
        roots = read_chain(settings.tsa_certificate.expanduser().read_bytes())
    except OSError as error:
        raise ExternalError(f"The authority's certificate cannot be used: {error}") from error
    _remember(settings, roots, "authorities")
    return Authority(settings.tsa_url)


def known_authorities(settings: Settings) -> Chain:
    """The roots of every time-stamping authority that was asked here."""
    folder = settings.data_dir / "authorities"
    found = (read_chain(path.read_bytes()) for path in sorted(folder.glob("*.pem")))
    return tuple(root for roots in found for root in roots)


def known_chains(settings: Settings) -> Sequence[Chain]:
    """The certificates of every key that signed here, chains included."""
    folder = settings.data_dir / "certificates"
    return [read_chain(path.read_bytes()) for path in sorted(folder.glob("*.pem"))]


def read_chain(text: bytes) -> Chain:
    """The certificates in a PEM text, in their order.

    Raises:
        ExternalError: there are none.
    """
    try:
        blocks = list(pem.unarmor(text, multiple=True))
        ders = [der for kind, _, der in blocks if kind == "CERTIFICATE"]
        chain = tuple(asn1.Certificate.load(der, strict=True) for der in ders)
        for certificate in chain:
            certificate.native  # noqa: B018  # parses all of it now
    except ValueError as error:
        raise ExternalError("The certificate cannot be read; a PEM file is needed.") from error
    if not chain:
        raise ExternalError("The file holds no certificate in PEM.")
    return chain


def _load(key_file: Path, certificate_file: Path, password: str) -> Seal:
    try:
        secret = key_file.expanduser().read_bytes()
        key = serialization.load_pem_private_key(secret, password.encode() or None)
        chain = read_chain(certificate_file.expanduser().read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise ExternalError(f"The signing key or certificate cannot be used: {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ExternalError("The signing key has to be RSA or on an elliptic curve such as P-256.")
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    if chain[0].public_key.dump() != public:
        raise ExternalError("The signing key does not belong to the first certificate.")
    return Seal(keys.PrivateKeyInfo.load(der), chain)


def _self_made(company: str) -> bytes:
    """A new key with a certificate that it signs itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, company[:_NAME_LENGTH])])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return plain + certificate.public_bytes(serialization.Encoding.PEM)


def _remember(settings: Settings, chain: Chain, kind: str = "certificates") -> None:
    folder = settings.data_dir / kind
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{chain[0].sha256.hex()}.pem"
    if not path.exists():
        write_once(path, _as_pem(chain))


def _as_pem(chain: Iterable[asn1.Certificate]) -> bytes:
    armored: list[bytes] = [pem.armor("CERTIFICATE", one.dump()) for one in chain]
    return b"".join(armored)
