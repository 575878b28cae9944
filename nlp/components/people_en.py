"""Finds companies, persons and account numbers in lower-case English text. Values: names as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from nlp.components.articles import named
from nlp.components.letters import Spelled, spelled_words
from nlp.components.scene import Entity, Scene
from nlp.normalize.numbers_en import digits

_TITLES = frozenset("mr mr. mrs mrs. ms ms. miss dr dr.".split())
_NOT_NAME = (
    r"(?:and|at|his|her|their|the|phone|number|is|are|on|in|from|to|mobile|with|for|of|a|an|we|i|it|my|our|"
    r"please|tel|telephone|contact|address|pick|deliver|will|call|thanks|also|not|no|yes|correct|here|one|two|three|four|five|six|"
    r"seven|eight|nine|zero|double|triple|oh|calling|someone|somebody|anyone|anybody|you|them|him|me|us|him|her|a|back|same|current|afraid|glad|happy|done|interested|unable|able|just|still|very|so|really|only|based|located|trying|having|before|agent|operator|manager|customer|speaking|that|this|company|spelled|spelt|wrong|should|name|but|going|looking|shipping|sending|ready|sorry|sure|fine|okay|ok|good|right|great|perfect|cool|down|all)\b"
)
_NAME = rf"(?P<name>(?:mr\.? |ms\.? |mrs\.? |miss |dr\.? )?(?!{_NOT_NAME})[a-z][a-z'-]+(?: (?!{_NOT_NAME})[a-z][a-z'-]+){{0,2}})"
_PERSON = re.compile(
    rf"(?:(?:consignee|receiver|recipient|addressee|shipper|sender|consignor|contact(?: person)?|contact name|name)(?:'s name| name)?(?: is| should be| to| will be|:|,)?(?: called| named)?|attention(?: of)?|attn\.?|ask for|my name is|my name's|this is|i'm|i am|care of|to the attention of|speak to|name is|his name is|her name is|call(?:ed)?)\s+{_NAME}"
)
_TITLED = re.compile(
    r"\b(?P<name>(?:mr|ms|mrs|miss|dr)\.? [a-z][a-z'-]+(?: (?!and\b|at\b|on\b|is\b|in\b|his\b|her\b|from\b|to\b|phone\b|will\b|number\b)[a-z][a-z'-]+)?)"
)
_COMPANY = re.compile(
    r"(?:this is|we are|we're|i'm (?:calling )?from|i am (?:calling )?from|calling from|company (?:name )?is|from|on behalf of|for) (?P<name>(?:(?!(?:from|at|with|calling|and|to|in)\b)[a-z&'-]+ ){1,4}?(?:ltd|limited|co|company|inc|corporation|corp|group|trading|logistics|electronics|technology|industries|factory|international|imports|exports|enterprises?|freight|manufacturing|machinery|textiles|furniture|foods|pharmaceuticals?|solutions|systems|holdings|supplies|motors|energy|garments|fashion|packaging|plastics|steel|chemicals|tools|engineering|automotive|medical|shipping|supply chain|works|brothers|and sons)(?: (?:ltd|limited|co|company|inc|corp)\b)*)\b"
)
#: What companies are named after; goods too, so that only who speaks for one is believed.
_TRADES = (
    "toys|paints?|coatings?|furniture|foods?|beverages|drinks|fruits|apparel|clothing|shoes|footwear|cosmetics|optics|instruments|"
    "appliances|lighting|lights|glass|ceramics|paper|printing|rubber|batteries|hardware|seafood|stationery|bikes|sports|media|labs?|"
    "bakery|brewery|stores?|retail|wines?|jewelry|design|interiors|kitchens|carpets|tiles|watches|flowers|organics|farms|mills|optical"
)
_WORD = r"(?!(?:a|an|the|of|for|some|our|my|your|all|just|only|about|not|with|from|at|in|on|to|and|it|no|here|[a-z]+ing)\b)[a-z][a-z&'-]*"
_SPEAKS_FOR = re.compile(
    rf"(?:(?:(?:this is|i'm|i am|my name is) (?:{_WORD} ){{1,3}}from|this is|we are|we're|i'm from|i am from|calling from|on behalf of|company (?:name )?is) (?P<name>(?:{_WORD} ){{1,3}}(?:{_TRADES}))"
    rf"|^(?:hi|hello|yes|good (?:morning|afternoon))?[, ]*(?P<here>(?:{_WORD} ){{1,3}}(?:{_TRADES})) (?:here|calling|speaking))(?=$|[,.?!]| (?:here|calling|speaking|and|we|i)\b)"
)
_ACCOUNT = re.compile(
    r"(?:account|contract|customer)(?: number| no\.?| code| id)?(?: is|:)?\s+(?P<id>(?:(?:[a-z] ){1,4}(?:\d ?){2,}(?!\w)|[a-z]{0,6}[ -]?(?:\d[\d-]+|(?:(?:double|triple)? ?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b ?){3,})))"
)


def find(scene: Scene) -> Iterator[Entity]:
    """Companies, persons after their cues, spelled names, titled names."""
    text = scene.text
    for match in _COMPANY.finditer(text):
        yield Entity("company", *match.span("name"), _written(match["name"]))
    if scene.slot.split(".")[0] not in {"goods", "dangerous", "packaging"}:
        for match in _SPEAKS_FOR.finditer(text):
            group = "name" if match["name"] else "here"
            yield Entity("company", *match.span(group), _written(match[group]))
    spelled = spelled_words(text)
    spelling = {word.start for word in spelled}
    for match in [*_PERSON.finditer(text), *_TITLED.finditer(text)]:
        start, end = match.span("name")
        if any(a < start < b for a, b, _ in named(text, "en")):
            continue  # "contact cement" is a good
        if (
            text[start - 8 : start].strip() in {"this is", "i'm", "i am"}
            and start not in spelling
            and re.match(r"[a-z]+ing\b", match["name"])
        ):
            continue
        yield Entity("person", start, *_with_spelling(match["name"], end, spelled))
    if scene.slot.split(".")[0] in {"consignee", "consignor", "contact"}:
        yield from _answer(scene, spelled)


def _answer(scene: Scene, spelled: list[Spelled]) -> Iterator[Entity]:
    match = re.match(
        rf"(?:yes |it's |it is |that's |that is |the name is |name is )?{_NAME}(?=$|[,.]| and\b| (?:at|on|his|her|phone|number|mobile|tel)\b| \d| (?:one|zero|plus|double)\b)",
        scene.text,
    )
    if match:
        start, end = match.span("name")
        yield Entity("person", start, *_with_spelling(match["name"], end, spelled))
    elif spelled:
        word = spelled[0]
        yield Entity("person", word.start, word.end, word.letters.title())


def _with_spelling(name: str, end: int, spelled: list[Spelled]) -> tuple[int, str]:
    """Letters spelled after a name replace the word they resemble most."""
    words = name.split()
    for word in spelled:
        if 0 <= word.start - end <= 24:
            near = max(range(len(words)), key=lambda i: fuzz.ratio(words[i], word.letters))
            words[near] = word.letters
            end = word.end
    return end, _written(_untitled(" ".join(words)))


def _untitled(name: str) -> str:
    """The name without its title, where more than a surname follows it."""
    title, _, rest = name.partition(" ")
    return rest if title in _TITLES and " " in rest else name


def _written(name: str) -> str:
    return " ".join(
        w if w[:1].isdigit() else re.sub(r"(^|['-])[a-z]", lambda m: m.group().upper(), w)
        for w in name.split()
    )


def accounts(scene: Scene) -> Iterator[Entity]:
    """Contract and account numbers."""
    for match in _ACCOUNT.finditer(scene.text):
        said = match["id"].strip()
        yield Entity("account", *match.span("id"), (digits(said) or said).upper().replace(" ", ""))
