"""The console's Chinese: nothing is missing, nothing is left over, variables agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from babel.support import Translations

from api.console.languages import compile_catalogs

CONSOLE = Path(__file__).parents[2] / "api" / "console"
CATALOG = CONSOLE / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_VARIABLE = re.compile(r"%\(\w+\)s")


def used() -> set[str]:
    """Every text that code and templates ask to be translated."""
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    found = extract_from_dir(CONSOLE, methods, keywords=KEYWORDS)  # type: ignore[arg-type]
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def translated() -> dict[str, str]:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="zh")
    pairs = [(m.id, m.string) for m in catalog if m.id]
    return {
        (k[0] if isinstance(k, list | tuple) else k): (v[0] if isinstance(v, list | tuple) else v)
        for k, v in pairs
    }


def test_every_text_has_its_chinese_and_no_other_is_kept() -> None:
    catalog = translated()
    assert sorted(used() - catalog.keys()) == []
    assert sorted(catalog.keys() - used()) == []
    assert [text for text, chinese in catalog.items() if not chinese.strip()] == []


@pytest.mark.parametrize(("text", "chinese"), sorted(translated().items()))
def test_variables_are_the_same(text: str, chinese: str) -> None:
    assert set(_VARIABLE.findall(text)) == set(_VARIABLE.findall(chinese))


def test_catalogs_are_compiled_where_they_are_loaded(tmp_path: Path) -> None:
    folder = compile_catalogs(tmp_path)
    loaded = Translations.load(folder, ["zh"])
    assert loaded.ugettext("Orders") == "订单"
    assert compile_catalogs(tmp_path) == folder
    assert not list(tmp_path.rglob("tmp*"))
