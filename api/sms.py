"""Text messages: handed to Twilio, or kept in the local outbox where there is no account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
from rich.console import Console
from rich.panel import Panel
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from api.config import Settings
from models.call import Lang
from models.errors import ExternalError
from models.message import segments

_TOO_MANY, _SERVER_ERROR, _UNAVAILABLE = 429, 500, 503
#: A longer wait than this is not waited for in one piece.
_LONGEST_WAIT_S = 3600.0
_TIMEOUT_S = 10.0

_WORDING: dict[Lang, str] = {
    "zh": "【{company}】订单{number}已登记。请点开链接核对并签署《危险货物通知函》，"
    "{hours}小时内有效：{link}",
    "en": "{company}: order {number} is on file. Please check it and sign the Dangerous Goods "
    "Notice within {hours} hours: {link}",
}
_CHANGED: dict[Lang, str] = {
    "zh": "【{company}】订单{number}的内容已更改，之前的签署或链接不再有效。请点开新链接核对"
    "并重新签署《危险货物通知函》，{hours}小时内有效：{link}",
    "en": "{company}: order {number} was changed; what was signed or sent before no longer counts. "
    "Please check it and sign again within {hours} hours: {link}",
}
_REMINDER: dict[Lang, str] = {
    "zh": "【{company}】提醒：订单{number}尚未签署《危险货物通知函》，签署后我们才能安排运输。"
    "请点开链接签署，{until}前有效：{link}",
    "en": "{company}: a reminder. Order {number} still waits for your signature on the Dangerous "
    "Goods Notice; we can ship once it is signed. Valid until {until}: {link}",
}
_CODE: dict[Lang, str] = {
    "zh": "【{company}】签署验证码：{code}，10分钟内有效。请勿告诉他人。",
    "en": "{company}: your code for signing is {code}, valid for 10 minutes. Tell it to nobody.",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """A message that was handed over: its sid, and how far it is (Twilio's words)."""

    sid: str
    status: str
    error_code: str | None = None


class SmsSender(Protocol):
    """Something that sends text messages."""

    def send(self, mobile: str, body: str, cause: int) -> Handed:
        """Hands one message over. Raises ExternalError, retryable where that may help.

        `cause` is the outbox row's id, which delivery reports bring back.
        """

    def find(self, mobile: str, body: str, since: datetime) -> Handed | None:
        """The same message, if an earlier attempt since then handed it over after all."""

    def status(self, sid: str) -> Handed | None:
        """How far a message is, for reports that got lost; None where nobody knows."""


def link_text(
    settings: Settings, *, lang: Lang, number: str | None, token: str, changed: bool = False
) -> str:
    """The message with the signing link; it says so where an earlier one was for other values."""
    return (_CHANGED if changed else _WORDING)[lang].format(
        company=_company(settings, lang),
        number=number or "",
        hours=settings.link_hours,
        link=f"{settings.base_url}/sign/{token}",
    )


def reminder_text(
    settings: Settings, *, lang: Lang, number: str | None, token: str, until: datetime
) -> str:
    """The message that reminds of a signing link; `until` is the desk's local time."""
    return _REMINDER[lang].format(
        company=_company(settings, lang),
        number=number or "",
        until=until.strftime("%m-%d %H:%M"),
        link=f"{settings.base_url}/sign/{token}",
    )


def code_text(settings: Settings, *, lang: Lang, code: str) -> str:
    """The message with a one-time code."""
    return _CODE[lang].format(company=_company(settings, lang), code=code)


def _company(settings: Settings, lang: Lang) -> str:
    return settings.company_zh if lang == "zh" else settings.company_en


class _Door(TwilioHttpClient):
    """The way to Twilio: to another address where there is a proxy or a stand-in, and patient.

    Twilio's own client drops the header that says when to come again.
    """

    def __init__(self, base: str) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """See `twilio.http.HttpClient.request`. Raises ExternalError where a wait is named."""
        if self._base.netloc:
            parts = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
            url = urlunsplit(parts)
        answer = super().request(method, url, *args, **kwargs)
        wait = retry_after(str((answer.headers or {}).get("Retry-After", "")), datetime.now(UTC))
        if wait is not None and answer.status_code in (_TOO_MANY, _UNAVAILABLE):
            raise ExternalError(
                f"Twilio is busy ({answer.status_code}) and asks for {wait:.0f} s.",
                retryable=True,
                after_s=wait,
            )
        return answer


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3), an hour at most; None if none."""
    if header.strip().isdecimal():
        return min(_LONGEST_WAIT_S, float(header))
    try:
        seconds = (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(_LONGEST_WAIT_S, max(0.0, seconds))


def twilio_client(settings: Settings) -> Client:
    """A client for Twilio's REST API, or for what stands in for it."""
    return Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        http_client=_Door(settings.twilio_api_base),
    )


