"""A written value under its label becomes fields, by the telephone's own rules (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.call import Lang
from models.dangerous_list import Listed
from models.errors import RuleError
from models.fields import Value, check
from nlp.dialogue.slots import SLOTS
from nlp.gazetteer.areas import short
from nlp.meaning import Expectation, HeardField, Understanding, Understands, Utterance
from nlp.normalize.phones import to_e164
from nlp.written.respelling import mended
from nlp.written.source import Place, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A field's value in a mail or a fax.

    Attributes:
        read: the words as they are written.
        weak: a value under a better label goes first.
    """

    name: str
    value: Value
    read: str
    confidence: float
    place: Place
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values. `now` is the day that "tomorrow" counts from: the mail's own, local."""

    understander: Understands
    now: datetime
    lang: Lang = "zh"
    listed: tuple[Listed, ...] = ()

    def meaning(self, text: str, slot: str | None) -> Understanding:
        """What the telephone's understanding makes of a text."""
        lang = lang_of(text, self.lang)
        expectation = Expectation(slot=slot, lang=lang, now=self.now, listed=self.listed)
        return self.understander.understand(
            Utterance(text=text, lang=lang, confidence=1.0), expectation
        )


_NUMBER = re.compile(r"(?:约|共|计|合计)?\s*(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(.*)")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_PHONE = re.compile(r"\+?\d[\d\s().\-]{5,18}\d(?:\s*(?:转|ext\.?|x|-)\s*\d{1,5})?", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:转|ext\.?|x)\s*(\d{1,5})$", re.IGNORECASE)
_NOTHING = re.compile(r"[\s\-—/\\_.。无×]*|n/?a|none|nil|tbd|待定", re.IGNORECASE)
_NO = re.compile(
    r"无|否|没有|不含|不是|非危?|n|no|none|nil|non[- ]?dg|非危险品|普货|不危险", re.IGNORECASE
)
_YES = re.compile(r"是|有|含|y|yes", re.IGNORECASE)
_CLAUSES = re.compile(r"\s*[，,;；/]\s*")
_MEASURED = re.compile(r"(?:共|约|合计|重)?\s*\d")
_BEHIND_GOODS = frozenset({"pieces", "packaging", "weight_kg", "volume_m3"})
#: What is often written behind an address.
_BEHIND = {
    "origin": ("pickup_date", "pickup_start", "pickup_end"),
    "destination": ("deliver_by",),
}
_TICKED = re.compile(r"[☑☒■√✓✔]\s*([^\s□☐☑☒■√✓✔]+)")
_UNTICKED = re.compile("[□☐]")
_CHOICE = re.compile(
    r"([□☐☑☒■√✓✔]?)\s*(空运|航空|铁路|火车|汽运|公路|陆运|海运|快递|月结|到付|现付|现结|寄付|预付)"
)
#: A division's name ends within so many characters.
_DIVISION = 6
#: How an address ends, and what belongs to no address.
_END = re.compile(r"[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z0-9#\-－—~()（） ]{2,40}")
_MORE = re.compile(r"\d{7}|电话|手机|联系|收货|收件|收$|先生|女士|\d{1,2}[:：点]")
_SIDES = frozenset({"origin", "destination"})
_CHOSEN = frozenset({"mode", "payment"})
#: So many choices in a row are a question, not an answer.
_SEVERAL = 2
#: How sure a value without a label is, beside one with it.
_FREE = 0.9
#: A name without a level is a city's when it is no longer than this.
_CITY_LENGTH = 3
#: A line is full when it ends this near to the margin, as a share of the page.
_FULL = 0.03
#: 2026-112715:00 has lost a stroke; what is left of it may be read as another day.
_NO_DATE = re.compile(r"\d{5}|\d-\d+:\d{3}")
_BROKEN = 0.5
#: 79.6.5 is no number, and says nothing of which part of it is one.
_NO_NUMBER = re.compile(r"\d\.\d+\.\d")
_DEFAULT_UNIT = {"weight_kg": "kg", "volume_m3": "立方米", "declared_value_cny": "元"}
_TEXTS = frozenset({"goods", "packaging", "remarks", "customer.name", "customer.account"})
_SLOTS = {
    "weight_kg": "weight", "volume_m3": "volume", "declared_value_cny": "declared_value",
    "pickup_time": "pickup",
}  # fmt: skip


def lang_of(text: str, otherwise: Lang) -> Lang:
    """A text's language by its characters; figures alone tell nothing."""
    if _CJK.search(text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]{3}", text) else otherwise


