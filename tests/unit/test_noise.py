"""Text damaged as a recogniser does it."""

import os
import subprocess
import sys

_DAMAGE = """
import random
from nlp.simulation.noise import damage
print(damage("从青岛发往呼和浩特，十六箱轴承，收货人张军", "zh", random.Random(7), 0.9))
"""


def _damaged(hash_seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", _DAMAGE], env=environment, check=True,
                          capture_output=True)  # fmt: skip
    return done.stdout


def test_equal_seeds_damage_alike_in_every_process():
    assert len({_damaged(seed) for seed in ("1", "2", "3", "4")}) == 1
