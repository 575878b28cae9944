"""Units of weight, volume and length, to kg, m³ and m.

1 斤 is 0.5 kg (Chinese market catty since 1959); 1 lb is 0.45359237 kg and 1 ft is 0.3048 m
(International Yard and Pound Agreement, 1959); a ton is taken as the metric one.
"""

from __future__ import annotations

import re

WEIGHT = {
    "公斤": 1.0, "千克": 1.0, "kg": 1.0, "kgs": 1.0, "市斤": 0.5, "斤": 0.5, "公吨": 1000.0,
    "吨": 1000.0, "t": 1000.0, "克": 0.001, "g": 0.001, "磅": 0.45359237,
    "毫克": 1e-6, "mg": 1e-6, "两": 0.05, "市两": 0.05, "担": 50.0, "盎司": 0.028349523125,
    "ounce": 0.028349523125, "ounces": 0.028349523125, "oz": 0.028349523125,
    "short ton": 907.18474, "short tons": 907.18474,
    "long ton": 1016.0469088, "long tons": 1016.0469088, "kgm": 1.0, "mt": 1000.0,
    "kilogram": 1.0, "kilograms": 1.0, "kilogrammes": 1.0, "kilo": 1.0, "kilos": 1.0,
    "ton": 1000.0, "tons": 1000.0, "tonne": 1000.0, "tonnes": 1000.0, "metric ton": 1000.0,
    "metric tons": 1000.0, "gram": 0.001, "grams": 0.001, "lb": 0.45359237, "lbs": 0.45359237,
    "pound": 0.45359237, "pounds": 0.45359237, "stone": 6.35029318, "stones": 6.35029318,
    "hundredweight": 50.80234544, "cwt": 50.80234544, "milligram": 1e-6, "milligrams": 1e-6,
    "微克": 1e-9, "microgram": 1e-9, "micrograms": 1e-9, "mcg": 1e-9, "短吨": 907.18474, "长吨": 1016.0469088, "英担": 50.80234544, "英磅": 0.45359237,
    "quintal": 100.0, "quintals": 100.0, "gramme": 0.001, "grammes": 0.001, "gms": 0.001,
}  # fmt: skip
VOLUME = {
    "立方米": 1.0, "立方": 1.0, "个方": 1.0, "方": 1.0, "m3": 1.0, "m³": 1.0, "cbm": 1.0,
    "立米": 1.0, "升": 0.001, "公升": 0.001, "毫升": 1e-6, "立方分米": 0.001, "立方厘米": 1e-6,
    "l": 0.001, "ml": 1e-6, "liter": 0.001, "litre": 0.001, "milliliters": 1e-6,
    "cubic yard": 0.9144**3, "cubic yards": 0.9144**3, "cu m": 1.0, "cubic m": 1.0,
    "gallon": 0.003785411784, "gallons": 0.003785411784, "cft": 0.3048**3,
    "cubic centimeters": 1e-6, "cubic centimetres": 1e-6, "cubic meter": 1.0, "cubic meters": 1.0, "cubic metre": 1.0,
    "cubic metres": 1.0, "cubes": 1.0, "cubic foot": 0.3048**3, "cubic feet": 0.3048**3,
    "liters": 0.001, "litres": 0.001, "milliliter": 1e-6, "millilitre": 1e-6, "millilitres": 1e-6,
    "立方英尺": 0.3048**3, "立方英寸": 0.0254**3, "加仑": 0.003785411784, "立方码": 0.9144**3,
    "cubic inch": 0.0254**3, "cubic inches": 0.0254**3, "cubic centimeter": 1e-6,
    "cubic centimetre": 1e-6, "cu ft": 0.3048**3, "ft3": 0.3048**3, "cm3": 1e-6, "cc": 1e-6,
    "quart": 0.000946352946, "quarts": 0.000946352946, "pint": 0.000473176473,
    "pints": 0.000473176473, "hectoliters": 0.1, "hectolitres": 0.1,
}  # fmt: skip
LENGTH = {
    "米": 1.0, "公尺": 1.0, "m": 1.0, "厘米": 0.01, "公分": 0.01, "cm": 0.01, "毫米": 0.001,
    "mm": 0.001, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "centimeters": 0.01,
    "centimetres": 0.01, "centimeter": 0.01, "millimeters": 0.001, "millimetres": 0.001,
    "feet": 0.3048, "foot": 0.3048, "inches": 0.0254, "inch": 0.0254, "ft": 0.3048, "in": 0.0254,
    "英尺": 0.3048, "英寸": 0.0254, "尺": 1 / 3, "yards": 0.9144, "yard": 0.9144,
    "millimeter": 0.001, "centimetre": 0.01, "millimetre": 0.001, "分米": 0.1,
    "丈": 10 / 3, "寸": 1 / 30,
}  # fmt: skip


def alternatives(units: dict[str, float]) -> str:
    """The units as a pattern, longest first; Latin ones only as whole words."""
    ordered = sorted(units, key=len, reverse=True)
    bounded = {"两": r"两(?=$|[，。的吧左上多半])", "吨": r"吨(?![袋桶包箱])"}
    return "|".join(
        bounded.get(unit) or re.escape(unit) + (r"(?![a-z])" if unit[0].isascii() else "")
        for unit in ordered
    )


def tidy_amount(value: float) -> float:
    """The amount to 0.01, or to three digits that count where it is smaller than 1."""
    return round(value, 2) if value >= 1 else float(f"{value:.3g}")
