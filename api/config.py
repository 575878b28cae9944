"""Settings: the only reader of the environment."""

from __future__ import annotations

import base64
import binascii
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.files import write_once
from models.errors import RuleError

_KEY_BYTES = 32


def _twilio(name: str) -> AliasChoices:
    return AliasChoices(f"TWILIO_{name}", f"INTAKE_TWILIO_{name}")


class Settings(BaseSettings):
    """Everything that differs between installations. Names are `INTAKE_` + upper case.

    Attributes:
        home: speech models and rendered prompts, which can be fetched or made again.
        data: database, recordings, transcripts, local secret: what must be kept.
        database_url: SQLAlchemy URL; SQLite below `data` when empty.
        public_url: the address that Twilio and customers' phones reach.
        api_token: bearer token of the JSON API; without it only direct loopback
            requests are served.
        secret_keys: keys that seal one-time codes' secrets, with commas between; the first one
            seals, the others open what was sealed before. Empty: a key of its own below `data`.
        remind_hours: hours after the link at which an unsigned order is reminded of, with commas.
        quiet_hours: when nobody is reminded, local time, `HH:MM-HH:MM`; empty for never.
        sign_code: whether signers prove their mobile by a one-time code.
        signing_key, signing_certificate: PEM files of the company's own key and of its
            certificate with the chain; without them a self-made pair below `data` serves.
        hours: when persons can be reached, local time, `HH:MM-HH:MM`.
        smtp_url: the server that sends e-mail, `smtp://user:password@host:587` (STARTTLS where it
            is offered; always with a password) or `smtps://...:465`; empty keeps each e-mail as an
            `.eml` file in `mail` below `data`.
        mail_from: the sender of e-mails.
        mail_receipts: whether whoever sends orders by e-mail is told that they came in.
        twilio_api_base: another address for Twilio's REST API (a stand-in, a proxy).
        extractor_url: base address of an OpenAI-compatible endpoint that helps understanding;
            empty asks none.
        most_calls: calls that one process serves at a time; 0 takes what was measured for the
            recogniser and this machine's cores.
        second_recognizer: what hears recordings again after the call: Whisper with a wider search
            (`slow`), `vosk`, or nothing (`off`).
        objects_url: where recordings are kept, such as `s3://bucket/folder`; a folder below
            `data` when empty.
        audio_keys: keys that seal recordings, 32 bytes each in base64, with commas between
            them: the first one seals, all of them open. Made once below `data` when empty.
        keep_..._days: how long each kind of data is kept; see `models.retention`.
        imap_url: the desk's mailbox, `imaps://user:password@host/INBOX` (special characters in
            `%` form); empty watches none. Nothing in it is changed.
        mail_authserv: the name under which the desk's own receiving server writes its
            Authentication-Results; such lines under other names may be forged.
        mail_key: what signs mails that come by webhook; empty takes none.
        fax_folder: a folder that a fax server writes TIFF or PDF files into; kept ones are moved to
            `done` below it. None watches none.
        fax_media_hosts: hosts from which the pages of a fax service are fetched, with commas.
        fax_api_host: the one of them that wants the telephone account's name and token.
        fax_mail_from: addresses of fax-to-mail gateways, or their domains such as `@fax.example`,
            with commas: attachments of their e-mails are faxes.
        fax_number: how a file's name or a gateway's subject or header tells the sender's number: a
            regular expression, whose first group it is; empty takes a usual one.
        otlp_url: where traces of calls are sent by OTLP over HTTP; empty makes none.
        accept_unknown: whether callers without a customer record may order.
        call_back: who calls customers back whose call broke or found no line: the assistant, where
            there is a telephone account, or a clerk.
        call_back_first_minutes: how long such a customer has to call again by himself.
        call_back_most, call_back_most_a_day: rings of one call-back, and of one number within 24
            hours, at most; then a clerk has the task.
        call_back_..._minutes: the wait after a ring that was busy, that nobody or a machine
            answered, that failed or broke, or that came at a bad time.
        call_back_prefixes: beginnings of the numbers that the assistant calls, with commas.
    """

    model_config = SettingsConfigDict(env_prefix="INTAKE_", extra="ignore")

    home: Path = Path("~/.cache/voice-intake")
    data: Path = Path("~/.local/share/voice-intake")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    api_token: SecretStr | None = None
    company_zh: str = "顺达货运"
    company_en: str = "Shunda Freight"
    timezone: str = "Asia/Shanghai"
    hours: str = "00:00-24:00"
    clerk_number: str = ""
    head_number: str = ""
    accept_unknown: bool = True
    most_calls: int = Field(default=0, ge=0)
    call_back: Literal["assistant", "clerk"] = "assistant"
    call_back_first_minutes: float = Field(default=2, ge=0)
    call_back_most: int = Field(default=4, ge=1)
    call_back_most_a_day: int = Field(default=6, ge=1)
    call_back_busy_minutes: float = Field(default=10, ge=0)
    call_back_no_answer_minutes: float = Field(default=60, ge=0)
    call_back_failed_minutes: float = Field(default=5, ge=0)
    call_back_later_minutes: float = Field(default=120, ge=0)
    call_back_prefixes: str = "+86"
    recognizer: Literal["whisper", "vosk"] = "whisper"
    second_recognizer: Literal["slow", "vosk", "off"] = "slow"
    synthesizer: Literal["neural", "pyttsx3"] = "neural"
    default_lang: Literal["zh", "en"] = "zh"
    link_hours: int = 72
    secret_keys: SecretStr = SecretStr("")
    remind_hours: str = "4,24,48"
    quiet_hours: str = "21:00-08:00"
    sign_code: bool = False
    signing_key: Path | None = None
    signing_certificate: Path | None = None
    signing_password: SecretStr = SecretStr("")
    tsa_url: str = ""
    tsa_certificate: Path | None = None
    log_level: str = "INFO"
    objects_url: str = ""
    objects_endpoint: str = ""
    objects_region: str = ""
    objects_key_id: str = ""
    objects_secret: SecretStr = SecretStr("")
    audio_keys: SecretStr = SecretStr("")
    keep_recordings_days: int = Field(default=365, ge=1)
    keep_transcripts_days: int = Field(default=730, ge=1)
    keep_messages_days: int = Field(default=365, ge=1)
    keep_personal_days: int = Field(default=1095, ge=1)
    keep_notices_days: int = Field(default=1825, ge=1)
    keep_training_days: int = Field(default=365, ge=1)
    imap_url: SecretStr = SecretStr("")
    mail_authserv: str = ""
    mail_key: SecretStr = SecretStr("")
    fax_folder: Path | None = None
    fax_media_hosts: str = "api.twilio.com,fax.twilio.com,media.twiliocdn.com"
    fax_api_host: str = "api.twilio.com"
    fax_mail_from: str = ""
    fax_number: str = ""
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = "voice-intake@localhost"
    mail_receipts: bool = True
    otlp_url: str = ""
    extractor_url: str = ""
    extractor_model: str = ""
    extractor_key: SecretStr = SecretStr("")
    extractor_timeout_ms: int = Field(default=800, gt=0)
    twilio_account_sid: str = Field(default="", validation_alias=_twilio("ACCOUNT_SID"))
    twilio_auth_token: SecretStr = Field(
        default=SecretStr(""), validation_alias=_twilio("AUTH_TOKEN")
    )
    twilio_from: str = Field(
        default="",
        validation_alias=AliasChoices("TWILIO_FROM", "TWILIO_PHONE_NUMBER", "INTAKE_TWILIO_FROM"),
    )
    twilio_messaging_service_sid: str = Field(
        default="", validation_alias=_twilio("MESSAGING_SERVICE_SID")
    )
    twilio_api_base: str = Field(default="", validation_alias=_twilio("API_BASE"))

    @property
    def home_dir(self) -> Path:
        """`home`, made absolute."""
        return self.home.expanduser()

    @property
    def data_dir(self) -> Path:
        """`data`, made absolute; created on first use, readable by its owner only."""
        path = self.data.expanduser()
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    @property
    def db_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'intake.db'}"

    @property
    def base_url(self) -> str:
        """The address that the outside uses, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def assistant_after(self) -> timedelta | None:
        """After how long the assistant calls back; None where a clerk does."""
        can = self.can_ring and self.call_back == "assistant"
        return timedelta(minutes=self.call_back_first_minutes) if can else None

    @property
    def can_ring(self) -> bool:
        """Whether the assistant can place calls: a telephone account, and a number to call from."""
        return bool(self.twilio_account_sid and self.twilio_from)

    @property
    def zone(self) -> ZoneInfo:
        """The desk's time zone."""
        return ZoneInfo(self.timezone)

    def secret(self) -> str:
        """What signs webhooks and tokens: Twilio's auth token, or a local one made once.

        Without a Twilio account the local secret lets `intake call` reach `intake serve`
        on the same machine.
        """
        configured = self.twilio_auth_token.get_secret_value()
        return configured or self._local_secret()

    def audio_keys_in_force(self) -> tuple[bytes, ...]:
        """The keys that seal and open recordings, the sealing one first.

        The key made below `data` keeps opening what it sealed when others are set.

        Raises:
            RuleError: a key is not 32 bytes in base64.
        """
        texts = [text for text in self.audio_keys.get_secret_value().split(",") if text.strip()]
        path = self.data_dir / "audio.key"
        if not texts and not path.exists():
            write_once(path, base64.b64encode(secrets.token_bytes(_KEY_BYTES)))
        if path.exists():
            texts.append(path.read_text(encoding="ascii"))
        return tuple(map(_key_of, texts))

    def sealing_keys(self) -> tuple[str, ...]:
        """The keys of `secret_keys`, or one that was made once and is kept below `data`."""
        given = self.secret_keys.get_secret_value().split(",")
        keys = tuple(key.strip() for key in given if key.strip())
        made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        return keys or (self._made_once("sealing-key", made),)

    def _local_secret(self) -> str:
        return self._made_once("secret", secrets.token_hex(32))

    def _made_once(self, name: str, content: str) -> str:
        path = self.data_dir / name
        if not path.exists():
            write_once(path, content.encode("ascii"))
        return path.read_text(encoding="ascii")


def _key_of(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise RuleError(
            "A key for recordings must be 32 bytes in base64; check INTAKE_AUDIO_KEYS and "
            "audio.key in INTAKE_DATA. A new one: openssl rand -base64 32"
        )
    return key
