"""Whether a mail comes from whom it says: what the own server found, or DKIM checked here.

Sources: RFC 8601 (Authentication-Results), RFC 6376 (DKIM), RFC 7489 section 3.1 (a proof counts
for the domain that the reader sees in From).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage

import dkim
import dns.exception
import structlog
from dns.resolver import Resolver

log = structlog.get_logger(__name__)

#: Answers a DKIM key's TXT record; None where there is none.
Lookup = Callable[[bytes], bytes | None]

UNCHECKED = "not_checked"
_METHOD = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN = re.compile(r"\bd\s*=\s*([^\s;]+)")
_DNS_S = 5.0


def checks(
    message: EmailMessage, raw: bytes, sender: str, authserv: str, lookup: Lookup | None = None
) -> dict[str, str]:
    """`spf`, `dkim` and `dmarc`, each `pass`, `fail`, another word of RFC 8601, or `not_checked`.

    Args:
        authserv: the own receiving server's name; lines under another one are not believed.
    """
    found = dict.fromkeys(("spf", "dkim", "dmarc"), UNCHECKED)
    found |= _results(message, authserv) if authserv else {}
    if found["dkim"] == UNCHECKED and message.get("DKIM-Signature") is not None:
        found["dkim"] = _dkim(message, raw, sender, lookup or look_up)
    return found


def _results(message: EmailMessage, authserv: str) -> dict[str, str]:
    """What the own server wrote. It writes on top, so its first line counts."""
    for line in message.get_all("Authentication-Results", []):
        server, _, said = str(line).partition(";")
        if server.split()[:1] == [authserv]:
            plain = re.sub(r"\([^)]*\)", "", said)
            return {m[1].lower(): m[2].lower() for m in reversed(list(_METHOD.finditer(plain)))}
    return {}


def _dkim(message: EmailMessage, raw: bytes, sender: str, lookup: Lookup) -> str:
    domain = _DOMAIN.search(str(message["DKIM-Signature"]))
    try:
        good = dkim.verify(raw, dnsfunc=lambda name, timeout=0: lookup(name))
    except (dns.exception.DNSException, OSError):
        return UNCHECKED
    except dkim.DKIMException as error:
        log.info("dkim_unreadable", error=type(error).__name__)
        return "permerror"
    if not good:
        return "fail"
    return "pass" if domain and _aligned(sender, domain[1]) else "unaligned"


def _aligned(sender: str, domain: str) -> bool:
    own = sender.rpartition("@")[2].lower()
    signed = domain.lower().rstrip(".")
    return own == signed or own.endswith(f".{signed}")


def look_up(name: bytes) -> bytes | None:
    """The TXT record of a name. Raises DNSException where nobody answers."""
    resolver = Resolver()
    resolver.lifetime = _DNS_S
    try:
        answer = resolver.resolve(name.decode("ascii").rstrip("."), "TXT")
    except dns.resolver.NXDOMAIN:
        return None
    return b"".join(next(iter(answer)).strings)
