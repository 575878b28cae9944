"""What the documentation says exists: links, commands, settings, addresses, states, examples.

Each check is a function from a page's text to what is wrong with it, so that the last test can
show that it finds something.
"""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import click
import pytest
from pydantic import AliasChoices, SecretStr

from api import console, fork, media, rest, sign, telephony
from api.app import create_app
from api.cli import cli
from api.commands.bench import NAMES
from api.config import Settings
from api.console import listen_line, phone_line, stream
from api.metrics import Metrics
from api.records import DeskRecords
from api.sign import verification
from api.stream_token import StreamTokens
from api.twilio_signature import SignatureCheck
from models.call import Disposition
from models.order import Status
from models.staff import Role
from models.store import Store
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.simulation.scenario import load_scenario
from tests.fakes import MemoryUsedTokens
from voice.catalog_models import MODELS
from voice.catalog_sources import NpmPackage, PypiPackages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
BOTH = pytest.mark.parametrize("folder", [DOCS, DOCS / "zh"], ids=["en", "zh"])
READMES = pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))

#: Written in pieces, since no file names them whole.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("npmmirror", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
]

_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_DIAGRAM = re.compile(r"^```mermaid\n.*?^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4,}(?![-*\d|])(.+)$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?<![\w-])intake((?: +[^\s|#&;]+)+)")
_VARIABLE = re.compile(r"\b(?:INTAKE|TWILIO)_[A-Z_]+")
_ADDRESS = re.compile(
    r"(?:(?<=\.com)|(?<![\w.~]))/(?:voice|sms|sign|verify|console|api|healthz|readyz|metrics)\b[\w/.]*"
)


def code(text: str) -> list[str]:
    """Lines of code blocks, and code within sentences; diagrams are no code."""
    text = _DIAGRAM.sub("", text)
    blocks = [line for block in _FENCED.findall(text) for line in block.splitlines()]
    prose = _FENCED.sub("", text)
    return [*blocks, *_INDENTED.findall(prose), *_SPAN.findall(_INDENTED.sub("", prose))]


def headings(text: str, level: int | None = None) -> list[str]:
    """Headings outside of code, of one level or of all."""
    found = re.findall(r"^(#+) +(.+)$", _FENCED.sub("", text), re.MULTILINE)
    return [title for marks, title in found if level in (None, len(marks))]


def anchors(text: str) -> set[str]:
    """What a link may name of a page, made as the usual viewers of Markdown do."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings(text)}


def section(text: str, number: int) -> str:
    """The second-level section of that number, from 0."""
    return re.split(r"^## ", text, flags=re.MULTILINE)[number + 1]


def rows(text: str) -> list[list[str]]:
    """Cells of all table rows below the tables' heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [i for i, row in enumerate(cells) if set("".join(row)) <= {"-", ":"}]
    heads = {i for rule in rules for i in (rule, rule - 1)}
    return [row for i, row in enumerate(cells) if i not in heads]


def named(text: str) -> list[str]:
    """The code in the first cells of a text's tables, in order."""
    return [span for row in rows(text) for span in _SPAN.findall(row[0])]


# -- checks: a page's text to what is wrong with it -------------------------------------------


def broken_links(text: str, folder: Path) -> Iterator[str]:
    """Relative links to no file, or to no heading of it."""
    for link in _LINK.findall(text):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue  # elsewhere
        target = folder / path
        if path and not target.exists():
            yield link
            continue
        titles = anchors(target.read_text("utf-8") if path else text) if anchor else set()
        if anchor and anchor not in titles:
            yield link


def unknown_commands(text: str) -> Iterator[str]:
    """Uses of `intake` with a subcommand, a choice or an option that does not exist."""
    for line in code(text):
        for found in _COMMAND.findall(line):
            if problem := _wrong_with(found.split()):
                yield f"intake{found}: {problem}"


