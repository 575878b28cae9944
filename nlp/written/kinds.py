"""How well a text suits what a label names, by its look alone (pure).

It settles which of several texts beside a label is its value. What the text says is read later.
"""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"\d")
_ONLY_FIGURES = re.compile(r"[\d\s.,:：/+\-()（）年月日]+")
_PHONE_DIGITS = range(7, 15)
_PHONE = re.compile(r"[\s\d+()（）.\-—转]*(?:ext\.?)?[\s\d]*")
_COUNT = re.compile(r"[\d０-９一二三四五六七八九十百两]")
_PLACE = re.compile(
    r"[省市区县镇乡村路街道巷弄号栋楼室园库站港]|\b(?:road|rd|street|st|avenue|ave|district|no|zone|port)\b",
    re.IGNORECASE,
)
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,5}|[a-z' ]{4,20}", re.IGNORECASE)
_COMPANY = re.compile(
    r"公司|厂|商行|集团|中心|部$|店$|\b(?:ltd|limited|co|inc|corp|trading|factory)\b", re.IGNORECASE
)
_PERSON = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:先生|女士|小姐|经理|师傅)?|[A-Z][a-z]+(?: ?[A-Z][a-z]+){0,2}"
)
_MODE = re.compile(
    r"空运|航空|铁|火车|汽|公路|陆|卡车|海运|快运|零担|整车|专线|班列|\b(?:air|rail|road|truck|train|sea)",
    re.IGNORECASE,
)
_PAYMENT = re.compile(
    r"付|结|现|转账|汇|月|collect|prepaid|monthly|cash|account|consignee|shipper", re.IGNORECASE
)
_TIME = re.compile(
    r"\d|[今明后]天|[今明]日|上午|下午|早上|晚上|周|星期|随时|尽快|today|tomorrow|am\b|pm\b|day\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(r"是|否|有|无|不含|非|普货|yes|no|none|n/a", re.IGNORECASE)
_AMOUNTS = frozenset({"weight_kg", "volume_m3", "declared_value_cny"})
_TIMES = frozenset({"time", "pickup", "pickup_time", "deliver_by"})

#: Fits; may be; hardly; not at all.
_FITS, _MAYBE, _HARDLY, _NEVER = 1.0, 0.6, 0.2, 0.0


def is_company(text: str) -> bool:
    """Whether a text looks like a firm's name."""
    return _COMPANY.search(text) is not None


def is_person(text: str) -> bool:
    """Whether a text looks like a person's name and nothing more."""
    return _PERSON.fullmatch(text.strip()) is not None and not is_company(text)


def is_phone(text: str) -> bool:
    """Whether a text looks like a telephone number and nothing more."""
    return _PHONE.fullmatch(text) is not None and len(_DIGITS.findall(text)) in _PHONE_DIGITS


def is_place(text: str) -> bool:
    """Whether a text looks like an address."""
    return _PLACE.search(text) is not None and not is_phone(text) and not is_company(text)


def is_whole(text: str) -> bool:
    """Whether a text is complete: a firm's name, a telephone number or a person's name."""
    return is_phone(text) or is_person(text) or text.strip().endswith(("公司", "厂", "Ltd", "Ltd."))


def fits(what: str, text: str) -> float:
    """How well a text suits a label of `nlp.written.labels`, 0 to 1; 0 where it cannot be meant."""
    plain = unicodedata.normalize("NFKC", text).strip()
    what = what.removeprefix("contact.")
    if not plain:
        return _NEVER
    if what == "phone":
        return (
            _FITS
            if is_phone(plain)
            else _MAYBE
            if len(_DIGITS.findall(plain)) >= min(_PHONE_DIGITS)
            else _NEVER
        )
    if what == "pieces":
        return (
            _NEVER
            if is_phone(plain) or not _COUNT.search(plain)
            else _FITS
            if plain[0].isdigit()
            else _MAYBE
        )
    if what in _AMOUNTS:
        return _NEVER if is_phone(plain) or not _COUNT.search(plain) else _FITS
    if what in _TIMES:
        return _NEVER if is_phone(plain) else _FITS if _TIME.search(plain) else _HARDLY
    return _of_words(what, plain)


def _of_words(what: str, plain: str) -> float:
    if what == "mode":
        return _FITS if _MODE.search(plain) else _HARDLY
    if what == "payment":
        return _FITS if _PAYMENT.search(plain) else _HARDLY
    if what == "dangerous":
        return _FITS if _YES_NO.search(plain) else _HARDLY
    if what == "customer.account":
        return _FITS if _DIGITS.search(plain) else _NEVER
    if _ONLY_FIGURES.fullmatch(plain):
        return _NEVER
    if what == "place":
        return _FITS if is_place(plain) else _MAYBE if _TOWN.fullmatch(plain) else _HARDLY
    if what == "name":
        return (
            _FITS
            if is_person(plain)
            else _MAYBE
            if is_company(plain) or _DIGITS.search(plain)
            else _HARDLY
        )
    if what == "customer.name":
        return _FITS if is_company(plain) else _HARDLY if is_place(plain) else _MAYBE
    return _HARDLY if is_company(plain) or is_place(plain) else _MAYBE


_BEGINS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,3}(?:省|自治区)|北京|上海|天津|重庆|[\u4e00-\u9fff]{2,4}市)[\u4e00-\u9fff]{2}"
)


def begins_address(text: str) -> bool:
    """Whether a text begins like a whole address, and goes on with none."""
    return _BEGINS.match(text.strip()) is not None


_TOLD = {
    "weight_kg": re.compile(r"\d[\d,.]*\s*(?:kgs?|公斤|千克|吨)", re.IGNORECASE),
    "pieces": re.compile(
        r"\d+\s*(?:件|箱|托|包|桶|pcs|ctns?|cartons|pallets|packages)", re.IGNORECASE
    ),
    "volume_m3": re.compile(r"\d[\d,.]*\s*(?:cbm|m3|m³|立方米?|方)", re.IGNORECASE),
}


def told(text: str) -> str:
    """The field that an amount without a label is of, by its unit, or nothing."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return next((what for what, form in _TOLD.items() if form.fullmatch(plain)), "")
