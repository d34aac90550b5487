"""Recordings to sound and sound to WAV files."""

import time
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from models import wav
from models.audio import Audio
from models.decode import decode, ready, resample
from models.errors import AudioError
from tests.fakes.recording import KINDS, film, record

SPEECH = Path(__file__).parents[3] / "shared" / "data" / "speech"


def tone(rate: int, seconds: float, hertz: float = 440.0) -> Audio:
    """Give a sine."""
    return Audio((0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.float32), rate)


def pitch(audio: Audio) -> float:
    """Give the strongest frequency in hertz."""
    spectrum = np.abs(np.fft.rfft(audio.samples))
    return float(np.fft.rfftfreq(len(audio.samples), 1 / audio.rate)[spectrum.argmax()])


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_phone_records_becomes_mono_at_16_khz(kind: str) -> None:
    """Container, codec, rate and channels are the phone's choice; pitch, length and loudness stay."""
    audio = decode(record(kind, 2.0))

    assert audio.rate == 16_000
    assert audio.samples.dtype == np.float32
    assert audio.seconds == pytest.approx(2.0, abs=0.06)
    assert pitch(audio) == pytest.approx(440, abs=2)
    assert np.abs(audio.samples[4000:-4000]).max() == pytest.approx(0.3, abs=0.03)


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    """A path is as good as bytes."""
    path = tmp_path / "q.m4a"
    path.write_bytes(record("m4a", 1.0))

    assert decode(path).seconds == pytest.approx(1.0, abs=0.06)


def test_silence_is_sound() -> None:
    """Silence decodes; saying that nothing was said is the recogniser's business."""
    assert not decode(record("wav", 1.0, loud=0.0)).samples.any()


def test_loud_stereo_does_not_overflow() -> None:
    """Two full channels mix to one full channel."""
    assert np.abs(decode(record("flac", 0.5, loud=0.99)).samples).max() <= 1.0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"hello world" * 100, "no audio, or it is damaged"),
        (bytes(5000), "no audio, or it is damaged"),
        (b"%PDF-1.7 and more", "no audio, or it is damaged"),
        (Path("/nowhere/q.wav"), "there is no such file"),
    ],
)
def test_what_is_no_recording_is_refused(data: bytes | Path, message: str) -> None:
    """The message says what is wrong with the file."""
    with pytest.raises(AudioError, match=message):
        decode(data)


def test_a_video_without_sound_is_refused() -> None:
    """There is nothing to hear in it, and the message says so."""
    with pytest.raises(AudioError, match="video without sound"):
        decode(film())


@pytest.mark.parametrize("kind", ["wav", "telephone", "flac", "webm", "m4a"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_recording_is_refused(kind: str, share: float) -> None:
    """Half a question may be another question: what breaks off is not answered."""
    data = record(kind, 3.0)

    with pytest.raises(AudioError, match=r"breaks off|damaged"):
        decode(data[: int(len(data) * share)])


def test_a_wav_header_alone_is_refused() -> None:
    """A recorder that died at once leaves a header."""
    target = BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)

    with pytest.raises(AudioError):
        decode(target.getvalue())


def test_a_wav_file_from_a_pipe_is_taken() -> None:
    """Who writes to a pipe promises the largest size there is; that is no truncation."""
    data = bytearray(record("telephone", 1.0))
    start = data.index(b"data") + 4
    data[4:8] = data[start : start + 4] = b"\xff\xff\xff\xff"

    assert decode(bytes(data)).seconds == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("kind", ["telephone", "ogg", "mp3"])
def test_a_long_recording_is_refused_quickly(kind: str) -> None:
    """Past the limit nothing more is decoded, whether or not the header tells the length."""
    data = record(kind, 30.0)
    started = time.perf_counter()

    with pytest.raises(AudioError, match="longer than 2 s"):
        decode(data, longest_s=2.0)
    assert time.perf_counter() - started < 1.0


def test_an_hour_is_refused_without_being_decoded(tmp_path: Path) -> None:
    """An hour-long file costs no more than its first moments."""
    path = tmp_path / "hour.wav"
    frames = 3600 * 8000
    path.write_bytes(
        b"RIFF" + (36 + frames * 2).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
        + (1).to_bytes(2, "little") * 2 + (8000).to_bytes(4, "little") + (16000).to_bytes(4, "little")
        + (2).to_bytes(2, "little") + (16).to_bytes(2, "little") + b"data" + (frames * 2).to_bytes(4, "little")
    )  # fmt: skip
    with path.open("r+b") as file:
        file.truncate(44 + frames * 2)
    started = time.perf_counter()

    with pytest.raises(AudioError, match="longer than 120 s"):
        decode(path)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    "playlist",
    ["#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile '{}'\n"],
)
def test_an_upload_cannot_make_the_box_open_other_files(playlist: str, tmp_path: Path) -> None:
    """A playlist names files or addresses; neither is followed."""
    secret = tmp_path / "secret.wav"
    secret.write_bytes(record("telephone", 1.0))
    upload = tmp_path / "q.wav"
    upload.write_text(playlist.format(secret))

    with pytest.raises(AudioError):
        decode(upload)
    with pytest.raises(AudioError):
        decode(upload.read_bytes())


