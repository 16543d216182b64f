"""The settings: one typed value, read once. Errors name the setting and what a good value looks like."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from rapidfuzz import fuzz, process

from knowledge.model.obligations import QuietHours

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_KEY = re.compile(r"[\x21-\x7e]{1,4096}")
_SWAPPED_DAY = re.compile(r"([+-])\s*([0-9]{4}-[0-9]{2}-[0-9]{2})")
_MODEL = re.compile(r"[\x21-\x7e]{1,200}")
_LONGEST_CONTACT = 200
_LONGEST_NAME = 64  # of a bot; Telegram's own bound
_PROXIES = ("http", "https", "socks5", "socks5h")

NEARLY = 85.0  # per cent of the letters

KEEP = "keep"
"""The value of `BOT_NAME` that leaves the bot's profile alone."""

#: What a good value looks like, for the message about a bad or missing one.
GOOD_VALUES = {
    "TELEGRAM_BOT_TOKEN": "the token from @BotFather, like 123456789:AAE…; without one, try `troly demo`",
    "TELEGRAM_API_URL": "an origin like https://api.telegram.org",
    "DATABASE_URL": "sqlite:///data/troly.db or postgresql://user:password@host/name",
    "TIMEZONE": "an IANA name like Asia/Ho_Chi_Minh",
    "ADMIN_IDS": "Telegram ids separated by commas, like 12345678,87654321",
    "WEBHOOK_URL": "an https address that Telegram can reach, like https://bot.example.vn/telegram",
    "WEBHOOK_SECRET": "1–256 letters, digits, _ or -",
    "LISTEN": "host:port like 127.0.0.1:8080",
    "TELEGRAM_PROXY": "an address like socks5://127.0.0.1:1080 or http://proxy:3128",
    "READER_URL": "the base of an OpenAI-compatible endpoint, like https://models.example.vn/v1",
    "READER_KEY": "the endpoint's key, without blanks",
    "READER_MODEL": "the name of a model at that endpoint, without blanks",
    "SEND_RATE": "messages a second, like 30 (0: no limit, for test servers)",
    "QUIET_HOURS": "from-to like 21:00-07:00, or off",
    "WORKING_DAYS": "days worked (+) or off (-), separated by commas, like +2027-01-09,-2027-01-08",
    "SUPPORT_CONTACT": "one line of up to 200 characters that officers read, like a name and a phone number",
    "BOT_NAME": "one line of up to 64 characters, or keep",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR",
}


@dataclass(frozen=True, slots=True)
class SwappedDays:
    """Days that the government swaps after the holiday library was released: days worked, and days off."""

    worked: frozenset[date] = frozenset()
    off: frozenset[date] = frozenset()


class SettingsError(Exception):
    """A setting is missing or malformed. The message is one line: which, and what a good value looks like."""

    for_operator = True

    def __init__(self, name: str, problem: str) -> None:
        good = GOOD_VALUES.get(name)
        super().__init__(f"{name} {problem}" + (f"; it should be {good}" if good else ""))
        self.name = name


