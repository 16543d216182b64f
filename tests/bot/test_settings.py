"""Settings: each mistake is named, with a good value, in one line; secrets stay secret."""

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.rules import Rules
from bot.settings import GOOD_VALUES, Settings, SettingsError, load_settings
from knowledge.model.obligations import QuietHours

TOKEN = "123456:a-secret-token-of-this-test"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in GOOD_VALUES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_those_promised() -> None:
    settings = load_settings(needs_token=False)
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database_address == "sqlite:///data/troly.db"
    assert settings.timezone == ZoneInfo("Asia/Ho_Chi_Minh")
    assert settings.send_rate == 30
    assert settings.quiet_hours == QuietHours(time(21), time(7))
    assert settings.admin_ids == frozenset()
    assert settings.support_contact == ""
    assert settings.bot_name is None


def test_a_file_and_the_environment_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nADMIN_IDS=1, 22\nQUIET_HOURS=22:30-06:00\nLISTEN=0.0.0.0:8080\nTIMEZONE=\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("SEND_RATE", "12.5")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    settings = load_settings()
    assert (settings.token, settings.bot_id, settings.admin_ids) == (TOKEN, 123456, frozenset({1, 22}))
    assert (settings.listen, settings.send_rate) == (("0.0.0.0", 8080), 12.5)
    assert settings.quiet_hours.covers(time(22, 30))
    assert settings.quiet_hours.covers(time(5, 59))
    assert not settings.quiet_hours.covers(time(6))
    assert settings.telegram_api_url == "http://127.0.0.1:8081"


@pytest.mark.parametrize("value", ["off", " Off", "00:00-00:00"])
def test_there_may_be_no_quiet_hours(value: str) -> None:
    quiet = load_settings(needs_token=False, quiet_hours=value).quiet_hours
    assert not any(quiet.covers(time(hour)) for hour in range(24))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "not-a-token-of-this-test"),
        ("TELEGRAM_BOT_TOKEN", "123456: spaced"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://x"),
        ("DATABASE_URL", "mysql://u:hidden-word@h/x"),
        ("DATABASE_URL", "data/troly.db"),
        ("TIMEZONE", "Hà Nội"),
        ("TIMEZONE", "../../etc/passwd"),
        ("BOT_NAME", "a name\nof two lines"),
        ("BOT_NAME", "n" * 65),
        ("ADMIN_IDS", "an, bình"),
        ("ADMIN_IDS", "-5"),
        ("READER_URL", "models.example.vn/v1"),
        ("READER_URL", "https://u:hidden-word@models.example.vn/v1"),
        ("READER_URL", "https://models.example.vn/v1?key=hidden-word"),
        ("READER_KEY", "hidden-word with blanks"),
        ("READER_MODEL", "a model"),
        ("WEBHOOK_URL", "bot.example.vn"),
        ("WEBHOOK_SECRET", "có dấu"),
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:99999"),
        ("TELEGRAM_PROXY", "127.0.0.1:1080"),
        ("SEND_RATE", "fast"),
        ("SEND_RATE", "-1"),
        ("SEND_RATE", "nan"),
        ("QUIET_HOURS", "đêm"),
        ("QUIET_HOURS", "21:99-07:00"),
        ("QUIET_HOURS", "offen"),
        ("WORKING_DAYS", "2027-01-09"),
        ("WORKING_DAYS", "+2027-02-30"),
        ("WORKING_DAYS", "+2027-01-09,-2027-01-09"),
        ("SUPPORT_CONTACT", "0" * 201),
        ("SUPPORT_CONTACT", "A line\nand another"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_malformed_setting_is_named_with_a_good_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    text = str(raised.value)
    assert text.startswith(name)
    assert GOOD_VALUES[name] in text
    assert "\n" not in text
    assert "not-a-token-of-this-test" not in text
    assert "hidden-word" not in text


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN is missing"):
        load_settings()
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.vn/x")
    with pytest.raises(SettingsError, match="LISTEN is missing"):
        load_settings()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"READER_URL": "https://models.example.vn/v1"}, "READER_MODEL"),
        ({"READER_MODEL": "a-model"}, "READER_URL"),
        ({"READER_KEY": "hidden-word"}, "READER_URL"),
    ],
)
def test_a_reader_is_set_up_whole(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{missing} is missing while READER_") as raised:
        load_settings()
    assert GOOD_VALUES[missing] in str(raised.value)
    assert "hidden-word" not in str(raised.value)


def test_no_secret_shows_in_what_is_printed() -> None:
    settings = load_settings(
        telegram_bot_token=TOKEN,
        database_url="postgresql://u:hidden-word@h/x",
        webhook_secret="hidden_too",
        reader_url="https://models.example.vn/v1",
        reader_model="a-model",
        reader_key="hidden-key",
    )
    assert "secret-token" not in repr(settings) + str(settings)
    assert "hidden" not in repr(settings) + str(settings)
    assert {TOKEN, "hidden-word", "hidden_too", "hidden-key"} <= set(settings.secrets())


def test_every_setting_is_explained_in_the_example() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    assert {name.upper() for name in Settings.model_fields} == set(GOOD_VALUES)
    for name in GOOD_VALUES:
        assert f"{name}=" in example


def test_swapped_working_days_hold_wherever_working_days_are_asked() -> None:
    rules = Rules.of(load_settings(needs_token=False, working_days="+2027-01-09, -2027-01-08"))
    assert rules.working_days.is_working_day(date(2027, 1, 9))  # a Saturday
    assert not rules.working_days.is_working_day(date(2027, 1, 8))  # a Friday
    assert rules.working_days.on_or_before(date(2027, 1, 8)) == date(2027, 1, 7)
