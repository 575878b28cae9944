"""The spaCy pipelines of both languages, built from configuration.

A Doc is one utterance, tokenised (Mandarin by character, for a recogniser's homophones make
word boundaries worthless). Each component adds the spans of one kind of entity; the order
matters, since what one has explained the next ones leave alone.
"""

from __future__ import annotations

from collections.abc import Callable

from models.call import Lang
from nlp.components import (
    articles,
    articles_en,
    articles_zh,
    choices,
    cues,
    heard_places_en,
    listed,
    misheard_amounts,
    moments,
    people,
    people_en,
    phones,
    places,
    places_en,
    quantities,
    quantities_en,
    spelling,
    unnamed,
    whole_places,
)
from nlp.components.scene import Find, Finder
from nlp.spacy_core import Language, blank

#: Component names in the order in which they run, with what they find.
COMPONENTS: dict[Lang, dict[str, Find]] = {
    "zh": {
        "phones_zh": phones.find_zh,
        "accounts_zh": people.accounts,
        "spellings_zh": spelling.find_zh,
        "companies_zh": people.companies,
        "goods_listed_zh": listed.find,
        "goods_own_zh": articles_zh.find_named,
        "places_zh": places.find,
        "quantities_zh": quantities.find,
        "remarks_zh": choices.find_named_remarks,
        "moments_zh": moments.find_zh,
        "choices_zh": choices.find,
        "cues_zh": cues.find_zh,
        "people_zh": people.find,
        "goods_zh": articles_zh.find,
        "whole_places_zh": whole_places.find,
        "unnamed_zh": unnamed.find,
        "misheard_amounts_zh": misheard_amounts.find,
        "numbers_zh": quantities.find_numbers,
    },
    "en": {
        "phones_en": phones.find_en,
        "choices_en": choices.find,
        "people_en": people_en.find,
        "accounts_en": people_en.accounts,
        "quantities_en": quantities_en.find,
        "goods_listed_en": listed.find,
        "places_en": places_en.find,
        "heard_places_en": heard_places_en.find,
        "moments_en": moments.find_en,
        "goods_en": articles_en.find,
        "cues_en": cues.find_en,
        "numbers_en": quantities_en.find_numbers,
    },
}


def build(lang: Lang) -> Language:
    """A blank pipeline with the language's components."""
    nlp = blank(lang)
    for name, find in COMPONENTS[lang].items():
        if not Language.has_factory(name):
            Language.factory(name, func=_creator(find))
        nlp.add_pipe(name)
    return nlp


def _creator(find: Find) -> Callable[[Language, str], Finder]:
    def create(nlp: Language, name: str) -> Finder:  # the parameters spaCy calls it with
        return Finder(find)

    return create


def warm_up(lang: Lang) -> None:
    """Builds every index of a language, so that the first caller does not wait."""
    articles.warm_up(lang)
    if lang == "en":
        places_en.warm_up()
        heard_places_en.warm_up()
        return
    places.warm_up()
    whole_places.warm_up()
    articles_zh.warm_up()
    cues.warm_up()