def values(reader: Reader, what: str, texts: Sequence[Text], unit: str = "") -> list[Found]:
    """The fields that texts under one label say; several texts are parts of one address or time.

    Args:
        what: a flat field name, `origin`, `destination`, `pickup` or `NAME.phone`.
    """
    if what in _CHOSEN:
        texts = [replace(t, text=_ticked(t.text)) for t in texts]
    texts = [t for t in texts if not _NOTHING.fullmatch(t.text.strip()) or what == "dangerous"]
    if not texts:
        return []
    one = texts[0]
    written = unicodedata.normalize("NFKC", one.text).strip()
    if what.endswith(".phone"):
        return _phone(what, written, one)
    if what == "goods":
        return _goods(reader, written, one)
    if what in _TEXTS or what.endswith(".name"):
        return _person(reader, what, written, one)
    if what in {"pieces", *_DEFAULT_UNIT}:
        return _amount(reader, what, written, one, unit)
    if what == "dangerous":
        return _dangerous(reader, written, one)
    return _understood(reader, what, texts)


def _ticked(text: str) -> str:
    """Of boxes to tick, what is ticked; any other text as it is.

    Recognition loses a ticked box more often than an empty one: the one choice without a box is
    the ticked one. Of choices without any box nothing is known to be ticked.
    """
    ticked = _TICKED.findall(text)
    choices = _CHOICE.findall(text)
    if not _UNTICKED.search(text):
        return text if len({word for _, word in choices}) < _SEVERAL else ""
    bare = [word for mark, word in choices if not mark]
    return " ".join(ticked) if ticked else bare[0] if len(bare) == 1 else ""


def free(reader: Reader, lines: Sequence[Text]) -> tuple[list[Found], tuple[str, ...]]:
    """What sentences say, and goods in them that may hide dangerous ones."""
    chinese = any(_CJK.search(line.text) for line in lines)
    text = _run_on(lines, "，" if chinese else " ")
    meaning = reader.meaning(text, "open")
    found = []
    for field in meaning.fields:
        line = _line_of(field, lines)
        found.append(_found(field, replace(line, confidence=line.sure_of(field.heard)), _FREE))
    return found, meaning.asks_danger


def _run_on(lines: Sequence[Text], comma: str) -> str:
    """The lines as one text; a line that reaches the page's right margin goes on in the next."""
    margin = max((line.place.box[2] for line in lines if line.place.box is not None), default=1.0)
    text = ""
    for line in lines:
        text += line.text.strip()
        box = line.place.box
        full = box is not None and box[2] > margin - _FULL
        text += "" if full and comma != " " else comma
    return text.removesuffix(comma)


def _line_of(field: HeardField, lines: Sequence[Text]) -> Text:
    """The line that holds the words; where they were written in another way, the first one."""
    said = _squeezed(field.heard)
    return next((line for line in lines if said in _squeezed(line.text)), lines[0])


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _person(reader: Reader, what: str, written: str, text: Text) -> list[Found]:
    """A name as it is written; a number beside it is the same person's."""
    party = what.partition(".")[0]
    phones = (
        [] if party == "customer" or what in _TEXTS else _phone(f"{party}.phone", written, text)
    )
    if phones:
        written = written.replace(phones[0].read, "").strip(" ,，、:：/()（）;；")
        written = re.sub(
            r"(?:联系)?(?:电话|手机|tel|phone|mobile)(?:号码?)?[:：.]?$", "",
            written.rstrip(" 。."), flags=re.IGNORECASE,
        )  # fmt: skip
    return [*_plain(what, written.strip(" ,，、:：。"), text), *phones]


def _plain(what: str, value: Value, text: Text, share: float = 1.0) -> list[Found]:
    try:
        kept = check(what, value)
    except RuleError:
        return []
    sure = text.confidence * share
    return [Found(name=what, value=kept, read=text.text, confidence=sure, place=text.place)]


def _phone(what: str, written: str, text: Text) -> list[Found]:
    for match in _PHONE.finditer(re.sub(r"(?<=\d)\.0$", "", written)):
        said = match[0]
        extension = _EXTENSION.search(said)
        digits = said[: extension.start()] if extension else said
        tail = re.search(r"^(0\d{2,3}-?\d{7,8})-(\d{1,5})$", digits.strip())
        number = (
            to_e164(tail[1], tail[2])
            if tail
            else to_e164(digits, extension[1] if extension else "")
        )
        if number:
            return [replace(f, read=said) for f in _plain(what, number, text)]
    return []


def _goods(reader: Reader, written: str, text: Text) -> list[Found]:
    """The goods as written, amounts that stand behind them, and the danger that is known in them."""
    fields = {f.name: f for f in reader.meaning(written, "goods").fields}
    pieces = _CLAUSES.split(written)
    first = next((n for n, piece in enumerate(pieces) if n and _MEASURED.match(piece)), None)
    name = written if first is None else "，".join(pieces[:first])
    found = _plain("goods", name, text)
    if first is not None:
        meaning = reader.meaning("，".join(pieces[first:]), "open")
        found += [_found(f, text, _FREE) for f in meaning.fields if f.name in _BEHIND_GOODS]
    if "dangerous" in fields and fields["dangerous"].value:
        found.append(_found(fields["dangerous"], text, _FREE))
    return found


