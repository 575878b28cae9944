"""Settings: the only reader of the environment."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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
        remind_hours: hours after the link at which an unsigned order is reminded of, with commas.
        quiet_hours: when nobody is reminded, local time, `HH:MM-HH:MM`; empty for never.
        sign_code: whether signers prove their mobile by a one-time code.
        signing_key, signing_certificate: PEM files of the company's own key and of its
            certificate with the chain; without them a self-made pair below `data` serves.
        hours: when persons can be reached, local time, `HH:MM-HH:MM`.
        twilio_api_base: another address for Twilio's REST API (a stand-in, a proxy).
        extractor_url: base address of an OpenAI-compatible endpoint that helps understanding;
            empty asks none.
        accept_unknown: whether callers without a customer record may order.
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
    recognizer: Literal["whisper", "vosk"] = "whisper"
    synthesizer: Literal["neural", "pyttsx3"] = "neural"
    default_lang: Literal["zh", "en"] = "zh"
    link_hours: int = 72
    remind_hours: str = "4,24,48"
    quiet_hours: str = "21:00-08:00"
    sign_code: bool = False
    signing_key: Path | None = None
    signing_certificate: Path | None = None
    signing_password: SecretStr = SecretStr("")
    log_level: str = "INFO"
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

    def _local_secret(self) -> str:
        path = self.data_dir / "secret"
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
        return path.read_text(encoding="ascii")
