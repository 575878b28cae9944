"""Finds persons and companies in Mandarin. Values: names as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import names
from nlp.phonetics import distance, syllables

_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|夏侯|令狐|宇文|长孙|轩辕|端木|南宫|独孤|西门|呼延|百里"
_TITLE = "先生|女士|小姐|经理|师傅|老板|主任|总监|主管|老师|厂长|店长|会计|工程师|阿姨|总(?![共重计是数])|工(?![厂业程作人])|姐|哥"
_CUE = (
    r"(?:收货|收件|发货|寄件|寄货|发件|托运|联系|提货|签收|接货|取件|经办|负责|仓库|对接)(?:联系)?(?:的)?(?:人|方|的(?=是|叫))(?:的?(?:姓名|名字))?"
    r"|姓名|名字|找|让|交给|我叫|我是|对方叫|那边叫|叫做?|名叫|本人|寄给|发给|送给|给(?=[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|经理))"
)
_LINK = r"(?:[，]?(?:是|叫做?|为|：|写|填|就是|还是|改成|改为|换成|姓名是?|名字是?|名字叫|应该是|应该叫|，)){0,3}(?:我们?的?|他们?的?|一个|一位)?(?:(?:仓库|库房|门卫|前台|财务|车间|采购|销售|物流部?|办公室|工厂|公司|厂里|店里|现场|保安室?)的)?(?:姓(?=.先生))?"
_AFTER = re.compile(
    r"$|[，。？ 的\d]|先生|女士|小姐|经理|电话|手机|号码|联系|收|在|他|她|地址|转|是|打|啊|吧|呢|了|来|接|和|跟|就|那|这|发|送|到|从|"
    r"货|请|改|不|嗯|她|尾号|公司|弓|立早|耳东|木子|双|口天|古月|言午|[幺一二三四五六七八九零]|说|对|谢"
)
#: How callers spell surnames: parts of the character, then the character.
_SPELLED = {
    "弓长": "张", "立早": "章", "耳东": "陈", "木子": "李", "双木": "林", "口天": "吴", "古月": "胡",
    "言午": "许", "三横一竖": "王", "三横": "王", "草头黄": "黄", "人可": "何", "干钩于": "于",
    "走肖": "赵", "木易": "杨", "双口": "吕", "双人": "徐", "双人余": "徐", "三点水": "江", "水工": "江",
    "文武": "斌", "日月": "明", "文刀": "刘", "卯金刀": "刘", "禾火": "秋", "十八子": "李", "关耳": "郑",
    "奠耳": "郑", "西早": "覃", "一撇": "丘", "人未": "余", "双耳": "聂", "美女": "姜", "女良": "娘",
    "两点水": "冯", "二马": "冯", "土口": "周", "方人也": "施", "草办": "苏", "山风": "岚", "白水": "泉",
    "米田": "潘", "竹付": "符", "四维": "罗", "四夕": "罗", "卓人": "倬",
}  # fmt: skip
_SPELL = re.compile(
    rf"(?P<parts>{'|'.join(sorted(_SPELLED, key=len, reverse=True))})(?P<char>[\u4e00-\u9fff])"
    r"|(?P<word>[\u4e00-\u9fff]{2,4})的(?P<last>[\u4e00-\u9fff])(?![\u4e00-\u9fff]{0,3}[的](?!.$))"
)
_COMPANY = re.compile(
    r"(?:我们?(?:公司|单位)(?:名称)?(?:是|叫)|我们?(?:这边|这里)?是|这里是|这边是|我这里是|公司(?:名称?)?(?:是|叫)|单位是|叫|帮|给|您好|你好|^|，)"
    r"(?P<name>(?!我们?|这里|这边|公司)(?:(?!我们|我这|我是|这里是|这边是|您好|你好)[\u4e00-\u9fffA-Za-z]){2,20}?(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团|工厂|制造厂|"
    r"[器具品械料厂]厂|事务所|研究所|研究院|经营部|商行|贸易行))(?=$|[，的。这]|我|要|想|有|账|合同)"
)
_BUSINESS = (
    "贸易|科技|实业|电子|物流|国际|仓储|商贸|食品|医药|机械|化工|制造|服饰|服装|纺织|家具|建材|五金|塑胶|塑料|电器|电气|电力|器材|"
    "材料|新材料|生物|药业|制药|汽配|汽车|工贸|进出口|精密|精工|包装|印刷|玩具|工程|设备|仪器|光电|智能|信息|网络|能源|环保|钢铁|金属|"
    "陶瓷|玻璃|橡胶|纸业|酒业|茶业|乳业|农业|渔业|日化|美妆|医疗|重工|轻工|动力|自动化|半导体|通信|通讯|供应链|外贸"
)
_TRADE = re.compile(
    r"(?:我们?(?:这边|这里)?是|这里是|这边是|公司(?:名称?)?(?:是|叫)|单位是)"
    rf"(?P<name>[\u4e00-\u9fff]{{2,10}}?(?:{_BUSINESS}))(?=$|[，的]|我|要|想|这边|这里)"
)
_AT_HOME = re.compile(
    rf"(?:^|，|是|[您你]好)(?P<name>[\u4e00-\u9fff]{{4,9}}(?:{_BUSINESS}))(?=$|[，的]|这边|这里|公司)"
)
_ACCOUNT = re.compile(
    r"(?:合同|客户|月结|协议|公司)?(?:编号|账号|帐号|账户|卡号|合同号|客户号|协议号|代码)码?(?:是|为|：|，)*"
    r"(?P<id>[A-Za-z]{0,6}[-]?[A-Za-z0-9零〇一二两三四五六七八九幺-]{2,20})"
)
_PARTIES = ("consignee", "consignor", "contact")
_NEAR = 0.2
_PEOPLE_SCORE = 0.28


@lru_cache(maxsize=1)
def surnames() -> str:
    """Surnames of one character, the most borne first."""
    text = files("nlp.gazetteer").joinpath("surnames.txt").read_text(encoding="utf-8")
    return "".join(dict.fromkeys(text.split()[0]))


@lru_cache(maxsize=1)
def _name() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{_COMPOUND})|[{surnames()}])")


def find(scene: Scene) -> Iterator[Entity]:
    """Persons after their cues, the customer's own people, and companies."""
    yield from _known(scene)
    yield from _instead(scene)
    yield from _after_cues(scene)
    yield from _titled(scene)
    if scene.slot.split(".")[0] in {"consignee", "consignor", "contact"}:
        for part in re.finditer(r"(?:^|，)[嗯是叫姓我]*", scene.text):
            yield from _at(scene, part.end())


