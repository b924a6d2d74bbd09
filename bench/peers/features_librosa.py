"""Features of every recording below a folder, in two processes with a core each.

    features_librosa.py CORPUS OUT.npz RESAMPLER

RESAMPLER is librosa's res_type: kaiser_fast, as the authors had it, or soxr_hq, its default today.
"""

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

PROCESSES = 2

# One thread each, or the two would fight for the cores.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"


def share(files, resampler):
    """The names, features and seconds of one process's files."""
    from librosa_features import features_of, is_long_enough

    spent = {"decode": 0.0, "stft": 0.0, "mel": 0.0}
    features_of(files[0], dict.fromkeys(spent, 0.0), resampler)  # what is made at first use is not the clip's
    began = time.perf_counter()
    kept = [file for file in files if is_long_enough(file)]
    spent["decode"] += time.perf_counter() - began
    rows = [features_of(file, spent, resampler) for file in kept]
    return kept, rows, spent


def main(corpus, out, resampler):
    import numpy as np

    files = sorted(str(file) for file in Path(corpus).rglob("*") if file.suffix in (".wav", ".flac"))
    with ProcessPoolExecutor(PROCESSES) as pool:
        shares = list(pool.map(share, [files[n::PROCESSES] for n in range(PROCESSES)], [resampler] * PROCESSES))
    names = [Path(name).stem for kept, _, _ in shares for name in kept]
    rows = np.array([row for _, rows, _ in shares for row in rows])
    np.savez(out, names=names, features=rows)
    spent = {
        phase: sum(seconds[phase] for _, _, seconds in shares) for phase in ("decode", "stft", "mel")
    }
    print(json.dumps({"files": len(files), "clips": len(names), "frames": rows.shape[1], **spent}))


if __name__ == "__main__":
    main(*sys.argv[1:])
