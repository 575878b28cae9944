"""Speech models below INTAKE_HOME: fetched from ordered sources, verified, ready to load.

A model is ready when its stamp is there, the last thing written. The stamp holds size, time
and sha256 of each file, so that a start need not hash hundreds of megabytes again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from models.errors import ExternalError, RuleError
from voice.catalog_models import MODELS, Model, ModelFile
from voice.catalog_sources import LocalFile, Source, SourceFailed, Unreachable, Vendor

State = Literal["ready", "missing", "changed"]

_STAMP = ".verified.json"


class ModelMissing(ExternalError):
    """A model is not there, or not as it was verified; the message says how to bring it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A verified file: as long as size and time stay, so does its hash."""

    size: int
    mtime_ns: int
    sha256: str


def _ignore(message: str) -> None:
    """Reports nothing."""


class Catalog:
    """The models of one installation.

    Args:
        home: INTAKE_HOME; models live in `home/models/NAME`, files that an operator
            brings in `home/incoming`.
        report: gets one line for each step of a fetch.
    """

    def __init__(
        self,
        home: Path,
        *,
        models: Sequence[Model] = MODELS,
        report: Callable[[str], None] = _ignore,
    ) -> None:
        self._home = home
        self._models = {model.name: model for model in models}
        self._report = report

    @property
    def models(self) -> tuple[Model, ...]:
        """All models known."""
        return tuple(self._models.values())

    def model(self, name: str) -> Model:
        """The model of that name.

        Raises:
            RuleError: there is none; the message lists them.
        """
        if name not in self._models:
            known = ", ".join(self._models)
            raise RuleError(f"There is no model {name!r}. Known: {known}.")
        return self._models[name]

    def state(self, name: str) -> State:
        """Whether the model can be used, judged by its stamp."""
        folder, stamp = self._folder(name), self._stamp(name)
        if stamp is None:
            return "missing"
        return "ready" if all(_unchanged(folder / p, s) for p, s in stamp.items()) else "changed"

    def path(self, name: str) -> Path:
        """The folder of a ready model. Reads sizes and times only.

        Raises:
            ModelMissing: it must be fetched, or its files have changed.
        """
        state = self.state(name)
        if state == "changed":
            self.verify(name)
        elif state == "missing":
            raise ModelMissing(
                f"The speech model {name} is not in {self._folder(name)}. "
                f"Run: intake models fetch {name}"
            )
        return self._folder(name)

    def verify(self, name: str) -> None:
        """Hashes every file again and renews the stamp.

        Raises:
            ModelMissing: a file is missing or not what was verified before.
        """
        folder, stamp = self._folder(name), self._stamp(name)
        if stamp is None:
            raise ModelMissing(f"{name} is not there. Run: intake models fetch {name}")
        for path, seen in stamp.items():
            if not (folder / path).is_file() or _sha256(folder / path) != seen.sha256:
                raise ModelMissing(
                    f"{folder / path} is missing or damaged. Run: intake models fetch {name}"
                )
        self._write_stamp(name, {path: _see(folder / path, s.sha256) for path, s in stamp.items()})

    def fetch(self, name: str) -> Path:
        """Brings the model from the first source that gives the right bytes.

        Files already there and right are kept, so a broken fetch goes on where it stopped.
        Several processes may ask at once: one fetches, the others wait.

        Raises:
            ModelMissing: no source gave it; the message names the files to bring.
        """
        return self._obtain(self.model(name), ())

    def add(self, name: str, origin: str, *, sha256: str | None = None) -> Path:
        """Brings the model from a file, a folder or a mirror's URL of the operator's choice.

        Args:
            origin: a path; or an http(s) URL, of the file itself or of a folder ending in `/`.
            sha256: hex; needed for an archive whose hash the catalogue does not know.

        Raises:
            RuleError: a hash is needed or contradicts the catalogue's.
            ModelMissing: the origin does not hold the right bytes.
        """
        model = self.model(name)
        if sha256 is not None:
            model = _with_hash(model, sha256.strip().lower())
        return self._obtain(model, (_origin(model, origin),))

    def _obtain(self, model: Model, first: tuple[Source, ...]) -> Path:
        folder = self._folder(model.name)
        with self._locked(model.name):
            if self._intact(model):
                return folder
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _STAMP).unlink(missing_ok=True)
            sources = [*first, self._incoming(model), *model.sources]
            with self._scratch(model.name) as scratch:
                target = scratch / "archive" if model.unpack else folder
                for file in model.files:
                    self._obtain_file(model, file, target, sources, scratch)
                if model.unpack:
                    _unpack(target / model.files[0].path, folder)
            self._stamp_all(model)
        self._report(f"{model.name}: ready in {folder}")
        return folder

    def _intact(self, model: Model) -> bool:
        if self.state(model.name) != "ready":
            return False
        stamp = self._stamp(model.name) or {}
        return model.unpack or all(
            f.path in stamp and stamp[f.path].sha256 == f.sha256 for f in model.files
        )

    def _obtain_file(
        self,
        model: Model,
        file: ModelFile,
        folder: Path,
        sources: list[Source],
        scratch: Path,
    ) -> None:
        """Puts one right file in its place. Sources that do not answer leave the list."""
        final = folder / file.path
        if file.sha256 is None:
            raise ModelMissing(_hash_needed(model, file))
        if final.is_file() and _sha256(final) == file.sha256:
            return
        final.parent.mkdir(parents=True, exist_ok=True)
        fresh = scratch / "fresh"
        failures = []
        for source in [s for s in sources if s.offers(file.path)]:
            place = source.describe(file.path)
            try:
                source.get(file.path, fresh, scratch)
            except SourceFailed as error:
                failures.append(str(error))
                if isinstance(error, Unreachable):
                    sources.remove(source)
                continue
            if _sha256(fresh) == file.sha256:
                fresh.replace(final)
                self._report(f"{model.name}: {file.path} from {place}")
                return
            failures.append(f"{place}: the bytes are not the expected ones.")
            fresh.unlink()
        raise ModelMissing(self._help(model, file, failures), retryable=True)

    def _help(self, model: Model, file: ModelFile, failures: Sequence[str]) -> str:
        places = [s.describe(file.path) for s in model.sources if s.offers(file.path)]
        name = PurePosixPath(file.path).name
        tried = "".join(f"\n  - {failure}" for failure in failures)
        return (
            f"The file {name} of {model.name} could not be fetched.{tried}\n"
            f"Bring it from {' or '.join(places)} (sha256 {file.sha256}), then either put it "
            f"into {self._home / 'incoming'} and run: intake models fetch {model.name}\n"
            f"or run: intake models add {model.name} PATH_OR_URL"
        )

    def _incoming(self, model: Model) -> LocalFile:
        folder = self._home / "incoming"
        return LocalFile({f.path: folder / PurePosixPath(f.path).name for f in model.files})

    def _folder(self, name: str) -> Path:
        return self._home / "models" / self.model(name).name

    def _stamp(self, name: str) -> dict[str, _Seen] | None:
        try:
            text = (self._folder(name) / _STAMP).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return {path: _Seen(**seen) for path, seen in json.loads(text).items()}

    def _stamp_all(self, model: Model) -> None:
        folder = self._folder(model.name)
        if model.unpack:
            paths = [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()]
            self._write_stamp(model.name, {p: _see(folder / p) for p in sorted(paths)})
        else:
            seen = {f.path: _see(folder / f.path, f.sha256) for f in model.files}
            self._write_stamp(model.name, seen)

    def _write_stamp(self, name: str, seen: dict[str, _Seen]) -> None:
        path = self._folder(name) / _STAMP
        fresh = path.with_suffix(f".{os.getpid()}")
        rows = {
            p: {"size": s.size, "mtime_ns": s.mtime_ns, "sha256": s.sha256} for p, s in seen.items()
        }
        fresh.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        fresh.replace(path)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Holds the model against other processes and threads."""
        lock = self._home / "models" / f".{name}.lock"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _scratch(self, name: str) -> Iterator[Path]:
        """A folder for downloads, kept when the fetch fails so that the next one goes on."""
        scratch = self._home / "models" / f".{name}.download"
        scratch.mkdir(parents=True, exist_ok=True)
        yield scratch
        shutil.rmtree(scratch)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _see(path: Path, sha256: str | None = None) -> _Seen:
    stat = path.stat()
    return _Seen(stat.st_size, stat.st_mtime_ns, sha256 or _sha256(path))