def _wrong_with(words: Sequence[str]) -> str | None:
    command: click.Command = cli
    for word in words:
        if word.startswith("-"):
            if not any(word in option.opts for option in command.params):
                return f"no option {word}"
        elif isinstance(command, click.Group):
            below = command.get_command(click.Context(command), word)
            if below is None:
                return f"no command {word}"
            command = below
        elif words[0] == "bench" and word == words[1] and word not in (*NAMES, "NAME"):
            return f"no benchmark {word}"
    return None


def unknown_targets(text: str) -> Iterator[str]:
    """Uses of `make` with a target that the Makefile lacks."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in code(text):
        yield from (t for t in re.findall(r"(?<![\w-])make ([a-z-]+)", line) if t not in targets)


def unknown_variables(text: str) -> Iterator[str]:
    """Environment variables that are no setting."""
    known = {name for names in setting_names() for name in names}
    yield from (v for v in _VARIABLE.findall(text) if v not in known and not v.endswith("_"))


def setting_names() -> list[tuple[str, ...]]:
    """For each setting every variable that sets it, the usual one first."""
    return [
        tuple(str(choice) for choice in field.validation_alias.choices)
        if isinstance(field.validation_alias, AliasChoices)
        else (f"INTAKE_{name.upper()}",)
        for name, field in Settings.model_fields.items()
    ]


def settings_differences(text: str, empty: str) -> list[str]:
    """Where a table of settings is not that of the program, default values included."""
    usual = [names[0] for names in setting_names()]
    fields = Settings.model_fields.values()
    wanted = dict(zip(usual, (_default(f.default, empty) for f in fields), strict=True))
    written = [(_SPAN.findall(row[0])[0], row[1]) for row in rows(text)]
    problems = [f"{name} is {given}" for name, given in written if wanted.get(name) != given]
    return problems if [name for name, _ in written] == usual else [*problems, "not all in order"]


def _default(value: object, empty: str) -> str:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if plain in (None, ""):
        return empty
    return f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"


def registry_addresses(text: str) -> list[str]:
    """Package registries' addresses."""
    return [address for address in REGISTRIES if address in text]


def unknown_addresses(text: str, known: set[str]) -> Iterator[str]:
    """Addresses that the server does not answer; a beginning of one may be named too."""
    for line in code(text):
        for address in _ADDRESS.findall(line):
            plain = re.sub(r"/(?:[A-Z][A-Z_]+|<token>)(?=/|$)", "/*", address).rstrip("/")
            if plain not in known and not any(k.startswith(f"{plain}/") for k in known):
                yield address


# -- the pages --------------------------------------------------------------------------------


@EACH_PAGE
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken_links(page.read_text("utf-8"), page.parent)) == []


@EACH_PAGE
def test_commands_targets_and_variables_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    assert list(unknown_commands(text)) == []
    assert list(unknown_targets(text)) == []
    assert list(unknown_variables(text)) == []


@EACH_PAGE
def test_no_registry_is_named(page: Path) -> None:
    assert registry_addresses(page.read_text("utf-8")) == []


def test_addresses_are_answered(tmp_path: Path) -> None:
    store, settings = (
        Store(f"sqlite:///{tmp_path / 'any.db'}"),
        Settings(data=tmp_path, home=tmp_path),
    )
    tokens = StreamTokens("any", MemoryUsedTokens())
    webhooks = telephony.blueprint(
        settings,
        records=DeskRecords(store),
        tokens=tokens,
        signature=SignatureCheck("any", "https://any.example"),
        now=lambda: datetime.now(UTC),
    )
    doors = (
        webhooks,
        rest.blueprint(store, settings),
        sign.blueprint(store, settings),
        console.blueprint(console.Context(store, settings, tokens=tokens)),
        verification.blueprint(store, settings),
    )
    app = create_app(doors, checks={}, metrics=Metrics())
    known = {re.sub(r"<[^>]+>", "*", str(rule)) for rule in app.url_map.iter_rules()}
    known |= {fork.PATH, listen_line.PATH, media.PATH, phone_line.PATH, stream.PATH}
    wrong = {
        str(page): found
        for page in PAGES
        if (found := list(unknown_addresses(page.read_text("utf-8"), known)))
    }
    assert wrong == {}
    assert list(unknown_addresses("`GET /api/v1/customers/ID`", known))


