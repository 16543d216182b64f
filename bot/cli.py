"""The `troly` commands, one function each. Heavy imports stay inside, so that each starts at once."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfoNotFoundError

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings


DISTRIBUTION = "troly-cong-doan"
MOST_PROBLEMS = 200  # refused rows shown


class OperatorGroup(click.Group):
    """Commands whose foreseeable failures end in one line and a code other than 0, without a traceback.

    An exception class says that it is one with `for_operator = True`.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; translate what an operator can cause."""
        try:
            return super().invoke(ctx)
        except ZoneInfoNotFoundError as error:
            raise click.ClickException(f"this machine has no data of time zones ({error}); install tzdata") from None
        except Exception as error:
            if not getattr(type(error), "for_operator", False):
                raise
            raise click.ClickException(" ".join(str(error).split())) from None


@click.group(cls=OperatorGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=DISTRIBUTION, prog_name="troly")
def main() -> None:
    """Trợ lý Công đoàn: trả lời về kế hoạch, nhận số liệu, nhắc hạn cho cán bộ công đoàn, qua Telegram."""


def read_settings(*, is_bot: bool = False) -> Settings:
    """The settings, with logging set up so that none of their secrets can be shown.

    Args:
        is_bot: whether the bot is run, for which the token is needed and the database's work is logged.
    """
    from bot.logs import set_up_logs  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    settings = load_settings(needs_token=is_bot)
    set_up_logs(settings.log_level, settings.secrets())
    if not is_bot:
        logging.getLogger("storage").setLevel(logging.WARNING)
    return settings


@main.command()
def run() -> None:
    """Run the bot: by long polling, or by webhook where WEBHOOK_URL is set. Migrates the database first."""
    settings = read_settings(is_bot=True)
    about = {
        "version": version(DISTRIBUTION),
        "database": "SQLite" if settings.database_address.startswith("sqlite") else "PostgreSQL",
        "by": "webhook" if settings.webhook_url else "polling",
    }
    logging.getLogger("bot.cli").info("starting", extra=about)  # before all that takes time
    from bot import app  # noqa: PLC0415

    asyncio.run(app.run(settings))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Of the chat page; 0 takes a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def demo(port: int | None, no_browser: bool) -> None:
    """Try the whole product on this machine, with no token and no network; nothing is kept.

    It asks an example question, then serves a chat page with people to play and a clock to move.
    """
    from bot.logs import set_up_logs  # noqa: PLC0415
    from bot.terminal.demo import run_demo  # noqa: PLC0415

    set_up_logs("WARNING")
    asyncio.run(run_demo(port, browser=not no_browser, say=click.echo))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent, checked copy of the database to FILE; the bot may run meanwhile.

    The copy is a SQLite file whichever database is used; `DATABASE_URL=sqlite:///FILE troly run` opens it.
    """
    settings = read_settings()
    from bot.terminal import copies  # noqa: PLC0415

    click.echo(copies.back_up(settings, file, _say_aside))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Let the backup FILE stand in the place of the database; the bot must not run. What was there is kept."""
    settings = read_settings()
    from bot.terminal import copies  # noqa: PLC0415

    click.echo(copies.restore(settings, file, _say_aside))


@main.command()
@click.argument("address")
def move(address: str) -> None:
    """Copy everything to the empty database at ADDRESS (as DATABASE_URL); the bot must not run meanwhile."""
    settings = read_settings()
    from bot.terminal import copies  # noqa: PLC0415

    click.echo(copies.move(settings, address, _say_aside))


@main.command()
@click.option("--most", default=20, show_default=True, help="How many to show.")
def questions(most: int) -> None:
    """Show the questions most often not answered or voted down, the worst first."""
    settings = read_settings()
    from storage import feedback  # noqa: PLC0415
    from storage.engine import Database  # noqa: PLC0415

    async def read() -> list[feedback.MissedQuestion]:
        database = await Database.open(settings.database_address, create=False)
        try:
            async with database.read() as db:
                return await feedback.list_missed(db, most=most)
        finally:
            await database.close()

    found = asyncio.run(read())
    if not found:
        click.echo("no question was missed or voted down so far")
    for row in found:
        click.echo(f"{row.missed + row.voted_down:5}  missed {row.missed}, down {row.voted_down}, up {row.voted_up}, "
                   f"last {row.last_on:%d/%m/%Y}  {row.question}")  # fmt: skip


@main.command()
def doctor() -> None:
    """Check this installation: settings, database, messages in doubt, the road to Telegram.

    Each line begins with ok, warn (worth mending, the bot works) or FAIL; the code is 1 only where something fails.
    """
    settings = read_settings()
    from bot.terminal.doctor import FindingMark, examine  # noqa: PLC0415

    findings = asyncio.run(examine(settings))
    for finding in findings:
        click.echo(str(finding))
    if any(finding.mark is FindingMark.FAILURE for finding in findings):
        sys.exit(1)


@main.group()
def units() -> None:
    """Bring the tree of units and its officers in from a file."""


@units.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Take the good rows even if others are refused.")
@click.option("--sheet", "sheets", metavar="NAME", multiple=True, help="Read this sheet alone, hidden or not.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m"]),
    metavar="YYYY-MM",
    help="The first month that new units report; this month where none is given.",
)
def import_units(file: Path, partial: bool, sheets: tuple[str, ...], since: datetime | None) -> None:
    """Take the units and officers of FILE (.xlsx, .xls, .ods or .csv) in; the bot may run meanwhile.

    All sheets with a heading are read but hidden ones, which are named. Merged cells hold for each of their rows.

    Says which rows are refused and why, and then changes nothing unless --partial. Units are known by their code:
    importing again updates them, and leaves alone those that the file does not name.
    """
    settings = read_settings()
    from bot.terminal import roster  # noqa: PLC0415

    first = since.date() if since is not None else None
    outcome = asyncio.run(
        roster.import_file(settings, file, partial=partial, sheets=sheets, first=first, say=_say_aside)
    )
    for note in outcome.notes[:MOST_PROBLEMS]:
        _say_aside(f"note: {note}")
    for problem in outcome.problems[:MOST_PROBLEMS]:
        click.echo(str(problem))
    if len(outcome.problems) > MOST_PROBLEMS:
        click.echo(f"and {len(outcome.problems) - MOST_PROBLEMS} more")
    refused = len({problem.spot for problem in outcome.problems})
    if not outcome.is_done:
        raise click.ClickException(f"{roster.count_rows(refused)} refused, nothing changed; --partial takes the others")
    for row in outcome.ended[:MOST_PROBLEMS]:
        click.echo(f"{row}: this role was ended before and stays ended; invite the officer to give it back")
    done, *aside = roster.describe_outcome(outcome)
    click.echo(done)
    for line in aside:
        _say_aside(line)
    if refused and not (outcome.added or outcome.changed or outcome.unchanged or outcome.roles):
        raise click.ClickException("every row was refused")


@units.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file: Path) -> None:
    """Write an empty unit file to FILE: .xlsx with lists to choose from and a guide, or .csv with its headings."""
    from bot.terminal import roster  # noqa: PLC0415

    roster.write_template(file)
    click.echo(f"{file}: fill it in, then troly units import {file}")


@main.command()
@click.option("--unit", "unit_code", metavar="CODE", required=True, help="The unit to invite somebody to.")
@click.option("--role", type=click.Choice(["officer", "supervisor", "admin"]), required=True)
@click.option("--days", type=click.IntRange(1, 90), default=7, show_default=True, help="How long it can be used.")
def invite(unit_code: str, role: str, days: int) -> None:
    """Make a one-time invitation: its link, and on a line of its own the code to send as /start CODE."""
    settings = read_settings()
    from bot.terminal import roster  # noqa: PLC0415
    from storage.people import RoleName  # noqa: PLC0415

    made = asyncio.run(roster.make_invitation(settings, unit_code, RoleName(role), days))
    until = made.until.astimezone(settings.timezone)
    click.echo(f"{role} of {made.unit}, to be used once, until {until:%d/%m/%Y %H:%M}", err=True)
    if made.link is None:
        click.echo(f"no link: {made.why}; the code can be sent to the bot all the same", err=True)
    else:
        click.echo(made.link)
    click.echo(made.code)


@main.group()
def plans() -> None:
    """The plans that answers come from: what is known of them, files in and out, what becomes of them."""


@plans.command(name="list")
def list_plans() -> None:
    """Show the plans known: number or issuer, date, state, how many targets, deadlines and tasks."""
    settings = read_settings()
    from bot.terminal import plan_files, plan_importing  # noqa: PLC0415

    for line in asyncio.run(plan_files.describe_plans(settings)):
        click.echo(line)
    for line in asyncio.run(plan_importing.describe_files(settings)):
        click.echo(line)


@plans.command(name="check")
@click.argument("files", metavar="FILE.toml...", nargs=-1, required=True, type=click.Path(path_type=Path))
def check_plans(files: tuple[Path, ...]) -> None:
    """Say what is wrong with files of plans: file, key and mend, one line for each file; nothing is stored.

    Notes tell of what may be a slip, such as a yearly pace that only the words of a figure tell; they refuse nothing.
    """
    settings = read_settings()
    from bot.terminal import plan_files  # noqa: PLC0415

    problems = asyncio.run(plan_files.check_files(settings, files))
    for note in plan_files.list_notes(files):
        click.echo(note, err=True)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} of {len(files)} files cannot be taken in")
    click.echo(f"{len(files)} files checked, nothing is wrong with them")


@plans.command(name="add")
@click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))
@click.option("--approve", is_flag=True, help="Put it in force at once, from its own date.")
@click.option("--replaces", metavar="OLD", help="With --approve: the plan in whose place it is then.")
def add_plan(file: Path, approve: bool, replaces: str | None) -> None:
    """Take the plan of FILE.toml in; the bot may run meanwhile. It waits to be approved unless --approve."""
    if replaces is not None and not approve:
        raise click.UsageError("--replaces goes with --approve")
    settings = read_settings()
    from bot.terminal import plan_files  # noqa: PLC0415

    click.echo(asyncio.run(plan_files.add_file(settings, file, approve=approve, replaces=replaces)))


@plans.command(name="export")
@click.argument("plan", metavar="ID")
def export_plan(plan: str) -> None:
    """Write a plan as TOML to standard output; it can be changed and added again."""
    settings = read_settings()
    from bot.terminal import plan_files  # noqa: PLC0415

    click.echo(asyncio.run(plan_files.export_plan(settings, plan)), nl=False)


@plans.command(name="replace")
@click.argument("old")
@click.argument("new")
def replace_plan(old: str, new: str) -> None:
    """Let the plan NEW, which is in force, stand in the place of OLD; withdrawing NEW takes it back."""
    settings = read_settings()
    from bot.terminal import plan_files  # noqa: PLC0415

    click.echo(asyncio.run(plan_files.replace_plan(settings, old, new)))


@plans.command(name="withdraw")
@click.argument("plan", metavar="ID")
def withdraw_plan(plan: str) -> None:
    """Take a plan out of force and bring back what it replaced; drop one that waits to be approved."""
    settings = read_settings()
    from bot.terminal import plan_files  # noqa: PLC0415

    click.echo(asyncio.run(plan_files.withdraw_plan(settings, plan)))


@plans.command(name="restore")
@click.argument("plan", metavar="ID")
def restore_plan(plan: str) -> None:
    """Take a withdrawal back."""
    settings = read_settings()
    from bot.terminal import plan_files  # noqa: PLC0415

    click.echo(asyncio.run(plan_files.restore_plan(settings, plan)))


def _say_aside(line: str) -> None:
    """A line on standard error, beside what is said."""
    click.echo(line, err=True)


@plans.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "in_json", is_flag=True, help="One line of JSON a file; nothing is stored.")
@click.option("--approve", is_flag=True, help="Put at once in force what is sure; what is doubtful is left out.")
def import_plans(files: tuple[Path, ...], in_json: bool, approve: bool) -> None:
    """Read new plans, show what was understood, and keep them to be approved in the chat.

    FILES are .docx, .pdf, .txt or .md, annexes .xlsx, .xls, .ods or .csv;
    where tesseract is installed with Vietnamese, scans and pictures of pages too.
    """
    if in_json and approve:
        raise click.UsageError("--json stores nothing, so --approve does not go with it")
    if in_json:
        from bot.terminal.plan_reading import show_files  # noqa: PLC0415

        refused = show_files(files, in_json=True, say=click.echo, tell=_say_aside)
    else:
        settings = read_settings()
        from bot.terminal.plan_importing import import_files  # noqa: PLC0415

        refused = asyncio.run(import_files(settings, files, approve=approve, say=click.echo, tell=_say_aside))
    if refused:
        raise click.ClickException("; ".join(refused))


@main.group()
def forms() -> None:
    """The report forms: what is known of them, workbooks in and out, what becomes of them."""


@forms.command(name="list")
def list_forms() -> None:
    """Show the forms known: id, name, period, number of rows, state."""
    settings = read_settings()
    from bot.terminal import form_files  # noqa: PLC0415

    for line in asyncio.run(form_files.describe_forms(settings)):
        click.echo(line)


@forms.command(name="import")
@click.argument("file", metavar="FILE.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--approve", is_flag=True, help="Put it in force at once, where nothing is doubtful.")
def import_form(file: Path, approve: bool) -> None:
    """Show the form that FILE.xlsx describes, and hold it to be approved; the bot may run meanwhile.

    What is wrong is named with its cell, and nothing is kept. With --approve it is asked for from the period that the
    workbook names, else from the present one.
    """
    settings = read_settings()
    from bot.terminal import form_files  # noqa: PLC0415

    click.echo(asyncio.run(form_files.import_file(settings, file, approve=approve, say=click.echo)))


@forms.command(name="export")
@click.argument("form", metavar="ID")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export_form(form: str, file: Path | None) -> None:
    """Write the workbook that describes a form to FILE (ID.xlsx), to begin another one from."""
    settings = read_settings()
    from bot.terminal import form_files  # noqa: PLC0415

    target = asyncio.run(form_files.export_form(settings, form, file))
    click.echo(f"{target}: change it, then troly forms import {target}")


@forms.command(name="withdraw")
@click.argument("form", metavar="ID")
def withdraw_form(form: str) -> None:
    """Let a form ask for nothing any more, what was sent stays; drop one that waits to be approved."""
    settings = read_settings()
    from bot.terminal import form_files  # noqa: PLC0415

    click.echo(asyncio.run(form_files.withdraw_form(settings, form)))


@forms.command(name="restore")
@click.argument("form", metavar="ID")
def restore_form(form: str) -> None:
    """Take a withdrawal back."""
    settings = read_settings()
    from bot.terminal import form_files  # noqa: PLC0415

    click.echo(asyncio.run(form_files.restore_form(settings, form)))


@main.command()
@click.argument("question", required=False)
@click.option("--unit", "unit_code", metavar="CODE", help="Ask as an officer of this unit: its plan answers first.")
@click.option("--json", "in_json", is_flag=True, help="One line of JSON instead of text.")
def ask(question: str | None, unit_code: str | None, in_json: bool) -> None:
    """Answer one QUESTION from the plans; "-" or nothing reads questions from standard input, one a line.

    Successive lines are one conversation; an empty line begins a new one.
    """
    from bot.terminal import answering  # noqa: PLC0415
    from bot.terminal.known_plans import make_adviser  # noqa: PLC0415

    settings = read_settings()
    own = _find_plans(settings, unit_code) if unit_code else ()
    piped = question in (None, "-")
    today = datetime.now(settings.timezone).date()
    adviser = asyncio.run(make_adviser(settings, today))
    for reply in answering.answer_lines(_typed_lines() if piped else [question or ""], adviser, today, own):
        if in_json:
            click.echo(answering.as_json(reply).decode())
        else:
            click.echo(reply.text + ("\n" if piped else ""))


@main.command()
@click.option("--as", "role", type=click.Choice(["guest", "officer", "supervisor", "admin"]), default="officer",
              show_default=True, help="Who says it.")  # fmt: skip
@click.option("--in", "place", type=click.Choice(["private", "group", "baocao", "dathan"]), default="private",
              show_default=True, help="Where it is said; the last two: in that dialog.")  # fmt: skip
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day it is said on.")
@click.option("--json", "source", type=click.Choice(["-"]), required=True, help="Messages from standard input.")
def understand(role: str, place: str, today: datetime | None, source: str) -> None:
    """Show what the bot makes of messages: one a line, as text or as a JSON string; one JSON line back for each.

    No database is needed or made, the demo's sample units are known, and nothing is kept.
    """
    del source
    from bot.terminal.meanings import describe_messages  # noqa: PLC0415
    from knowledge.meanings.model import AskerRole, Place  # noqa: PLC0415

    day = today.date() if today is not None else datetime.now(read_settings().timezone).date()
    for line in describe_messages(_typed_lines(), AskerRole(role), Place(place), day):
        click.echo(line.decode())


def _find_plans(settings: Settings, unit_code: str) -> tuple[str, ...]:
    from bot.terminal import roster  # noqa: PLC0415 - not needed for a question without a unit

    return asyncio.run(roster.find_plans_of_unit(settings, unit_code))


def _typed_lines() -> Iterator[str]:
    """Lines of standard input as they come; undecodable bytes are replaced, not fatal."""
    stream = sys.stdin.buffer
    prompt = sys.stdin.isatty()
    while True:
        if prompt:
            click.echo("? ", nl=False)
        line = stream.readline()
        if not line:
            return
        yield line.decode("utf-8", errors="replace")


if __name__ == "__main__":
    main()
