"""espeak-ng as a voice: always there, small, plain; the library is called in this process, no program is started."""

import ctypes
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from models.audio import Audio
from models.errors import EngineError, NotInstalledError
from models.sentences import sentences

SYNCHRONOUS = 2
"""`AUDIO_OUTPUT_SYNCHRONOUS` of speak_lib.h: sound comes through the callback, nothing is played."""
BUFFER_MS = 60
IPA = 0x02
"""Bit of `espeak_TextToPhonemes`: the phonetic alphabet instead of the library's own signs."""
UTF8 = 1
"""`espeakCHARS_UTF8`; without `espeakSSML` and `espeakPHONEMES`, markup and [[phonemes]] are only text."""
ENDPAUSE = 0x1000
"""`espeakENDPAUSE`: a pause after a sentence, so that the next piece does not run into it."""
RATE, PITCH, RANGE = 1, 3, 4
"""`espeakRATE` in words a minute, `espeakPITCH` and `espeakRANGE` from 0 to 100."""
SLOWEST, FASTEST = 80, 450
"""Words a minute that the library takes without another time stretcher."""

Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """Speaks with espeak-ng.

    The library keeps one voice and one callback for the whole process, so the lock is the process's, not the
    object's: every sentence sets voice, rate and callback anew while it holds it. Piper carries its own copy of the
    library and is not touched by this one. The library flutters the pitch a little by chance, and no call resets that:
    two times the same text differ by a few samples.

    Measured on x86: 2 MB resident, 0.002 of real time.
    """

    _turn: ClassVar[threading.Lock] = threading.Lock()
    """One sentence at a time in this process, whichever object speaks it."""

    def __init__(self, voice: str = "en-us", wpm: int = 165, pitch: int = 50, pitch_range: int = 50) -> None:
        """Load the library.

        Args:
            voice: espeak-ng's name of the voice, with its variant after a plus sign ("en-us+Andy").
            wpm: words a minute at speed 1.
            pitch: 0 to 100, 50 is the voice's own.
            pitch_range: 0 (monotone) to 100, 50 is the voice's own.

        Raises `NotInstalledError` when the library or its data is missing, `EngineError` for an unknown voice.
        """
        self._voice = voice.encode()
        self._wpm = wpm
        self._pitch = pitch
        self._range = pitch_range
        with self._turn:
            self._library, self._rate = _load()
            self._choose(wpm)

    def synthesize(self, text: str, speed: float = 1.0) -> Iterator[Audio]:
        """Speak `text` a sentence at a time. Raises `EngineError` when the library refuses."""
        wpm = round(min(FASTEST, max(SLOWEST, self._wpm * speed)))
        for sentence in sentences(text):
            samples = np.frombuffer(self._speak(sentence, wpm), dtype=np.int16)
            if len(samples):
                yield Audio((samples / np.float32(32768)).astype(np.float32), self._rate)

    @classmethod
    def phonemes(cls, text: str, voice: str = "en-us") -> str:
        """Give `text` in the signs of the International Phonetic Alphabet, as `voice` would say it.

        Raises as the constructor.
        """
        speaker = cls(voice)
        place = ctypes.c_char_p(text.encode("utf-8", "replace"))
        rest = ctypes.pointer(ctypes.cast(place, ctypes.c_void_p))
        told: list[str] = []
        with cls._turn:
            speaker._choose(speaker._wpm)
            while rest.contents.value:
                clause = speaker._library.espeak_TextToPhonemes(rest, UTF8, IPA)
                told.append(clause.decode("utf-8", "replace") if clause else "")
        return " ".join(told)

    def _speak(self, sentence: str, wpm: int) -> bytes:
        """Give one sentence as 16-bit samples."""
        sound = bytearray()

        def hear(samples: Any, count: int, _events: Any) -> int:
            if samples and count > 0:
                sound.extend(ctypes.string_at(samples, count * 2))
            return 0

        callback = Callback(hear)
        text = sentence.encode("utf-8", "replace") + b"\0"
        with self._turn:
            self._choose(wpm)
            self._library.espeak_SetSynthCallback(callback)
            status = self._library.espeak_Synth(text, len(text), 0, 0, 0, UTF8 | ENDPAUSE, None, None)
        if status:
            raise EngineError(f"espeak-ng could not speak a sentence of {len(sentence)} characters (status {status})")
        return bytes(sound)

    def _choose(self, wpm: int) -> None:
        """Make the library speak as this object wants; only while the lock is held."""
        if self._library.espeak_SetVoiceByName(self._voice):
            raise EngineError(f"espeak-ng has no voice {self._voice.decode()!r}: name one that it lists, such as en-us")
        for parameter, value in ((RATE, wpm), (PITCH, self._pitch), (RANGE, self._range)):
            self._library.espeak_SetParameter(parameter, value, 0)


def _load() -> tuple[ctypes.CDLL, int]:
    """Load the library with its data and give it with its sample rate."""
    import espeakng_loader

    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path()
    except (OSError, RuntimeError) as error:
        raise NotInstalledError(f"espeak-ng cannot be loaded ({error}): install espeakng-loader again") from error
    library.espeak_Synth.argtypes = (
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    rate = library.espeak_Initialize(SYNCHRONOUS, BUFFER_MS, data.encode(), 0)
    if rate <= 0:
        raise NotInstalledError(f"espeak-ng found no voice data at {data}: install espeakng-loader again")
    return library, rate