def test_every_page_is_there_in_chinese_with_the_same_sections() -> None:
    english = {page.name: page for page in DOCS.glob("*.md")}
    chinese = {page.name: page for page in (DOCS / "zh").glob("*.md")}
    pairs = [(ROOT / "README.md", ROOT / "README.zh.md")]
    pairs += [(page, chinese[name]) for name, page in english.items() if name in chinese]
    counts = {
        one.name: [len(headings(page.read_text("utf-8"), 2)) for page in (one, other)]
        for one, other in pairs
    }
    assert english.keys() == chinese.keys()
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize(("folder", "empty"), [(DOCS, "empty"), (DOCS / "zh", "空")])
def test_the_operators_table_holds_every_setting(folder: Path, empty: str) -> None:
    text = (folder / "operators.md").read_text("utf-8")
    assert settings_differences(section(text, 1), empty) == []


@BOTH
def test_operators_find_every_model_and_benchmark(folder: Path) -> None:
    text = (folder / "operators.md").read_text("utf-8")
    assert named(section(text, 3)) == [model.name for model in MODELS]
    defaults = [row[2] in ("yes", "是") for row in rows(section(text, 3))]
    assert defaults == [model.default for model in MODELS]
    benchmarks = {_SPAN.findall(row[0])[0]: row[2] for row in rows(section(text, 12))}
    assert benchmarks.keys() == {*NAMES}
    for name, cell in benchmarks.items():
        words = {span for span in _SPAN.findall(cell) if "." not in span}
        assert words == _options(name), name


def _options(name: str) -> set[str]:
    """What `--set` may name: the run's arguments that a command line can give."""
    tree = ast.parse((ROOT / "benchmarks" / f"{name}.py").read_text("utf-8"))
    run = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "run")
    plain = [a for a in run.args.args if isinstance(a.annotation, ast.Name)]
    typed = {a.arg for a in plain if ast.unparse(a.annotation) in ("int", "str")}
    return typed - {"seed"}


@BOTH
def test_clerks_find_every_state_and_outcome(folder: Path) -> None:
    text = (folder / "clerks.md").read_text("utf-8")
    assert named(section(text, 4)) == [status.value for status in Status]
    listed = dict.fromkeys(named(section(text, 1)))
    assert [name for name in listed if name in {*Disposition}] == [*Disposition]


@BOTH
def test_admins_find_every_choice_of_the_dialogue(folder: Path) -> None:
    text = (folder / "admins.md").read_text("utf-8")
    table = rows(section(text, 1))
    assert named(section(text, 1)) == [f.name for f in dataclasses.fields(DialogueSettings)]
    for row in table:
        values = [getattr(DialogueSettings(), name) for name in _SPAN.findall(row[0])]
        plain = ", ".join(values[0]) if isinstance(values[0], tuple) else str(values[0])
        assert row[1] in (plain, "from the installation", "取自安装设置"), row[0]


@BOTH
def test_admins_find_every_prompt_and_variable(folder: Path) -> None:
    wordings = Prompts.load().wordings["zh"]
    names = named(section((folder / "admins.md").read_text("utf-8"), 0))
    patterns = [name.replace(".", r"\.").replace("X", ".+") for name in names if name[0] != "{"]
    missing = [key for key in wordings if not any(re.fullmatch(p, key) for p in patterns)]
    unused = [p for p in patterns if not any(re.fullmatch(p, key) for key in wordings)]
    variables = {v for w in wordings.values() for v in w.placeholders()}
    assert (missing, unused) == ([], [])
    assert {v for n in names for _, v, _, _ in Formatter().parse(n) if v} == variables


