"""One clause to a WAV file with pyttsx3, in a process that does nothing else.

Usage: python -m voice.synthesizers.pyttsx3_worker VOICE WORDS_PER_MINUTE PATH, with the text
on standard input. pyttsx3 keeps global state, crashes with several threads and prints to
standard output; none of that reaches the calls here.
"""

from __future__ import annotations

import sys

import pyttsx3


def main() -> None:
    """Speaks standard input into the file."""
    voice, words_per_minute, path = sys.argv[1:]
    engine = pyttsx3.init()
    engine.setProperty("voice", voice)
    engine.setProperty("rate", int(words_per_minute))
    engine.save_to_file(sys.stdin.read(), path)
    engine.runAndWait()


if __name__ == "__main__":
    main()