class Settings(BaseSettings):
    """Every setting, from the environment or `.env` in the working folder. `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, env_ignore_empty=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    database_url: SecretStr = SecretStr("sqlite:///data/troly.db")
    timezone: Annotated[ZoneInfo, NoDecode] = ZoneInfo("Asia/Ho_Chi_Minh")
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: Annotated[tuple[str, int] | None, NoDecode] = None
    telegram_proxy: SecretStr | None = None
    reader_url: str | None = None
    reader_key: SecretStr | None = None
    reader_model: str | None = None
    send_rate: float = 30.0
    quiet_hours: Annotated[QuietHours, NoDecode] = QuietHours(time(21), time(7))
    working_days: Annotated[SwappedDays, NoDecode] = SwappedDays()
    support_contact: str = ""
    bot_name: str | None = None
    log_level: str = "INFO"

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value().strip()):
            raise ValueError("is malformed")
        return SecretStr(value.get_secret_value().strip()) if value else value

    @field_validator("telegram_api_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
            raise ValueError("is malformed")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")) or url.endswith(":///"):
            raise ValueError("is malformed")
        return value

    @field_validator("timezone", mode="before")
    @classmethod
    def _zone(cls, value: Any) -> ZoneInfo:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value).strip())
        except (KeyError, ValueError, OSError):
            raise ValueError("is not a time zone") from None

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> frozenset[int]:
        if not isinstance(value, str):
            return frozenset(value)
        parts = [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
        if not all(re.fullmatch(r"[1-9]\d{0,15}", part) for part in parts):
            raise ValueError("is malformed")
        return frozenset(int(part) for part in parts)

    @field_validator("webhook_url")
    @classmethod
    def _webhook(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("https", "http") or not parts.hostname:
                raise ValueError("is malformed")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("is malformed")
        return value

    @field_validator("listen", mode="before")
    @classmethod
    def _address(cls, value: Any) -> tuple[str, int] | None:
        if value is None or isinstance(value, tuple):
            return value
        host, colon, port = str(value).strip().rpartition(":")
        if not colon or not port.isdigit() or int(port) > 65535:
            raise ValueError("is malformed")
        return host.strip("[]") or "127.0.0.1", int(port)

    @field_validator("telegram_proxy")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in _PROXIES or not parts.hostname:
                raise ValueError("is malformed")
        return value

    @field_validator("reader_url")
    @classmethod
    def _endpoint(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            bare = not (parts.query or parts.fragment or parts.username or parts.password)
            if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
                raise ValueError("is malformed")
        return value

    @field_validator("reader_key")
    @classmethod
    def _endpoint_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _KEY.fullmatch(value.get_secret_value()):
            raise ValueError("is malformed")
        return value

    @field_validator("reader_model")
    @classmethod
    def _model_name(cls, value: str | None) -> str | None:
        if value is not None and not _MODEL.fullmatch(value):
            raise ValueError("is malformed")
        return value

    @field_validator("send_rate")
    @classmethod
    def _rate(cls, value: float) -> float:
        if not (value == 0 or 0.1 <= value <= 100_000):
            raise ValueError("is out of range")
        return value

    @field_validator("quiet_hours", mode="before")
    @classmethod
    def _hours(cls, value: Any) -> QuietHours:
        if isinstance(value, QuietHours):
            return value
        if str(value).strip().lower() == "off":
            return QuietHours(time(), time())
        match = _HOURS.fullmatch(str(value).strip())
        if match is None:
            raise ValueError("is malformed")
        numbers = [int(group) for group in match.groups()]
        return QuietHours(time(numbers[0] % 24, numbers[1]), time(numbers[2] % 24, numbers[3]))

    @field_validator("working_days", mode="before")
    @classmethod
    def _swapped(cls, value: Any) -> SwappedDays:
        if isinstance(value, SwappedDays):
            return value
        found: dict[str, set[date]] = {"+": set(), "-": set()}
        for part in filter(None, (part.strip() for part in str(value).replace(";", ",").split(","))):
            match = _SWAPPED_DAY.fullmatch(part)
            if match is None:
                raise ValueError("is malformed")
            try:
                found[match[1]].add(date.fromisoformat(match[2]))
            except ValueError:
                raise ValueError("holds a day that no calendar has") from None
        if found["+"] & found["-"]:
            raise ValueError("holds a day that is both worked and off")
        return SwappedDays(frozenset(found["+"]), frozenset(found["-"]))

    @field_validator("support_contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        line = value.strip()
        if len(line) > _LONGEST_CONTACT:
            raise ValueError("is too long")
        if len(line.splitlines()) > 1:
            raise ValueError("is not one line")
        return line

    @field_validator("bot_name")
    @classmethod
    def _name(cls, value: str | None) -> str | None:
        name = value.strip() if value is not None else ""
        if len(name) > _LONGEST_NAME:
            raise ValueError("is too long")
        if len(name.splitlines()) > 1:
            raise ValueError("is not one line")
        return KEEP if name.lower() == KEEP else name or None

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: Any) -> str:
        level = str(value).strip().upper()
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("is not a level")
        return level

    @model_validator(mode="after")
    def _webhook_needs_an_ear(self) -> Settings:
        if self.webhook_url and self.listen is None:
            raise ValueError("LISTEN is missing while WEBHOOK_URL is set")
        return self

    @model_validator(mode="after")
    def _reader_is_whole(self) -> Settings:
        if self.reader_url and not self.reader_model:
            raise ValueError("READER_MODEL is missing while READER_URL is set")
        if not self.reader_url and (self.reader_model or self.reader_key):
            raise ValueError("READER_URL is missing while READER_MODEL or READER_KEY is set")
        return self

    @property
    def token(self) -> str:
        """The bot's token; raises SettingsError where there is none."""
        if self.telegram_bot_token is None:
            raise SettingsError("TELEGRAM_BOT_TOKEN", "is missing")
        return self.telegram_bot_token.get_secret_value()

    @property
    def bot_id(self) -> int:
        """The bot's own Telegram id, which its token begins with."""
        return int(self.token.split(":")[0])

    @property
    def database_address(self) -> str:
        """`DATABASE_URL` in the clear, for opening it."""
        return self.database_url.get_secret_value()

    @property
    def proxy(self) -> str | None:
        """`TELEGRAM_PROXY` in the clear."""
        return self.telegram_proxy.get_secret_value() if self.telegram_proxy else None

    @property
    def reader_host(self) -> str | None:
        """The second reader's host name, for people to read; None where there is none."""
        return urlsplit(self.reader_url).netloc if self.reader_url else None

    @property
    def webhook_key(self) -> str:
        """The secret that Telegram sends along: the one set, otherwise one derived from the token."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        return hmac.new(self.token.encode(), b"troly webhook", hashlib.sha256).hexdigest()

    def secrets(self) -> list[str]:
        """The secret values, which are never shown."""
        found = [self.webhook_secret, self.telegram_bot_token, self.telegram_proxy, self.reader_key]
        secrets = [secret.get_secret_value() for secret in found if secret]
        if self.telegram_bot_token:
            secrets += [self.token.split(":", 1)[1], self.webhook_key]
        if not self.database_address.startswith("sqlite"):
            secrets.append(self.database_address)
            if password := urlsplit(self.database_address).password:
                secrets.append(password)
        return secrets


def find_misspelt() -> dict[str, str]:
    """Names in the environment and `.env` that are no setting and nearly one: the setting that each may mean."""
    given = {name.upper() for name in (*os.environ, *dotenv_values(".env"))}
    near = {name: process.extractOne(name, [*GOOD_VALUES], scorer=fuzz.ratio, score_cutoff=NEARLY) for name in given}
    return {name: found[0] for name, found in sorted(near.items()) if found is not None and name not in GOOD_VALUES}


def load_settings(*, needs_token: bool = True, **given: Any) -> Settings:
    """Read the settings.

    Args:
        needs_token: whether a missing bot token is a mistake (it is not for commands that do not speak to Telegram).
        given: values that go before environment and file, for the demo and tests.

    Raises:
        SettingsError: the first mistake, in one line.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        problem = str(first["msg"]).removeprefix("Value error, ") if first["type"] == "value_error" else "is malformed"
        if not first["loc"]:  # of several settings together; the problem begins with the name of one
            raise SettingsError(*problem.split(" ", 1)) from None
        raise SettingsError(str(first["loc"][0]).upper(), problem) from None
    except UnicodeDecodeError:
        raise SettingsError(".env", "is not readable as UTF-8 text") from None
    if needs_token:
        _ = settings.token
    return settings
