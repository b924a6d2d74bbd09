"""Writes randomisation-golden.json: sign-flip tests of scipy, exact.

    pip install numpy==2.4.6 scipy==1.17.1
    python make_randomisation_golden.py
"""

import json
import pathlib

import numpy as np
from scipy.stats import permutation_test

rng = np.random.default_rng(20261124)


def case(name, differences):
    result = permutation_test(
        (np.array(differences),),
        np.sum,
        permutation_type="samples",
        n_resamples=np.inf,
        alternative="two-sided",
    )
    return {"name": name, "differences": list(map(float, differences)), "p": float(result.pvalue)}


def counts(speakers, shift):
    """Like the differences of UARs: multiples of a small share, with ties and zeros."""
    return rng.integers(-4 + shift, 5 + shift, speakers) / 96


golden = [
    case("two pairs of one sign", [0.25, 0.5]),
    case("four speakers", counts(4, 1)),
    case("nine speakers with ties", counts(9, 0)),
    case("twelve speakers, shifted", counts(12, 1)),
    case("twelve speakers of any size", rng.normal(0.3, 1, 12)),
    case("fifteen speakers of any size", rng.normal(0.5, 1, 15)),
]
pathlib.Path(__file__).with_name("randomisation-golden.json").write_text(json.dumps(golden))
