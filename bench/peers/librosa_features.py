"""The paper's features with librosa: cut, resample, STFT, mel bands in decibels, mean over the bands."""

import time

import librosa
import numpy as np
import soundfile

RATE = 44_100
OFFSET = 0.5
DURATION = 3.0
SIZE = 2_048
HOP = 512
BANDS = 128
FMAX = 8_000

# Made once: librosa.feature.melspectrogram would make it again for each clip.
_BANK = librosa.filters.mel(sr=RATE, n_fft=SIZE, n_mels=BANDS, fmin=0, fmax=FMAX)


def is_long_enough(file):
    """Whether the cut ends before the recording does: of RAVDESS's 672 files, 510."""
    info = soundfile.info(file)
    return info.frames >= int(OFFSET * info.samplerate) + int(DURATION * info.samplerate)


def features_of(file, spent, resampler):
    """259 numbers; the seconds of each phase are added to `spent`, a dict.

    `resampler` is librosa's res_type: kaiser_fast, as the authors had it, or soxr_hq, its default today.
    """
    began = time.perf_counter()
    samples, _ = librosa.load(
        file, sr=RATE, offset=OFFSET, duration=DURATION, res_type=resampler
    )
    decoded = time.perf_counter()
    power = np.abs(librosa.stft(samples, n_fft=SIZE, hop_length=HOP, pad_mode="reflect")) ** 2
    transformed = time.perf_counter()
    means = librosa.power_to_db(_BANK @ power).mean(axis=0)
    ended = time.perf_counter()
    spent["decode"] += decoded - began
    spent["stft"] += transformed - decoded
    spent["mel"] += ended - transformed
    return means