def companies(scene: Scene) -> Iterator[Entity]:
    """Companies by what their names end in."""
    for match in [*_COMPANY.finditer(scene.text), *_TRADE.finditer(scene.text)]:
        yield Entity("company", *match.span("name"), match["name"])
    for match in _AT_HOME.finditer(scene.text):
        if any(match["name"].startswith(place) for place in _cities()):
            yield Entity("company", *match.span("name"), match["name"], 0.8)


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    """Provinces and cities by their short names: with one, many companies' names begin."""
    return frozenset(n for n, found in names().short.items() if any(a.level < 2 for a in found))


def accounts(scene: Scene) -> Iterator[Entity]:
    """Contract and account numbers, digits written as such."""
    for match in _ACCOUNT.finditer(scene.text):
        plain = "".join(_digit(c) for c in match["id"]).strip("-").upper()
        if any(c.isdigit() for c in plain):
            yield Entity("account", *match.span("id"), plain)


def _digit(character: str) -> str:
    place = "零一二三四五六七八九".find(character)
    return str(place) if place >= 0 else {"幺": "1", "两": "2", "〇": "0"}.get(character, character)


def _known(scene: Scene) -> Iterator[Entity]:
    """The customer's own people by their sound, after a cue or as the answer."""
    for name in scene.expectation.vocabulary.people:
        length = len(name)
        if length < 2 or not "\u4e00" <= name[0] <= "\u9fff":
            continue
        sounds = syllables(name)
        for start in range(len(scene.text) - length + 1):
            said = scene.text[start : start + length]
            apart = 0.0 if said == name else distance(scene.sounds[start : start + length], sounds)
            if apart <= _NEAR and scene.free(start, start + length):
                yield Entity("person", start, start + length, name, 1 - apart, said != name)
                break


def _after_cues(scene: Scene) -> Iterator[Entity]:
    for cue in re.finditer(rf"(?:{_CUE}){_LINK}", scene.text):
        yield from _at(scene, cue.end())
        yield from _of_place(scene, cue.end())
    for other in re.finditer(rf"(?:{_CUE}).{{0,2}}不是[^，]{{2,4}}，?(?:而|应该)?是", scene.text):
        yield from _at(scene, other.end())
    for heard in [e for e in scene.entities if e.repaired and e.value in _PARTIES]:
        link = re.compile(_LINK).match(scene.text, heard.end)
        yield from _at(scene, link.end() if link else heard.end)


def _instead(scene: Scene) -> Iterator[Entity]:
    """不是王强，是王刚: the name in the place of one that is known."""
    known = {str(v): n for n, v in scene.expectation.known.items() if n.endswith(".name") and v}
    for match in _NOT_BUT.finditer(scene.text):
        old = syllables(match["old"])
        for value, name in known.items():
            party = name.partition(".")[0]
            if party in _PARTIES and distance(old, syllables(value)) <= _NEAR:
                start = match.start("new")
                yield Entity("cue", start, start, party)
                yield from _at(scene, start)


