"""The `intake` command. Each subcommand lives in `api/commands/` and is loaded when called."""

from __future__ import annotations

import importlib
import sys

import click

from api.loading import loading
from models.errors import IntakeError

#: Subcommand to the one line that `intake --help` shows.
COMMANDS = {
    "serve": "Start the server: telephone, web and outbox.",
    "demo": "Place one simulated call to a server of its own and show what comes of it.",
    "call": "Place a scripted call to a running server.",
    "parse": "Understand utterances: JSON lines in, JSON lines out.",
    "models": "List, fetch, add and verify speech models.",
    "render": "Speak every fixed prompt once, so that no caller waits for it.",
    "bench": "Measure, and print the figures as JSON.",
    "export": "Write what is on file about a person or customer into a ZIP file.",
    "recordings": "Seal recordings with another key, or keep those left behind.",
    "db": "Bring the database up to date.",
    "user": "Make accounts for the console, and set their passwords.",
    "worker": "Run workflows: text messages, reminders, documents.",
    "verify": "Say whether a signed document is genuine.",
    "replay": "Run a stored call's events through the dialogue again.",
}


class LazyGroup(click.Group):
    """Subcommands by name; importing one loads only what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with loading():
            command = importlib.import_module(f"api.commands.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"api.commands.{cmd_name}.command is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup)
@click.version_option(package_name="voice-intake")
def cli() -> None:
    """Voice intake: a telephone assistant that takes freight orders."""


def main() -> None:
    """Runs the command; our own errors end it with one clear line."""
    try:
        cli()
    except IntakeError as error:
        click.echo(f"intake: {error}", err=True)
        sys.exit(1)
