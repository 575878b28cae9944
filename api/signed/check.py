"""Whether a PDF is a document of this company, to the last byte.

A PDF signature leaves room: the hexadecimal digits that hold it are not signed, nor is the
padding behind them, and a container may be written in several ways. So the file's form is
checked first, strictly, and the container is made anew from what is signed and compared byte by
byte. Only then is the PDF parsed: what is not ours never reaches the parser.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import algos, cms
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from api.signed.seal import Chain
from models.errors import RuleError

#: Larger files are none of ours.
LARGEST = 4 * 1024 * 1024

_RANGE = re.compile(rb"/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\]")
_DIGITS = re.compile(rb"[0-9A-F]+")
#: The ways to sign that `api.signed.seal` uses, by the key's kind.
_MECHANISMS = {"ec": "sha256_ecdsa", "rsa": "sha256_rsa"}


class NotGenuine(RuleError):
    """The file is not a document of this company, or not one byte for byte."""


@dataclass(frozen=True, slots=True)
class Genuine:
    """A document that is as it was when the company signed it.

    Attributes:
        stamped_at: when a time-stamping authority saw its content; None where none was asked.
        stamped_by: the authority's name.
        authority_known: its certificate leads to a root that we know.
    """

    signer: str
    signed_at: datetime
    fingerprint: str
    sha256: str
    stamped_at: datetime | None = None
    stamped_by: str = ""
    authority_known: bool = False


def check(pdf: bytes, chains: Sequence[Chain], authorities: Chain = ()) -> Genuine:
    """Verifies a document against the company's certificates.

    Args:
        authorities: roots of time-stamping authorities. A time stamp is verified against these;
            without any, by the certificates that it brings along.

    Raises:
        NotGenuine: nobody of them signed it, or it was changed.
    """
    if len(pdf) > LARGEST or not pdf.startswith(b"%PDF-"):
        raise NotGenuine("This is not a signed PDF document.")
    start, end = _gap(pdf)
    container = _container(pdf[start:end])
    digest = hashlib.sha256(pdf[:start] + pdf[end:]).digest()
    chain = next((one for one in chains if _signed_by(one, container, digest)), None)
    if chain is None:
        raise NotGenuine("The document was changed, or signed by someone else.")
    return _whole(pdf, chain, authorities)


def _gap(pdf: bytes) -> tuple[int, int]:
    """Where the signature's digits stand, angle brackets included: all but them is signed."""
    ranges = list(_RANGE.finditer(pdf))
    if len(ranges) != 1:
        raise NotGenuine("The document has no signature, or more than one.")
    start, end, rest = map(int, ranges[0].groups())
    if not 0 < start < end or end + rest != len(pdf):
        raise NotGenuine("The signature does not cover the whole document.")
    return start, end


def _container(gap: bytes) -> bytes:
    """The signature's container out of its digits; behind it there are zeros only."""
    digits = gap[1:-1]
    if gap[:1] + gap[-1:] != b"<>" or not _DIGITS.fullmatch(digits) or len(digits) % 2:
        raise NotGenuine("The signature is damaged.")
    padded = bytes.fromhex(digits.decode("ascii"))
    if padded[:2] != b"\x30\x82":
        raise NotGenuine("The signature is damaged.")
    length = 4 + int.from_bytes(padded[2:4], "big")
    if length > len(padded) or any(padded[length:]):
        raise NotGenuine("The signature is damaged.")
    return padded[:length]


def _signed_by(chain: Chain, container: bytes, digest: bytes) -> bool:
    try:
        signer = cms.ContentInfo.load(container)["content"]["signer_infos"][0]
        if _rebuilt(chain, signer) != container:
            return False
        intact, valid = validate_sig_integrity(signer, chain[0], "data", digest)
    except (ValueError, KeyError, TypeError, IndexError, SignatureValidationError):
        return False
    return intact and valid


def _rebuilt(chain: Chain, signer: cms.SignerInfo) -> bytes:
    """The one container that holds this signature: everything else in it follows from ours."""
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    kind = chain[0].public_key.algorithm
    mechanism = algos.SignedDigestAlgorithm({"algorithm": _MECHANISMS[kind]})
    identity = cms.IssuerAndSerialNumber(
        {"issuer": chain[0].issuer, "serial_number": chain[0].serial_number}
    )
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", identity),
            "digest_algorithm": sha256,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": mechanism,
            "signature": signer["signature"].native,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms((sha256,)),
            "encap_content_info": {"content_type": "data"},
            "certificates": cms.CertificateSet(
                [cms.CertificateChoices("certificate", one) for one in chain]
            ),
            "signer_infos": [info],
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return made


def _whole(pdf: bytes, chain: Chain, authorities: Chain) -> Genuine:
    """The PDF's own rules: one signature over the whole file, by a trusted certificate.

    The time is the one that the company states; its certificate has to be valid then.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf))
        (signature,) = reader.embedded_signatures
        at = signature.self_reported_timestamp
        context = ValidationContext(
            trust_roots=[chain[-1], chain[0]],
            other_certs=list(chain),
            moment=at,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        brought = _brought(signature.signer_info)
        stamps = ValidationContext(
            trust_roots=list(authorities or brought),
            other_certs=list(brought),
            moment=at,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        status = validate_pdf_signature(signature, context, stamps)
    except (PdfError, SignatureValidationError, ValueError) as error:
        raise NotGenuine("The document cannot be verified.") from error
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    untouched = status.modification_level is ModificationLevel.NONE
    if not (status.bottom_line and whole and untouched) or at is None:
        raise NotGenuine("The document's signature is not valid.")
    return Genuine(
        signer=", ".join(_names(chain)),
        signed_at=at,
        fingerprint=chain[0].sha256.hex(),
        sha256=hashlib.sha256(pdf).hexdigest(),
        **_stamped(status.content_timestamp_validity, known=bool(authorities)),
    )


def _brought(signer: cms.SignerInfo) -> Chain:
    """The certificates in the time stamp, which our signature covers."""
    found = (token["certificates"] for token in extract_tst_data_iter(signer, signed=True))
    return tuple(one.chosen for certificates in found for one in certificates)


def _stamped(stamp: TimestampSignatureStatus | None, *, known: bool) -> dict[str, Any]:
    if stamp is None:
        return {}
    name = ", ".join(_names((stamp.signing_cert,)))
    return {"stamped_at": stamp.timestamp, "stamped_by": name, "authority_known": known}


def _names(chain: Chain) -> Iterator[str]:
    names = chain[0].subject.native
    for key in ("common_name", "organization_name"):
        if key in names:
            yield str(names[key])
