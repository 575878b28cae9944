"""`intake render`: speaks every fixed prompt once, so that no caller waits for it."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.progress import track

from api.bootstrap import make_voice
from api.config import Settings
from models.call import Lang
from nlp.dialogue.prompts import Prompts
from nlp.verbalize import clauses, verbalize


@click.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Only this language.")
def command(lang: str | None) -> None:
    """Speak all prompts without placeholders into the cache; only new wording takes time."""
    settings = Settings()
    voice = make_voice(settings)
    missing = [
        (clause, spoken)
        for clause, spoken in _fixed(settings)
        if lang in (None, spoken) and not voice.has(clause, lang=spoken)
    ]
    for clause, spoken in track(missing, "Rendering prompts"):
        voice.speak(clause, lang=spoken)


def _fixed(settings: Settings) -> Iterator[tuple[str, Lang]]:
    """Every clause that does not depend on the caller, as the voice gets it."""
    for lang, wordings in Prompts.load().wordings.items():
        company = settings.company_zh if lang == "zh" else settings.company_en
        for wording in wordings.values():
            if wording.placeholders() <= {"company"}:
                for variant in wording.variants:
                    for clause in clauses(variant.format(company=company), lang):
                        yield verbalize(clause, lang), lang
