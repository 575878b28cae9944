"""All parts of a mail or a fax become its orders (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.written import entries, tables
from nlp.written.entries import Sheet
from nlp.written.letterhead import is_head
from nlp.written.quoting import fresh
from nlp.written.source import Part, Text
from nlp.written.values import Found, Reader, free

#: Fields that an order differs from another by.
_CORE = ("destination.city", "consignee.name", "consignee.phone", "goods", "pieces", "weight_kg")
#: Core fields that make an order of what was found; fewer complete other orders.
_ENOUGH = 2
_DOUBT = 0.5
_NEXT = re.compile(
    r"^\s*(?:第\s*[一二三四五六七八九十\d]{1,3}\s*(?:票|单|个?订单|批)|(?:订单|货物|托运单)\s*[一二三四五六七八九十\d]{1,3}(?![\d\-])"
    r"|(?:order|shipment)\s*(?:no\.?\s*|#)?\s*\d{1,2}\b|[(（]?\d{1,2}[)）.、](?=\s*\D))\s*[:：.、]?",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[-=*_—]{4,}\s*$")
_SIGNATURE = re.compile(
    r"^\s*(?:--|—{1,2}|此致|顺祝商祺|祝商祺|(?:best |kind |warm )?regards)\W*$", re.IGNORECASE
)
#: Sentences shorter than this say nothing of an order.
_SENTENCE = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """One order as it was read.

    Attributes:
        fields: by flat name, each with its place.
        asks: goods that may hide dangerous ones, to be asked after.
    """

    fields: Mapping[str, Found]
    asks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Block:
    """Some lines about one order."""

    sheet: Sheet = field(default_factory=Sheet)
    sentences: list[Text] = field(default_factory=list)


def read(reader: Reader, parts: Sequence[Part], *, forward: bool = False) -> list[Draft]:
    """The orders in a mail's parts; none where it has none.

    Args:
        forward: the mail passes another one on.
    """
    shared: list[Draft] = []
    found: list[Draft] = []
    for part in parts:
        common, orders = _of_part(reader, part, forward=forward)
        shared += common
        before = tuple(found)
        for order in orders:
            same = next((i for i, other in enumerate(before) if _same(other, order)), None)
            if same is None:
                found.append(order)
            else:
                found[same] = _filled(found[same], order)
    if not found:
        whole = Draft({})
        for some in shared:
            whole = _filled(whole, some)
        return [whole] if _is_order(whole) else []
    for some in shared:
        found = [_filled(order, some) for order in found]
    return found


def _of_part(reader: Reader, part: Part, *, forward: bool) -> tuple[list[Draft], list[Draft]]:
    """What a part says for all orders, and its own orders."""
    shared: list[Draft] = []
    orders: list[Draft] = []
    said = [entries.split(form) for form in part.forms]
    for common, sheets in (*said, *map(tables.orders, part.tables)):
        above = Draft(entries.read(reader, common.entries))
        shared += _sort(_drafts(reader, sheets), orders)
        if orders and above.fields:
            orders[:] = [_filled(order, above) for order in orders]
        else:
            shared.append(above)
    blocks = _blocks(fresh(part.lines, forward=forward))
    shared += _sort((_of_block(reader, block) for block in blocks), orders)
    return [draft for draft in shared if draft.fields], orders


def _drafts(reader: Reader, sheets: Iterable[Sheet]) -> Iterable[Draft]:
    for sheet in sheets:
        fields = entries.read(reader, sheet.entries)
        goods = fields.get("goods")
        asks = reader.meaning(goods.read, "goods").asks_danger if goods else ()
        yield Draft(fields, asks)


def _sort(drafts: Iterable[Draft], orders: list[Draft]) -> list[Draft]:
    """Adds what is an order of its own to `orders`; gives the rest."""
    rest = []
    for draft in drafts:
        if _is_order(draft):
            orders.append(draft)
        else:
            rest.append(draft)
    return rest


def _blocks(lines: Sequence[Text]) -> list[_Block]:
    """The lines by order: a numbered heading, or a label that comes again, begins the next."""
    blocks = [_Block()]
    signed = numbered = False
    for line in lines:
        if is_head(line.text):
            continue
        text = line.text
        if not text.strip() and numbered and blocks[-1].sheet.count() > _ENOUGH:
            # What follows the last numbered order is mostly said for all of them.
            blocks.append(_Block())
            numbered = False
        if _SIGNATURE.match(text):
            signed = True
        heading = _NEXT.match(text)
        if heading or (_RULE.match(text) and blocks[-1].sheet.count() > _ENOUGH):
            blocks.append(_Block())
            numbered = bool(heading)
            text = text[heading.end() :] if heading else ""
        rest = replace(line, text=text)
        pairs = list(tables.inline_pairs(rest))
        block = blocks[-1]
        for named, value in pairs:
            again = block.sheet.has(named) and named.what in {"goods", "name", "place"}
            if again and not named.weak and block.sheet.count() > _ENOUGH and named.party:
                block = _Block()
                blocks.append(block)
            block.sheet.add(named, value)
        # 送到北京市朝阳区建国路93号，收货人：李雷: what stands before a label is said as well.
        said = tables.before_labels(rest) if pairs else rest
        if len(said.text.strip()) >= _SENTENCE and not signed:
            block.sentences.append(said)
    return blocks


def _of_block(reader: Reader, block: _Block) -> Draft:
    said = entries.read(reader, block.sheet.entries)
    asks: tuple[str, ...] = ()
    for lines in _paragraphs(block.sentences):
        found, more = free(reader, lines)
        asks += more
        for value in found:
            said.setdefault(value.name, value)
    goods = said.get("goods")
    if goods is not None and not asks:
        asks = reader.meaning(goods.read, "goods").asks_danger
    return Draft(said, tuple(dict.fromkeys(asks)))


def _paragraphs(lines: Sequence[Text]) -> list[list[Text]]:
    """Lines that run on, together: a sentence is often broken in the middle."""
    joined: list[list[Text]] = []
    for line in lines:
        before = joined[-1][-1].place.line if joined else None
        if before is not None and line.place.line == before + 1:
            joined[-1].append(line)
        else:
            joined.append([line])
    return joined


def _is_order(draft: Draft) -> bool:
    return sum(name in draft.fields for name in _CORE) >= _ENOUGH


def _same(one: Draft, other: Draft) -> bool:
    """Whether two parts tell of one order: what both say of its core agrees, and is enough."""
    both = [name for name in _CORE if name in one.fields and name in other.fields]
    equal = [name for name in both if one.fields[name].value == other.fields[name].value]
    return len(equal) >= _ENOUGH and len(both) - len(equal) <= 1


def _filled(order: Draft, other: Draft) -> Draft:
    """The order with what only the other has; what they contradict each other in is doubtful."""
    fields = dict(order.fields)
    for name, value in other.fields.items():
        if name not in fields:
            fields[name] = value
        elif fields[name].value != value.value and name != "remarks":
            fields[name] = replace(fields[name], confidence=fields[name].confidence * _DOUBT)
    return Draft(fields, tuple(dict.fromkeys((*order.asks, *other.asks))))
