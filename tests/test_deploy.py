"""What lies in `deploy`: units, image, compose file and proxy agree with the program, its settings and the guide."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from bot import app
from bot.cli import main
from bot.features.submissions.address import PAGE_PATH
from bot.settings import GOOD_VALUES, load_settings

ROOT: Final = Path(__file__).parents[1]
DEPLOY: Final = ROOT / "deploy"
GUIDE: Final = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
UNITS: Final = ("troly.service", "troly@.service", "troly-backup.service", "troly-backup.timer")
OF_MACHINES: Final = {"PATH", "PYTHONUNBUFFERED", "MPLCONFIGDIR"}
OF_COMPOSE: Final = {"DOMAIN", "POSTGRES_PASSWORD", "BOTS"}
MOST_EXPOSED: Final = 20  # tenths of what systemd calls exposure; a unit without a word of hardening has 96


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def read_unit(name: str) -> list[tuple[str, str]]:
    """What a unit says, in its order, as (key, value)."""
    lines = [line for line in read(name).splitlines() if "=" in line and not line.startswith("#")]
    return [(key, value) for key, _, value in (line.partition("=") for line in lines)]


def read_env(text: str) -> dict[str, str]:
    """The settings of a file of settings, those that are commented out too."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def list_runs(dockerfile: str) -> list[str]:
    """The commands of the RUN steps, each by itself."""
    text = dockerfile.replace("\\\n", " ")
    steps = re.findall(r"^RUN (.*)$", text, re.MULTILINE)
    return [" ".join(command.split()) for step in steps for command in step.split("&&")]


# --- systemd ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with programs that are on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    folder = tmp_path_factory.mktemp("units")
    for name in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", read(name), flags=re.MULTILINE)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_systemd_has_nothing_to_say_about_the_units(units: Path) -> None:
    named = [units / name.replace("@", "@8081") for name in UNITS]
    shutil.copy(units / "troly@.service", units / "troly@8081.service")
    found = analyze("verify", *map(str, named))
    ours = [line for line in found.stderr.splitlines() if "troly" in line]
    assert (found.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", UNITS[:3])
def test_a_unit_exposes_little(units: Path, name: str) -> None:
    if "--offline" not in analyze("--help").stdout:
        pytest.skip("this systemd-analyze judges only units that are installed")
    found = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(units / name))
    assert found.returncode == 0, found.stdout[-200:]


def test_the_two_units_of_the_bot_are_one() -> None:
    one, several = read_unit("troly.service"), read_unit("troly@.service")
    differing = {
        key for (key, value), (other, another) in zip(one, several, strict=True) if (key, value) != (other, another)
    }
    assert differing == {"Description", "Environment"}
    assert [key for key, _ in one] == [key for key, _ in several]
    hardened = [pair for pair in one if pair[0].startswith(("Protect", "Private", "Restrict", "SystemCall"))]
    assert len(hardened) > 15
    assert [pair for pair in hardened if pair not in read_unit("troly-backup.service")] == []


def test_units_set_settings_that_there_are_and_give_the_time_that_stopping_takes() -> None:
    for name in UNITS[:3]:
        said = read_unit(name)
        pairs = [pair.partition("=") for key, value in said if key == "Environment" for pair in value.split()]
        assert {key for key, _, _ in pairs} <= set(GOOD_VALUES) | OF_MACHINES
        found = dict(said)
        assert found["User"] == found["Group"] == "troly"
        assert found["WorkingDirectory"] == f"/var/lib/{found['StateDirectory']}"
        listens = [value.replace("%i", "8081") for key, _, value in pairs if key == "LISTEN"]
        assert [load_settings(needs_token=False, listen=value).listen for value in listens] in (
            [("127.0.0.1", 8080)], [("127.0.0.1", 8081)], []
        )  # fmt: skip
    longest = app.DRAIN_SECONDS + 2 * app.DROP_SECONDS + app.FAREWELL_SECONDS
    assert float(dict(read_unit("troly.service"))["TimeoutStopSec"]) > 1.5 * longest


