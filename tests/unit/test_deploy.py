"""What the files for deployment name: settings, commands, addresses, kinds of work and of tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from pydantic import AliasChoices

from api import media
from api.cli import cli
from api.config import Settings
from api.console import listen_line, phone_line, stream, words
from api.intake.limits import MOST_MAIL_BYTES
from api.jobs.workflows import Workflows

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
NGINX = (DEPLOY / "nginx" / "voice-intake.conf").read_text("utf-8")
_SETTING = re.compile(r"\b(?:INTAKE|TWILIO)_[A-Z][A-Z_]*[A-Z]\b")
_COMMAND = re.compile(r"bin/intake (.+)")
_LABEL = re.compile(r'(kind)=~?"([^"]+)"')
#: Every socket that the processes of calls serve.
OF_CALLS = (media.PATH, phone_line.PATH, listen_line.PATH)


def settings() -> set[str]:
    """Every name by which the environment sets something."""
    names = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [f"INTAKE_{name.upper()}"]
        names.update(str(choice) for choice in choices)
    return names


def commands() -> Iterator[list[str]]:
    """The arguments of every process that the files start."""
    compose = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))
    for service in compose["services"].values():
        if "command" in service:
            yield service["command"]
    manifests = (DEPLOY / "kubernetes" / "voice-intake.yaml").read_text("utf-8")
    for manifest in yaml.safe_load_all(manifests):
        if manifest["kind"] == "Deployment":
            for container in manifest["spec"]["template"]["spec"]["containers"]:
                yield container["args"]
    for unit in (DEPLOY / "systemd").glob("*.service"):
        (line,) = _COMMAND.findall(unit.read_text("utf-8"))
        yield line.replace("%i", "8081").split()


def ingress() -> dict[str, str]:
    """Which service answers which path."""
    manifests = (DEPLOY / "kubernetes" / "voice-intake.yaml").read_text("utf-8")
    (found,) = [m for m in yaml.safe_load_all(manifests) if m["kind"] == "Ingress"]
    paths = found["spec"]["rules"][0]["http"]["paths"]
    return {path["path"]: path["backend"]["service"]["name"] for path in paths}


def upstream(path: str) -> str:
    """Where nginx passes a path on, by its own rules: an expression before the longest prefix."""
    places = re.findall(r"location (~ )?(\S+) \{.*?proxy_pass http://(\w+);", NGINX, re.DOTALL)
    matching = [to for regex, place, to in places if regex and re.search(place, path)]
    prefixes = [(len(p), to) for regex, p, to in places if not regex and path.startswith(p)]
    return matching[0] if matching else max(prefixes)[1]


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_setting_in_the_files_exists(file: Path) -> None:
    named = set(_SETTING.findall(file.read_text("utf-8")))
    assert named - settings() == set()


def test_every_process_in_the_files_starts() -> None:
    started = list(commands())
    for name, *given in started:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        command.make_context(name, list(given))
    kinds = {tuple(given[:3]) for given in started}
    assert kinds == {("serve", "--only", "web"), ("serve", "--only", "media"), ("worker",)}


def test_each_address_reaches_the_process_that_serves_it() -> None:
    for path in OF_CALLS:
        assert upstream(path) == "intake_media"
        assert ingress()[path] == "intake-media"
    for path in (stream.PATH, "/voice/answered", "/mail/incoming", "/console/phone"):
        assert upstream(path) == "intake_web"
        assert path not in ingress()
    assert ingress()["/"] == "intake-web"


def test_the_proxy_lets_whole_mails_in() -> None:
    (most,) = re.findall(r"location /mail/incoming \{\s*client_max_body_size (\d+)m", NGINX)
    assert int(most) * 1024 * 1024 >= MOST_MAIL_BYTES


def kinds_of_work() -> set[str]:
    work: Any = object.__new__(Workflows)
    return set(Workflows.by_kind(work))


def test_every_kind_in_the_alert_rules_exists() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    named: dict[str, set[str]] = {"intake_outbox": set(), "intake_tasks_open": set()}
    for rule in rules:
        for figure, labels in re.findall(r"(intake_\w+)\{([^}]*)\}", rule["expr"]):
            for _, kinds in _LABEL.findall(labels):
                named[figure].update(kinds.split("|"))
    assert named["intake_outbox"] >= {"call_back", "read_mail"}
    assert named["intake_outbox"] - kinds_of_work() == set()
    assert named["intake_tasks_open"] - set(words.TASKS) == set()
    assert len({rule["alert"] for rule in rules}) == len(rules)