def _of_place(scene: Scene, start: int) -> Iterator[Entity]:
    """成都武侯的李强: the name after the place where the person is."""
    for place in scene.entities:
        if place.kind == "place" and place.start == start and scene.text[place.end :][:1] == "的":
            yield from _at(scene, place.end + 1)


def _at(scene: Scene, start: int) -> Iterator[Entity]:
    """A name that begins here, with what spells it."""
    text = scene.text
    spelled = re.match(rf"(?P<parts>{'|'.join(_SPELLED)})(?P<char>[\u4e00-\u9fff])", text[start:])
    if spelled:
        surname = _SPELLED[spelled["parts"]]
        again = re.match(rf"的?[，]?{spelled['char']}|的", text[start + spelled.end() :])
        after = start + spelled.end() + (again.end() if again else 0)
        given = re.match(r"[\u4e00-\u9fff]{1,2}(?=$|[，的电手])", text[after:])
        end = after + (given.end() if given else 0)
        yield Entity("person", start, end, surname + (given.group() if given else ""), 0.95)
        return
    match = _name().match(text, start)
    familiar = _FAMILIAR.match(text, start)
    if familiar and _name().match(text, start + 1) and _AFTER.match(text, familiar.end()):
        yield Entity("person", start, familiar.end(), familiar.group(), 0.9)
        return
    if match is None or text.startswith(_NO_NAMES, start):
        return
    titled = re.compile(_TITLE).match(text, match.end())
    if titled:
        yield Entity("person", start, titled.end(), match.group() + titled.group())
        return
    for length in (2, 1):
        end = match.end() + length
        if end <= len(text) and _CJK.fullmatch(text, match.end(), end) and _AFTER.match(text, end):
            if not scene.free(match.start(), end):
                continue
            if length == 2 and text[end - 1] in "收接打的在来是":
                continue
            if length == 2 and _AFTER.match(text, end - 1) and text[end - 1 : end + 1] in _TAILS:
                continue
            title = re.compile(_TITLE).match(text, end)
            stop = title.end() if title else end
            name, spellings = _spelled_out(scene, text[start:end], stop)
            yield Entity("person", start, stop, name)
            yield from spellings
            return


_NOT_BUT = re.compile(
    r"不(?:是|叫|姓)(?P<old>[\u4e00-\u9fff]{2,4})[，]?(?:而?是|应该是|是叫|叫)(?P<new>[\u4e00-\u9fff]{2,4})"
)
#: Words that begin like a surname.
_NO_NAMES = (
    "司机",
    "师傅",
    "经理",
    "高速",
    "高铁",
    "方便",
    "时候",
    "时间",
    "计划",
    "安排",
    "平时",
    "关于",
    "麻烦",
)
_FAMILIAR = re.compile(r"[小老阿][\u4e00-\u9fff]")
_CJK = re.compile(r"[\u4e00-\u9fff]+")
_TAILS = ("电话", "手机", "号码", "地址", "联系", "先生", "女士")


def _spelled_out(scene: Scene, name: str, end: int) -> tuple[str, list[Entity]]:
    """The name with the characters that the caller spells after it ("文章的章"), and where."""
    stop = end
    spellings = []
    for match in _SPELL.finditer(scene.text, end):
        if match.start() - stop > 4:
            break
        parts = match["parts"]
        meant = _SPELLED[parts] if parts else match["last"]
        if match["word"] and meant not in match["word"]:
            continue
        sound = syllables(meant)
        if meant in name:
            spots = [name.index(meant)]
        else:
            spots = [i for i, s in enumerate(syllables(name)) if distance((s,), sound) <= _NEAR]
        if spots:
            place = spots[0]
            name = name[:place] + meant + name[place + 1 :]
            spellings.append(Entity("spelling", match.start(), match.end(), meant))
            stop = match.end()
    return name, spellings


def _titled(scene: Scene) -> Iterator[Entity]:
    """王先生, 李经理 and 张三收 wherever they stand."""
    for match in re.finditer(
        rf"(?:{_name().pattern})[\u4e00-\u9fff]{{0,2}}?(?:{_TITLE})", scene.text
    ):
        yield Entity("person", *match.span(), match.group(), 0.9)
    for match in re.finditer(
        rf"(?P<n>(?:{_name().pattern})[\u4e00-\u9fff]{{1,2}})(?=收(?:$|，|货?，))", scene.text
    ):
        yield Entity("person", *match.span("n"), match["n"], 0.85)