def test_real_recordings_decode() -> None:
    """The project's own recordings all decode."""
    if not SPEECH.is_dir():
        pytest.skip("../shared/data/speech is not there")
    lengths = [decode(path).seconds for path in sorted(SPEECH.glob("*.[wf]*[vc]"))]

    assert len(lengths) == 25
    assert all(1 < length < 12 for length in lengths)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_resampling_keeps_pitch_and_length(rate: int) -> None:
    """Engines take any rate."""
    audio = resample(tone(rate, 1.0), 16_000)

    assert audio.seconds == pytest.approx(1.0, abs=0.01)
    assert pitch(audio) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("audio", "message"),
    [
        (Audio(np.zeros(0, np.float32), 16_000), "empty"),
        (Audio(np.array([0.1, np.nan], np.float32), 16_000), "finite"),
        (Audio(np.array([0.1, np.inf], np.float32), 16_000), "finite"),
        (Audio(np.zeros((2, 10), np.float32), 16_000), "mono"),
        (Audio(np.zeros(10, np.float32), 0), "rate"),
    ],
)
def test_damaged_sound_is_refused(audio: Audio, message: str) -> None:
    """No engine sees sound that is empty, not mono or not finite."""
    with pytest.raises(AudioError, match=message):
        ready(audio)


def test_pieces_are_written_one_after_the_other(tmp_path: Path) -> None:
    """What was spoken piece by piece reads back as one sound."""
    path = tmp_path / "a.wav"

    seconds = wav.write(path, iter([tone(16_000, 0.5), tone(16_000, 0.25)]))

    assert seconds == pytest.approx(0.75)
    assert decode(path).samples[:8000] == pytest.approx(tone(16_000, 0.5).samples, abs=1e-3)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.wav"]


def test_an_open_file_is_written_too() -> None:
    """The page sends a WAV file from memory."""
    target = BytesIO()

    wav.write(target, [tone(22_050, 0.5)])

    with wave.open(BytesIO(target.getvalue())) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (1, 2, 22_050)
        assert read.getnframes() == 11_025


def test_too_loud_samples_are_clipped_not_wrapped() -> None:
    """Overflow would turn a loud word into a crack."""
    assert wav.pcm(Audio(np.array([2.0, -2.0], np.float32), 16_000)) == b"\xff\x7f\x01\x80"


def test_rates_that_differ_are_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    """One WAV file has one rate; a failed write leaves what was there."""
    path = tmp_path / "a.wav"
    path.write_bytes(b"old")

    with pytest.raises(AudioError, match="16000 Hz and at 22050 Hz"):
        wav.write(path, [tone(16_000, 0.1), tone(22_050, 0.1)])
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_nothing_to_write_is_an_error(tmp_path: Path) -> None:
    """A WAV file without sound helps nobody."""
    with pytest.raises(AudioError, match="no sound"):
        wav.write(tmp_path / "a.wav", [])


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The message names the file that could not be written."""
    with pytest.raises(AudioError, match=r"cannot write .*a\.wav"):
        wav.write(tmp_path / "none" / "a.wav", [tone(16_000, 0.1)])