def test_the_guide_installs_every_unit_at_the_paths_they_name() -> None:
    for name in UNITS:
        assert any(Path(name).match(pattern) for pattern in re.findall(r"deploy/(troly\S*)", GUIDE)), name
    programs = {value.split()[0] for name in UNITS[:3] for key, value in read_unit(name) if key == "ExecStart"}
    assert programs == {"/opt/troly/bin/troly", "/opt/troly/bin/back-up.sh"}
    assert "install -m 0755 deploy/back-up.sh /opt/troly/bin/" in GUIDE
    assert "sudo python3 -m venv /opt/troly" in GUIDE
    assert "-o troly -g troly .env.example /var/lib/troly/.env" in GUIDE


def test_the_guide_names_commands_targets_and_files_that_there_are() -> None:
    named = set(re.findall(r"(?:`|-iu troly |exec bot |backup |DATABASE_URL=\S+ )troly ([a-z]+)\b", GUIDE))
    assert {"backup", "restore", "move", "doctor", "units", "invite"} <= named <= set(main.commands)
    pages = re.findall(r"\]\(([^)#]+)", GUIDE)
    assert [page for page in pages if "://" not in page and not (ROOT / "docs" / page).exists()] == []
    headings = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-") for line in re.findall(r"^#+(.*)$", GUIDE, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= headings
    assert set(re.findall(r"\| `([A-Z_]{4,})", GUIDE)) <= {*GOOD_VALUES}


# --- The image and its company ---------------------------------------------------------------------------------------


def test_the_image_is_made_by_the_steps_of_the_guide() -> None:
    mine = [run for run in list_runs(read("Dockerfile")) if "/opt/troly" in run]
    guided = [line.removeprefix("sudo ") for line in GUIDE.splitlines()]
    assert len(mine) == 3
    assert [run for run in mine if run.replace(" --no-cache-dir", "") not in guided] == []
    assert any("--require-hashes -r requirements.txt" in run for run in mine)


def test_the_image_has_a_base_of_a_version_no_root_and_no_secret() -> None:
    text = read("Dockerfile")
    python = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == [f"python:{python.removeprefix('>=')}-slim-trixie"] * 2
    assert re.findall(r"^USER (\d+)$", text, re.MULTILINE) == re.findall(r"useradd --uid (\d+) ", text) != ["0"]
    settings = dict(re.findall(r"([A-Z]+[A-Z_]*)=(\S+)", " ".join(re.findall(r"^ENV (.*)$", text, re.MULTILINE))))
    assert set(settings) == OF_MACHINES | {"LISTEN"}
    assert "ARG" not in re.findall(r"^([A-Z]+) ", text, re.MULTILINE)


