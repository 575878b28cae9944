"""`intake render`: speaks every fixed prompt once, so that no caller waits for it."""

from __future__ import annotations

import click
from rich.progress import track

from api.config import Settings
from api.desk import open_desk
from api.engines import make_phrasing, make_voice
from api.wordings import prompts_in_force
from nlp.dialogue.prompts import Prompts
from nlp.verbalize import verbalize


@click.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Only this language.")
def command(lang: str | None) -> None:
    """Speak what does not depend on the caller into the cache; only new wording takes time."""
    settings = Settings()
    prompts = prompts_in_force(open_desk(settings).store, Prompts.load())
    voice = make_voice(settings)
    missing = [
        (clause, spoken)
        for piece, spoken in make_phrasing(settings, prompts).fixed()
        if lang in (None, spoken) and not voice.has(clause := verbalize(piece, spoken), lang=spoken)
    ]
    for clause, spoken in track(missing, "Rendering prompts"):
        voice.speak(clause, lang=spoken)
