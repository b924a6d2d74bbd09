"""Writes golden.json: the features of signals made by code, by resampy 0.2.2 and librosa 0.11.

    pip install "setuptools<81" numpy==2.4.6 librosa==0.11.0 resampy==0.2.2
    python make_golden.py

The signals are those of signals.ts: noise bit for bit (xoshiro128** here too), chirps but for what
sin differs by before it is rounded to float32.
"""

import hashlib
import json
import pathlib

import librosa
import numpy as np
import resampy

FROM, TO = 48_000, 44_100


def uniforms(seed, stage, fold, purpose, count):
    text = json.dumps([seed, stage, fold, purpose], separators=(",", ":"))
    s = [int(word) for word in np.frombuffer(hashlib.sha256(text.encode()).digest()[:16], "<u4")]
    mask = 0xFFFFFFFF
    rotate = lambda word, bits: ((word << bits) | (word >> (32 - bits))) & mask
    for _ in range(count):
        yield (rotate(s[1] * 5 & mask, 7) * 9 & mask) >> 8
        t = s[1] << 9 & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 11)


def chirp(count):
    """From 100 Hz upwards, 5,000 Hz a second, at half of full scale."""
    t = np.arange(count) / FROM
    return (0.5 * np.sin(2 * np.pi * (100 * t + 2500 * t * t))).astype(np.float32)


def noise(count):
    drawn = np.array(list(uniforms(1, "golden", 0, "augment", count)), float) / 2**24
    return (0.2 * (drawn - 0.5)).astype(np.float32)


signals = {
    "chirp": chirp(48_000),
    "noise": noise(48_000),
    "silence": np.zeros(48_000, np.float32),
    "stereo": librosa.to_mono(np.stack([chirp(48_000), noise(48_000)])),
    "short": chirp(1_200),
}


def resample(samples, source, target):
    wanted = int(np.ceil(len(samples) * (target / source)))
    return librosa.util.fix_length(resampy.resample(samples, source, target, filter="kaiser_fast"), size=wanted)


def power(samples, **options):
    return np.abs(librosa.stft(samples, **{"n_fft": 2048, "hop_length": 512, "pad_mode": "reflect", **options})) ** 2


def decibels(spectrum, sr, **bank):
    return librosa.power_to_db(librosa.feature.melspectrogram(S=spectrum, sr=sr, **bank))


def rounded(values):
    return [float(f"{value:.8g}") for value in np.asarray(values, float).ravel()]


def features(samples):
    made = resample(samples, FROM, TO)
    golden = {"length": len(made), "resampled": rounded(made[::997])}
    for window in ("hamming", "hann"):
        db = decibels(power(made, window=window), TO, n_mels=128, fmax=8000)
        golden[window] = {"means": rounded(db.mean(0)), "frame": rounded(db[:, db.shape[1] // 2])}
    return golden


other_rates = [(8_000, 16_000), (16_000, 44_100), (22_050, 44_100), (44_100, 16_000), (96_000, 44_100), (44_101, 44_100)]
stft_options = [
    {"window": "blackman", "n_fft": 512, "hop_length": 100, "center": True, "pad_mode": "reflect"},
    {"window": "boxcar", "n_fft": 256, "hop_length": 256, "center": False, "pad_mode": "reflect"},
    {"window": "hann", "n_fft": 1024, "hop_length": 333, "center": True, "pad_mode": "constant"},
    {"window": "hamming", "n_fft": 16, "hop_length": 5, "center": True, "pad_mode": "constant"},
]
banks = [
    {"sr": 44_100, "n_fft": 2048, "n_mels": 128, "fmin": 0.0, "fmax": 8000.0},
    {"sr": 16_000, "n_fft": 512, "n_mels": 40, "fmin": 50.0, "fmax": 7600.0},
    {"sr": 22_050, "n_fft": 1024, "n_mels": 64, "fmin": 0.0, "fmax": 11025.0},
]

golden = {
    "signals": {name: features(samples) for name, samples in signals.items()},
    "rates": [
        {"from": source, "to": target, "length": len(made), "samples": rounded(made[::137])}
        for source, target in other_rates
        for made in [resample(noise(4_000), source, target)]
    ],
    "stft": [
        {**options, "shape": list(spectrum.T.shape), "power": rounded(spectrum.T.ravel()[::61])}
        for options in stft_options
        for spectrum in [power(noise(2_000), **options)]
    ],
    "banks": [
        {**options, "sums": rounded(bank.sum(1)), "weights": rounded(bank[bank > 0][::7])}
        for options in banks
        for bank in [librosa.filters.mel(**options, htk=False, norm="slaney", dtype=np.float64)]
    ],
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden))