def _unchanged(path: Path, seen: _Seen) -> bool:
    try:
        stat = path.stat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (seen.size, seen.mtime_ns)


def _with_hash(model: Model, sha256: str) -> Model:
    if len(model.files) != 1:
        raise RuleError(f"{model.name} has several files with known hashes; leave --sha256 away.")
    known = model.files[0].sha256
    if known is not None and known != sha256:
        raise RuleError(f"{model.name} must have the sha256 {known}, not {sha256}.")
    return replace(model, files=(replace(model.files[0], sha256=sha256),))


def _hash_needed(model: Model, file: ModelFile) -> str:
    places = " or ".join(s.describe(file.path) for s in model.sources)
    return (
        f"No sha256 of {file.path} is published. Take it from {places}, work out its hash on a "
        f"machine you trust (sha256sum {file.path}), and run: "
        f"intake models add {model.name} PATH_OR_URL --sha256 HEX"
    )


def _origin(model: Model, origin: str) -> Source:
    """What `add` was given, as a source of the model's files by their base names."""
    names = {f.path: PurePosixPath(f.path).name for f in model.files}
    if origin.startswith(("https://", "http://")):
        if origin.endswith("/"):
            return Vendor({path: origin + name for path, name in names.items()})
        wanted = origin.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
        return Vendor(dict.fromkeys(_matching(names, wanted), origin))
    place = Path(origin).expanduser()
    if place.is_dir():
        return LocalFile({path: place / name for path, name in names.items()})
    if not place.is_file():
        raise RuleError(f"There is no file or folder {place}.")
    return LocalFile(dict.fromkeys(_matching(names, place.name), place))


def _matching(names: dict[str, str], wanted: str) -> list[str]:
    """The model's only file, or the one that is called like what was brought."""
    found = list(names) if len(names) == 1 else [p for p, name in names.items() if name == wanted]
    if not found:
        raise RuleError(f"The model has no file {wanted}; it has {', '.join(names.values())}.")
    return found


def _unpack(archive: Path, folder: Path) -> None:
    """The archive's files below `folder`, without the archive's own top folder.

    Raises:
        ModelMissing: not a zip archive, or one that reaches outside.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                inner = PurePosixPath(*PurePosixPath(entry.filename).parts[1:])
                if entry.is_dir():
                    continue
                if ".." in inner.parts or inner.is_absolute():
                    raise ModelMissing(f"{archive.name} holds an unsafe path: {entry.filename}.")
                target = folder / inner
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
    except zipfile.BadZipFile as error:
        raise ModelMissing(f"{archive.name} is not a zip archive: {error}.") from error
