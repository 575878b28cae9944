"""Streets in lower-case English text."""

from __future__ import annotations

import re

from nlp.normalize.late import Late
from nlp.normalize.numbers_en import NUMBER, digits, number

STREET = r"(?:roads?|rd|streets?|st|avenue|ave|lane|boulevard|blvd|highway|drive|park|industrial (?:park|zone|estate)|building|plaza|tower|square|warehouse|airport|port|terminal|free trade zone|development zone|technology park|logistics park|science park|district center|center|centre)"
DETAIL = Late(
    rf"(?<!')\b(?P<unit>(?:(?:unit|room|suite|floor|building|tower|block|gate|warehouse|shop|flat|apartment) (?:no\.? |number )?(?:\d+[a-z]?|[a-z]|{NUMBER}),? )+)?(?:(?:(?:no\.?|number) )?(?P<no>{NUMBER}|\d+[a-z]?),? )?(?P<street>(?!(?:it's|number|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|from|to|in|on|at|by|and|is|of|the pick|pallets?|boxes|cartons|drums?|kilos?|tons?)\b)[a-z][a-z&'-]*(?: (?!(?:from|to|in|on|at|by|and|is|pallets?|boxes|cartons)\b)[a-z][a-z&'-]*){{0,4}}? {STREET})\b(?P<after>,? (?:no\.? |number )?\d{{1,5}}[a-z]?\b(?! ?(?:kilo|kg|ton|pallet|box|carton|piece|by|x|cm|meter)))?(?P<tail>(?:,? (?:no\.?|number|building|floor|room|unit|block|gate|suite) (?:\d+[a-z]?|{NUMBER}))*)"
)


def street_around(text: str, start: int, end: int) -> tuple[int, int, str | None]:
    """Where a place goes on as its street stands before or after it, and that street."""
    before = None
    for match in DETAIL.finditer(text[:start]):
        if re.fullmatch(r"[\s,]*(?:in )?", text[match.end() : start]):
            before = match
    if before:
        return before.start(), end, street(before)
    gap = re.match(r"[\s,]*(?:at )?", text[end:])
    after = DETAIL.match(text, end + (gap.end() if gap else 0))
    return (start, after.end(), street(after)) if after else (start, end, None)


def street(match: re.Match[str]) -> str:
    """The street as it is written, with its numbers in digits."""
    no = match["no"]
    name = re.sub(r"^(?:the|at|is) ", "", match["street"]).title()
    plain = digits(no) or (f"{number(no):g}" if no and number(no) else no) if no else ""
    tail = re.sub(
        NUMBER, lambda m: digits(m.group()) or f"{number(m.group()) or 0:g}", match["tail"] or ""
    )
    unit = re.sub(
        NUMBER, lambda m: digits(m.group()) or f"{number(m.group()) or 0:g}", match["unit"] or ""
    )
    if not plain and match["after"]:
        plain = re.sub(r"^[, ]*(?:no\.? |number )?", "", match["after"])
    return f"{unit.title()}{plain} {name}{tail.title()}".strip()