@READMES
def test_the_scenario_in_the_readme_can_be_called(name: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", (ROOT / name).read_text("utf-8"), re.M | re.S)
    assert len(blocks) == 1
    file = tmp_path / "my-call.yaml"
    file.write_text(blocks[0], encoding="utf-8")
    scenario = load_scenario(file, today=date(2026, 11, 24))
    assert scenario.phrases.keys() <= Prompts.load().wordings["zh"].keys()
    assert scenario.expected()["pickup_date"] == "2026-11-25"


@BOTH
def test_the_python_in_the_pages_runs(folder: Path, tmp_path: Path) -> None:
    admins = (folder / "admins.md").read_text("utf-8")
    register = re.findall(r"^```python\n(.*?)^```", admins, re.M | re.S)
    assert len(register) == 1
    assert "上海宏达电子有限公司" in _run(register[0], tmp_path)


@BOTH
def test_admins_find_every_role(folder: Path) -> None:
    text = section((folder / "admins.md").read_text("utf-8"), 4)
    assert named(text) == [role.value for role in Role]


def _run(program: str, data: Path) -> str:
    environment = {**os.environ, "INTAKE_DATA": str(data), "INTAKE_DATABASE_URL": ""}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_third_party_names_everything_that_is_fetched() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    pinned = re.findall(
        r"^([\w.-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    table = [(row[0], row[1]) for row in rows(text) if len(row) == 3]
    assert [row for row in table if row in set(pinned)] == pinned
    for model in MODELS:
        assert f"| {model.name}{' *' if model.default else ''} | {model.licence}" in text
        for source in model.sources:
            if isinstance(source, PypiPackages):
                assert all(f"`{wanted}`" in text for wanted in source.requirements)
            if isinstance(source, NpmPackage):
                assert f"`{source.spec}`" in text


def test_the_checks_find_what_is_wrong() -> None:
    page = (
        "[a](nowhere.md) [b](README.md#no-such-heading) [c](#none) `make coffee` `INTAKE_COLOUR`\n"
        "`intake talk` `intake models burn` `intake serve --fast` `intake bench luck`\n\n"
        f"    pip install --index-url https://{REGISTRIES[0]}\n"
    )
    assert list(broken_links(page, ROOT)) == ["nowhere.md", "README.md#no-such-heading", "#none"]
    assert len(list(unknown_commands(page))) == 4
    assert list(unknown_targets(page)) == ["coffee"]
    assert list(unknown_variables(page)) == ["INTAKE_COLOUR"]
    assert registry_addresses(page) == REGISTRIES[:1]
    table = section((DOCS / "operators.md").read_text("utf-8"), 1)
    assert settings_differences(table.replace("| `8080` |", "| `80` |"), "empty")
    assert settings_differences(table.replace("INTAKE_HOURS`", "INTAKE_TIMES`", 1), "empty")
    assert settings_differences(re.sub(r"^\| `INTAKE_HOME.*\n", "", table, flags=re.M), "empty")


def _promises(folder: Path) -> list[str]:
    """What shows each promise of the dialogue, by row."""
    page = (folder / "dialogue.md").read_text("utf-8")
    return re.findall(r"^\| [^|]+ \| (`.+`) \|$", page, re.MULTILINE)


def test_both_languages_promise_the_same_of_the_dialogue() -> None:
    assert _promises(DOCS) == _promises(DOCS / "zh")


def test_what_the_dialogue_promises_is_shown_by_what_exists() -> None:
    rows = _promises(DOCS)
    shown = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert len(rows) > 30
    assert [name for name in shown if not _shown(name)] == []
    assert not _shown("zh_no_such_call")
    assert not _shown("test_dialogue.test_no_such_test")


def _shown(name: str) -> bool:
    """Whether there is a conversation, or a test in a module, of this name."""
    module, _, test = name.partition(".")
    if not test:
        return (ROOT / "tests" / "calls" / f"{module}.yaml").is_file()
    return f"def {test}(" in (ROOT / "tests" / "unit" / f"{module}.py").read_text("utf-8")
