"""`intake replay`: a stored call's events run through the dialogue again."""

from __future__ import annotations

import click

from api.config import Settings
from api.desk import open_desk
from api.wordings import dialogue_settings
from models.errors import NotFound
from nlp.dialogue.actions import Say
from nlp.dialogue.journal import load_event
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.prompts import Prompts


@click.command()
@click.argument("call_sid")
def command(call_sid: str) -> None:
    """Show what the present wording and rules make of the events of CALL_SID."""
    settings = Settings()
    with open_desk(settings).store.reading() as uow:
        rows = uow.calls.events(call_sid)
    if not rows:
        raise NotFound("No events are stored for this call.")
    dialogue = Dialogue(settings=dialogue_settings(settings), prompts=Prompts.load())
    for row in rows:
        click.echo(f"{row.seq:4} {row.type}")
        for action in dialogue.handle(load_event(row.body)):
            words = f": {action.text}" if isinstance(action, Say) else ""
            click.echo(f"       {action.type}{words}")