def test_the_image_gets_the_packages_and_nothing_beside_them() -> None:
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", read("Dockerfile"), re.MULTILINE)
    taken = {name for names in copied for name in names.split()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    read_by_the_build = {project["project"]["readme"], *project["project"]["license-files"], "pyproject.toml"}
    assert taken == packages | read_by_the_build | {"requirements.txt", "deploy/back-up.sh"}
    assert all((ROOT / name).exists() for name in taken)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == taken


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers /healthz so; its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_image_is_healthy_where_healthz_says_so(status: int, well: bool) -> None:
    text = read("Dockerfile").replace("\\\n", " ")
    [command] = re.findall(r"^HEALTHCHECK .* CMD \[\"python3\", \"-c\", \"(.*)\"\]$", text, re.MULTILINE)
    assert ":8080/healthz" in command
    with answering(status) as port:
        done = subprocess.run(
            [sys.executable, "-c", command.replace(":8080/", f":{port}/")], capture_output=True, check=False
        )
    assert (done.returncode == 0) is well


def test_one_port_and_one_path_from_the_proxy_to_the_bot() -> None:
    compose, proxy, image = read("compose.yaml"), read("Caddyfile"), read("Dockerfile")
    assert set(re.findall(r"(?:LISTEN[=:] ?0\.0\.0\.0:|EXPOSE |UPSTREAMS: bot:)(\d+)", compose + image)) == {"8080"}
    [path] = re.findall(r"WEBHOOK_URL: https://\$\{DOMAIN:[^}]*\}(/\S+)", compose)
    [passed] = re.findall(r"path (.+)$", proxy, re.MULTILINE)
    assert passed.split() == [path, f"{PAGE_PATH}*"]
    used = re.sub(r"#.*", "", proxy)
    assert re.findall(r"(\w+) /healthz", used) == ["health_uri"]  # asked by the proxy, passed on to nobody
    assert re.findall(r"X-Telegram-Bot-Api-Secret-Token (\w+)", used) == ["delete"]
    assert set(re.findall(r"\{\$([A-Z]+)", proxy)) == {"DOMAIN", "UPSTREAMS"}
    assert {"DOMAIN", "UPSTREAMS"} <= set(re.findall(r"^ +([A-Z_]+): ", compose.split("  proxy:")[1], re.MULTILINE))


def test_the_compose_file_sets_what_there_is_and_its_example_all_that_it_asks_for() -> None:
    compose, example = read("compose.yaml"), read_env(read("compose.env.example"))
    asked = set(re.findall(r"\$\{([A-Z_]+)", compose))
    assert asked == OF_COMPOSE <= set(example)
    assert set(example) <= set(GOOD_VALUES) | OF_COMPOSE
    of_bot = set(re.findall(r"^    ([A-Z_]+): ", compose.split("services:")[0], re.MULTILINE))
    assert of_bot == {"DATABASE_URL", "WEBHOOK_URL", "LISTEN", "POSTGRES_PASSWORD"}
    assert not of_bot & set(example) - OF_COMPOSE
    values = dict(re.findall(r"^    (DATABASE_URL|WEBHOOK_URL|LISTEN): (.+)$", compose, re.MULTILINE))
    filled = {name: re.sub(r"\$\{([A-Z_]+)[^}]*\}", "abc123", value) for name, value in values.items()}
    given = {name.lower(): value for name, value in (example | filled).items() if value and name not in OF_COMPOSE}
    settings = load_settings(needs_token=False, **given)
    assert settings.database_address == "postgresql://troly:abc123@database/troly"
    assert (settings.webhook_url, settings.listen) == ("https://abc123/telegram", ("0.0.0.0", 8080))


def test_the_compose_file_gives_every_service_a_version_and_an_end() -> None:
    compose = read("compose.yaml")
    images = re.findall(r"^ +image: (\S+)$", compose, re.MULTILINE)
    assert [image for image in images if image != "troly" and not re.search(r":\d", image)] == []
    volumes = set(re.findall(r"^  ([a-z]+):$", compose.split("\nvolumes:")[1], re.MULTILINE))
    assert set(re.findall(r"^      - ([a-z]+):/", compose, re.MULTILINE)) == volumes
    assert "condition: service_healthy" in compose
    assert compose.count("healthcheck:") == 2  # the bot's own stands in its image
    [grace] = re.findall(r"replicas: .*\n(?:.*\n)+?    stop_grace_period: (\d+)s", compose)
    assert float(grace) == float(dict(read_unit("troly.service"))["TimeoutStopSec"])


def test_examples_of_settings_agree() -> None:
    whole, part = read_env((ROOT / ".env.example").read_text(encoding="utf-8")), read_env(read("compose.env.example"))
    shared = {name for name in part if name in whole and whole[name] and part[name]}
    assert shared
    assert {name: part[name] for name in shared} == {name: whole[name] for name in shared}


# --- Backups ---------------------------------------------------------------------------------------------------------


def test_backups_of_days_and_months_come_round_and_are_their_owners(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "troly.db")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    around = {"PATH": path, "DATABASE_URL": "sqlite:///troly.db", "HOME": str(tmp_path)}

    def back_up() -> None:
        subprocess.run([DEPLOY / "back-up.sh", "kept"], cwd=tmp_path, env=around, check=True, capture_output=True)

    back_up()
    [day], [month] = (tmp_path / "kept").glob("day-?.db"), (tmp_path / "kept").glob("month-??.db")
    assert day.samefile(month)
    assert stat.S_IMODE(day.stat().st_mode) == 0o600
    assert stat.S_IMODE(day.parent.stat().st_mode) == 0o700
    (tmp_path / "troly.db").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        back_up()
    assert day.samefile(month)  # a failure leaves what was there
    assert day.read_bytes().startswith(b"SQLite format 3")