def _amount(reader: Reader, what: str, written: str, text: Text, unit: str) -> list[Found]:
    if _NO_NUMBER.search(written):
        return []
    number = _NUMBER.fullmatch(written)
    if number and not number[2]:
        plain = number[1].replace(",", "")
        if what == "pieces":
            whole = float(plain)
            return _plain(what, int(whole), text) if whole.is_integer() else []
        written = f"{plain}{unit or _DEFAULT_UNIT[what]}"
    elif number and what == "volume_m3" and unit and re.search(r"[*x×]", number[2]):
        written = f"{written}{unit}"
    found = _understood(reader, what, [replace(text, text=written)])
    return [replace(f, read=text.text) for f in found]


def _dangerous(reader: Reader, written: str, text: Text) -> list[Found]:
    if _NO.fullmatch(written):
        return [
            Found(name="dangerous", value=(), read=text.text, confidence=text.confidence,
                  place=text.place)
        ]  # fmt: skip
    if _YES.fullmatch(written):
        return []
    return _understood(reader, "dangerous", [text])


def _understood(reader: Reader, what: str, texts: Sequence[Text]) -> list[Found]:
    """What the rules find in the texts together, as far as it belongs to this label."""
    slot = _SLOTS.get(what, what)
    allowed = set(SLOTS[slot].fields) if slot in SLOTS else {slot}
    if slot == "pieces":
        allowed.add("packaging")
    allowed.update(_BEHIND.get(slot, ()))
    joined = " ".join(dict.fromkeys(t.text.strip() for t in texts))
    if slot in _SIDES:
        joined = _address(texts)
    if slot == "mode" and lang_of(joined, reader.lang) == "en":
        joined = f"by {joined}"
    sure = min(t.confidence for t in texts)
    if slot == "pickup" and _NO_DATE.search(joined):
        sure *= _BROKEN
    found = []
    said = mended(joined) if slot in _SIDES and any(t.letters for t in texts) else joined
    for heard in reader.meaning(said, slot).fields:
        if heard.name in allowed:
            text = next((t for t in texts if heard.heard and heard.heard in t.text), texts[-1])
            found.append(_found(heard, replace(text, confidence=sure), 1.0, read=joined))
    return (
        _guessed(_verbatim(found, said, slot, texts[-1], sure), said) if slot in _SIDES else found
    )


def _verbatim(found: list[Found], said: str, side: str, text: Text, sure: float) -> list[Found]:
    """An address whose end is what is written behind its divisions, known or not: 3栋5楼, 附1号."""
    rest = said.strip()
    named = {f.name: f for f in found}
    for level in ("province", "city", "district"):
        division = named.get(f"{side}.{level}")
        if division is not None:
            rest = _behind(str(division.value), rest)
    if f"{side}.district" not in named and re.search("[市区县]", rest[:_DIVISION]):
        return found
    if rest == said.strip() or not _END.fullmatch(rest) or _MORE.search(rest):
        return found
    rest = re.sub(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])", "", rest)
    name = f"{side}.detail"
    known = named.get(name)
    share = known.confidence if known is not None else sure
    kept = [f for f in found if f.name != name]
    return [
        *kept,
        *(replace(f, confidence=share) for f in _plain(name, rest, replace(text, text=said))),
    ]


def _behind(division: str, address: str) -> str:
    """What follows a division's name, official or short; the whole where it does not stand there."""
    for name in (division, short(division)):
        if address.startswith(name):
            return address[len(name) :].lstrip(" ，,省市区县")
    return address


def _guessed(found: list[Found], said: str) -> list[Found]:
    """An address of which neither town nor district is written as it is named was guessed: the
    telephone's repair by sound is no help on paper."""
    named = [f for f in found if f.name.endswith((".city", ".district"))]
    if not named or lang_of(said, "zh") == "en" or any(_written(f.value, said) for f in named):
        return found
    return [replace(f, confidence=f.confidence * _BROKEN) for f in found]


def _written(value: Value, said: str) -> bool:
    return isinstance(value, str) and short(value) in said


_LEVELS = ("省", "市", "区", "县")


def _address(texts: Sequence[Text]) -> str:
    """Province, city and street from their own columns, in one line without repeating."""
    pieces = sorted((t.text.strip() for t in texts), key=_level)
    if lang_of("".join(pieces), "zh") == "en":
        return ", ".join(reversed(pieces))
    whole = ""
    for piece in pieces:
        plain = piece.rstrip("省市区县")
        whole = piece if whole and piece.startswith(whole.rstrip("省市区县")) else whole
        whole += "" if plain in whole else piece
    return whole


def _level(piece: str) -> int:
    if piece.endswith(_LEVELS):
        return _LEVELS.index(piece[-1])
    # 86号 is the end of a street's number, however short.
    return len(_LEVELS) if len(piece) > _CITY_LENGTH or any(map(str.isdigit, piece)) else 1


def _found(heard: HeardField, text: Text, share: float, *, read: str | None = None) -> Found:
    return Found(
        name=heard.name,
        value=heard.value,
        read=read or heard.heard or text.text,
        confidence=round(heard.confidence * text.confidence * share, 3),
        place=text.place,
    )