class TwilioSms:
    """Twilio's Messages resource."""

    def __init__(self, settings: Settings) -> None:
        self._client = twilio_client(settings)
        service = settings.twilio_messaging_service_sid
        self._from = (
            {"messaging_service_sid": service} if service else {"from_": settings.twilio_from}
        )
        self._callback = f"{settings.base_url}/sms/status"

    def send(self, mobile: str, body: str, cause: int) -> Handed:
        """See `SmsSender.send`."""
        callback = f"{self._callback}?cause={cause}"
        message = self._asked(
            lambda: self._client.messages.create(
                to=mobile, body=body, status_callback=callback, **self._from
            )
        )
        return Handed(str(message.sid), str(message.status))

    def find(self, mobile: str, body: str, since: datetime) -> Handed | None:
        """See `SmsSender.find`."""
        # Twilio's client writes the clock's figures with a Z, whatever zone they are of.
        after = since.astimezone(UTC)
        sent = self._asked(
            lambda: self._client.messages.list(to=mobile, date_sent_after=after, limit=50)
        )
        return next((Handed(str(m.sid), str(m.status)) for m in sent if m.body == body), None)

    def status(self, sid: str) -> Handed | None:
        """See `SmsSender.status`."""
        message = self._asked(lambda: self._client.messages(sid).fetch())
        code = None if message.error_code is None else str(message.error_code)
        return Handed(str(message.sid), str(message.status), code)

    @staticmethod
    def _asked(ask: Any) -> Any:
        try:
            return ask()
        except (TwilioRestException, TwilioServiceException) as error:
            again = error.status == _TOO_MANY or error.status >= _SERVER_ERROR
            raise ExternalError(
                f"Twilio refused the text message ({error.status}, code {error.code}).",
                retryable=again,
            ) from error
        except (TwilioException, requests.RequestException) as error:
            raise ExternalError("Twilio cannot be reached.", retryable=True) from error
        except JSONDecodeError as error:
            raise ExternalError("Twilio's answer cannot be read.", retryable=True) from error


class LocalSms:
    """Shows each message on the server's console; nothing leaves the machine."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def send(self, mobile: str, body: str, cause: int) -> Handed:
        """See `SmsSender.send`; it arrives at once."""
        length = segments(body)
        title = f"SMS to {mobile} · {length.encoding}, {length.count} segment(s)"
        self._console.print(Panel(body, title=title, expand=False), soft_wrap=True)
        return Handed(f"LOCAL{secrets.token_hex(8)}", "delivered")

    def find(self, mobile: str, body: str, since: datetime) -> Handed | None:
        """See `SmsSender.find`; a console remembers nothing."""
        return None

    def status(self, sid: str) -> Handed | None:
        """See `SmsSender.status`; what is shown has arrived."""
        return Handed(sid, "delivered")


def make_sender(settings: Settings) -> SmsSender:
    """Twilio where there is an account, else the local outbox."""
    if settings.twilio_account_sid:
        return TwilioSms(settings)
    return LocalSms(Console(stderr=True))
