"""Does a caller's answer sound finished? (pure text rules, for how long to wait)

Works on raw early recognition, before understanding: quick, and right to say that it does
not know. True shortens the wait for more speech, False lengthens it.
"""

from __future__ import annotations

import re

from models.call import Lang
from nlp.meaning import Expectation
from nlp.normalize import numbers_en, numbers_zh

#: Questions that a plain yes answers in full.
_POLAR = frozenset({"yes_no", "confirm", "more"})
_ZH_PLAIN_YES = re.compile(
    r"[嗯恩]?(?:(?:是|对|好|行|可以|没错|没问题|正确|确认|同意|有|要|需要)(?:的|了|啊|呀|呢|吧|哦)*)+"
)
_ZH_PLAIN_NO = re.compile(
    r"(?:不|没|否|不是|不对|不行|不要|不用|不需要|没有|错了?)(?:的|了|啊|呀|吧|哦)*"
)
_EN_PLAIN_YES = re.compile(
    r"(?:(?:yes|yeah|yep|yup|correct|right|sure|ok|okay|exactly|of course|that s right"
    r"|that s correct|it is|it does|i do|please) ?)+"
)
_EN_PLAIN_NO = re.compile(r"(?:(?:no|nope|not|none|wrong|it is not|it isn t|i don t|thanks) ?)+")

_ZH_DANGLING = re.compile(
    r"(?:和|跟|以及|还有|然后|或者|还是|因为|就是|就是说|但是|不过|从|(?<!收)到|在|往|(?<!没)是|叫|姓"
    r"|那个|这个|嗯|呃|额|每|第|大概|大约|一共|总共|共|点|号码是|地址是|寄给|发给|(?<!不)把|给|让|等一下)$"
)
_EN_DANGLING = re.compile(
    r"\b(?:and|or|to|from|of|the|an?|is|are|at|with|in|on|for|by|my|our|it s|about|around|plus|then"
    r"|but|because|number|um+|uh+|er+|hmm+|like|let me see|point|double|triple)$"
)

_PHONE_SLOT = re.compile(r"phone|mobile|^(?:consignee|consignor|contact)$")
_AMOUNT_SLOT = re.compile(r"pieces|weight|volume|declared_value")
_ZH_AMOUNT = re.compile(
    r"(?:[\d一二三四五六七八九十百千万两半零〇.点]+|几)"
    r"(?:公斤|千克|斤|吨|磅|立方米?|方|件|箱|托|托盘|袋|桶|卷|个|台|套|只|块|元|万|万元)(?:半|左右)?$"
)
_EN_AMOUNT = re.compile(
    r"(?:kilos?|kilograms?|kg|tons?|tonnes?|pounds?|lbs|cubic met(?:er|re)s?|cubes?|pieces?|boxes"
    r"|box|cartons?|pallets?|drums?|bags?|rolls?|crates?|yuan|dollars?)$"
)
_MOBILE, _SERVICE, _LANDLINE_MIN, _LANDLINE_MAX, _LOCAL_MIN = 11, 10, 11, 12, 7
_SHORT_AREAS = ("010", "02")


def is_complete(text: str, expectation: Expectation) -> bool | None:
    """Whether `text` finishes the answer: True, False, or None where nobody can tell.

    Args:
        text: what was recognised of the turn so far.
        expectation: what the assistant has asked.
    """
    words = _words(text)
    if not words:
        return None
    slot = expectation.slot or ""
    if _says(words, _ZH_PLAIN_YES, _EN_PLAIN_YES):
        return True if slot in _POLAR else None
    if _says(words, _ZH_PLAIN_NO, _EN_PLAIN_NO):
        # After a readback the right value mostly follows the no.
        return None if expectation.readback else True
    if _PHONE_SLOT.search(slot) and (digits := _spoken_digits(words, expectation.lang)):
        return _phone_is_complete(digits)
    if _ZH_DANGLING.search(words) or _EN_DANGLING.search(words):
        return False
    return True if _AMOUNT_SLOT.search(slot) and _is_amount(words) else None


def _says(words: str, zh: re.Pattern[str], en: re.Pattern[str]) -> bool:
    return bool(zh.fullmatch(words.replace(" ", "")) or en.fullmatch(words))


def _spoken_digits(words: str, lang: Lang) -> str:
    """The digits said one by one, wherever they stand: 幺三八 0013, one three double eight."""
    if lang == "zh":
        runs = re.findall(rf"[{numbers_zh.DIGIT}]+", words)
        return "".join(numbers_zh.digits(run) or "" for run in runs)
    pieces = re.findall(r"(?:(?:double|triple) )?[a-z]+|\d+", words)
    return "".join(numbers_en.digits(piece) or "" for piece in pieces)


def _words(text: str) -> str:
    """Lower case, without punctuation but decimal points."""
    spaced = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.]", " ", text.lower())
    return re.sub(r"\s+", " ", spaced).strip()


def _is_amount(words: str) -> bool:
    return bool(_ZH_AMOUNT.search(words.replace(" ", "")) or _EN_AMOUNT.search(words))


def _phone_is_complete(digits: str) -> bool | None:
    if digits.startswith("86") and len(digits) > _MOBILE:
        digits = digits[2:]
    if digits.startswith("1"):
        return len(digits) == _MOBILE if len(digits) <= _MOBILE else None
    if digits.startswith(("400", "800")):
        return len(digits) == _SERVICE if len(digits) <= _SERVICE else None
    if digits.startswith("0"):
        whole = _LANDLINE_MIN if digits.startswith(_SHORT_AREAS) else _LANDLINE_MAX
        if len(digits) == whole:
            return True
        return False if len(digits) < _LANDLINE_MIN else None
    return None if len(digits) >= _LOCAL_MIN else False
