"""The street of an address: mended by the names of its district, or spelled out by the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.fields import Value
from nlp.components.spelling import spelled
from nlp.gazetteer.areas import Area, names
from nlp.gazetteer.words import of_streets_en
from nlp.meaning import Expectation, HeardField
from nlp.phonetics import distance, syllables
from nlp.streets import BRANCHES, Mended, StreetMender

_ROADS = "大道|大街|公路|马路|路|街|巷|弄"
_STREET = re.compile(
    rf"(?P<stem>[\u4e00-\u9fff]{{2,5}}?)(?P<rest>(?:{_ROADS})(?![\u4e00-\u9fff]*镇).*)"
)
_ROADS_EN = "Roads?|Rd|Streets?|St|Avenue|Ave|Lane|Boulevard|Blvd|Highway"
#: A street in English: what stands before its name, the name, and the rest.
STREET_EN = re.compile(
    r"(?P<before>(?:No\.? ?)?(?:\d+[A-Za-z]? )?)(?P<stem>[A-Za-z][A-Za-z'& -]*?)"
    rf"(?P<rest>(?: (?:North|South|East|West|Middle|Central))? (?:{_ROADS_EN})\b.*)"
)
_DETAILS = ("origin.detail", "destination.detail")
#: A name that no list holds may be right; it is less sure than one that does.
_UNLISTED = 0.7
_SPELLED = 0.95


def streets(fields: Mapping[str, HeardField]) -> tuple[str, ...]:
    """The fields that hold a street."""
    return tuple(name for name in _DETAILS if name in fields and _stem(str(fields[name].value)))


def mended(
    readings: Sequence[Mapping[str, HeardField]],
    expectation: Expectation,
    mender: StreetMender,
    *,
    by_letters: bool = False,
) -> dict[str, HeardField]:
    """The first reading's fields, with the streets that places of their district bear.

    Args:
        readings: fields as each hypothesis has them, likeliest first.
        by_letters: the caller spelled the name in English.
    """
    result = dict(readings[0])
    for name in streets(result):
        area = _area(name.partition(".")[0], result, expectation.known)
        if area is not None and not _plain(_stem(str(result[name].value))):
            denied = {_stem(str(value)) for key, value in expectation.denied if key == name}
            stems = (_stem(str(r[name].value)) for r in readings if name in r)
            heard = tuple(dict.fromkeys(s for s in stems if s))
            manner = "letters" if by_letters else expectation.lang
            found = mender.mend(heard, (area,), denied=denied, manner=manner)
            result[name] = _mended(result[name], found)
    return result


def _plain(stem: str) -> bool:
    """Whether a street is called by English words, which no list of places holds."""
    words = stem.lower().split()
    return bool(words) and of_streets_en().issuperset(words)


def _mended(field: HeardField, found: Mended) -> HeardField:
    detail = str(field.value)
    stem = _stem(detail)
    changed = found.name != stem
    sure = found.confidence if changed else 1.0 if found.listed else _UNLISTED
    return replace(
        field,
        value=detail.replace(stem, found.name, 1),
        confidence=field.confidence * sure,
        repaired=field.repaired or changed,
    )


def numbered(fields: Mapping[str, HeardField], expectation: Expectation) -> dict[str, HeardField]:
    """The fields; a street that is corrected without its number keeps the number it had."""
    result = dict(fields)
    for name in _DETAILS:
        before = expectation.known.get(name)
        if name not in fields or not before or re.search(r"\d", str(fields[name].value)):
            continue
        said = str(fields[name].value)
        if _STREET.fullmatch(said) and (number := re.search(r"\d.*", str(before))):
            result[name] = replace(fields[name], value=f"{said}{number[0]}")
        elif STREET_EN.fullmatch(said) and (ahead := re.match(r"\d+\w? ", str(before))):
            result[name] = replace(fields[name], value=f"{ahead[0]}{said}")
    return result


def _stem(detail: str) -> str:
    street = _STREET.fullmatch(detail) or STREET_EN.fullmatch(detail)
    return street["stem"] if street else ""


def spelled_out(
    text: str, expectation: Expectation, fields: Mapping[str, HeardField]
) -> dict[str, HeardField]:
    """The fields with a street whose characters the caller spells (弓长张，江河的江)."""
    characters = spelled(text)
    name = _meant(characters, expectation, fields) if characters else None
    if name is None:
        return dict(fields)
    before = str(fields[name].value if name in fields else expectation.known[name])
    value = _respelled(before, characters)
    field = HeardField(name=name, value=value, heard=text, confidence=_SPELLED, corrects=True)
    others = {
        n: f for n, f in fields.items() if n.partition(".")[0] not in {"origin", "destination"}
    }
    return {**others, name: field}


def _meant(
    characters: str, expectation: Expectation, fields: Mapping[str, HeardField]
) -> str | None:
    """The address that is asked for or checked; of several the one that sounds nearest."""
    asked = {expectation.slot, *expectation.readback}
    open_ones = [n for n in _DETAILS if n in asked and (n in fields or n in expectation.known)]

    def apart(name: str) -> float:
        said = fields[name].value if name in fields else expectation.known[name]
        return distance(syllables(characters), syllables(str(said)[: len(characters)]))

    return min(open_ones, key=apart, default=None)


def _respelled(detail: str, characters: str) -> str:
    """The detail with its street's stem written in these characters; 北 and 一 after it stay."""
    street = _STREET.fullmatch(detail)
    if street is None:
        return detail
    stem, rest = street["stem"], street["rest"]
    if len(characters) == 1:
        nearest = min(
            range(len(stem)), key=lambda i: distance(syllables(characters), syllables(stem[i]))
        )
        return stem[:nearest] + characters + stem[nearest + 1 :] + rest
    branch = stem[-1] if len(characters) < len(stem) and stem[-1] in BRANCHES else ""
    return characters + branch + rest


def _area(place: str, fields: Mapping[str, HeardField], known: Mapping[str, Value]) -> Area | None:
    """The division of this address, as far as it is said or known; None without a city."""

    def level(name: str) -> str | None:
        field = fields.get(f"{place}.{name}")
        value = field.value if field else known.get(f"{place}.{name}")
        return str(value) if value else None

    city, district = level("city"), level("district")
    if city is None:
        return None
    province = level("province") or next(
        (a.province for a in names().official.get(city, ()) if a.city == city), None
    )
    return Area(province, city, district) if province else None
