"""Sealed files: any part of them opens alone, nothing that was touched opens at all."""

from __future__ import annotations

import base64
import os
import stat
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import MemoryStore

from api.config import Settings
from api.vault.objects import Objects
from api.vault.reader import SealedFile
from api.vault.sealing import HEADER_BYTES, PIECE, Damaged, KeyMissing, Keyring, key_id, sealed
from models.errors import RuleError

KEY, OTHER = b"k" * 32, b"o" * 32
NAME = "recordings/2026-11-25/CA1.wav"


def kept(plain: bytes, *, keys: Keyring | None = None, name: str = NAME) -> bytes:
    return b"".join(sealed(BytesIO(plain), len(plain), name, keys or Keyring([KEY])))


def opened(body: bytes, *, keys: Keyring | None = None, name: str = NAME) -> SealedFile:
    objects = Objects(MemoryStore())
    objects.put(name, iter([body]))
    return SealedFile(objects, name, keys or Keyring([KEY]))


@given(
    size=st.sampled_from([0, 1, 999, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 17]),
    places=st.lists(st.tuples(st.integers(0, 4 * PIECE), st.integers(0, 2 * PIECE)), max_size=5),
)
def test_any_part_can_be_read_alone(size: int, places: list[tuple[int, int]]) -> None:
    plain = (bytes(range(256)) * (size // 256 + 1))[:size]
    body = kept(plain)
    file = BufferedReader(opened(body), PIECE)
    assert file.read() == plain
    for start, length in places:
        file.seek(start)
        assert file.read(length) == plain[start : start + length]
    assert plain[:32] not in body or size < 32


@given(st.data())
def test_nothing_that_was_touched_is_opened(data: st.DataObject) -> None:
    body = bytearray(kept(b"words" * 40_000))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Damaged, KeyMissing)):
        opened(bytes(body)).readall()


def test_pieces_cannot_be_cut_off_swapped_or_taken_from_another_file() -> None:
    plain = b"a" * PIECE + b"b" * PIECE
    body, step = kept(plain), PIECE + 16
    first, second = body[HEADER_BYTES:][:step], body[HEADER_BYTES:][step:]
    other = kept(plain)[HEADER_BYTES:][:step]
    for wrong in (second + first, first + first, other + second):
        with pytest.raises(Damaged):
            opened(body[:HEADER_BYTES] + wrong).readall()
    with pytest.raises(Exception, match=r"object store|damaged"):
        opened(body[: HEADER_BYTES + step]).readall()
    with pytest.raises(Damaged):
        opened(body, name="recordings/2026-11-25/CA2.wav").readall()


def test_all_keys_open_and_a_missing_one_is_named() -> None:
    old = kept(b"words", keys=Keyring([OTHER]))
    assert opened(old, keys=Keyring([KEY, OTHER])).readall() == b"words"
    with pytest.raises(KeyMissing, match=key_id(OTHER)):
        opened(old)


def test_a_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = Settings(data=tmp_path).audio_keys_in_force()
    assert first == Settings(data=tmp_path).audio_keys_in_force()
    assert stat.S_IMODE((tmp_path / "audio.key").stat().st_mode) == 0o600
    mine = base64.b64encode(os.urandom(32)).decode()
    both = Settings(data=tmp_path, audio_keys=mine).audio_keys_in_force()  # type: ignore[arg-type]
    assert (len(both), both[1:]) == (2, first)
    with pytest.raises(RuleError, match="32 bytes"):
        Settings(data=tmp_path, audio_keys="short").audio_keys_in_force()  # type: ignore[arg-type]
