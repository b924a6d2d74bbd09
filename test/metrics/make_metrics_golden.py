"""Writes metrics-golden.json: scores of scikit-learn and percentiles of numpy.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python make_metrics_golden.py
"""

import json
import pathlib

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

rng = np.random.default_rng(20260102)


def scores(name, truth, predicted, classes):
    every = list(range(classes))
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, predicted, labels=every, zero_division=0
    )
    _, occurring, _, _ = precision_recall_fscore_support(
        truth, predicted, labels=sorted(set(truth)), zero_division=0
    )
    return {
        "name": name,
        "classes": classes,
        "truth": [int(t) for t in truth],
        "predicted": [int(p) for p in predicted],
        "confusion": confusion_matrix(truth, predicted, labels=every).ravel().tolist(),
        "wa": accuracy_score(truth, predicted),
        "uar": float(np.mean(occurring)),
        "recall": recall.tolist(),
        "precision": precision.tolist(),
        "f1": f1.tolist(),
    }


def quantiles(values):
    qs = [0.0, 0.001, 0.025, 0.1, 0.25, 0.333, 0.5, 0.51, 0.75, 0.9, 0.975, 1.0]
    ordered = np.sort(np.round(values, 6))
    return {
        "sorted": ordered.tolist(),
        "q": qs,
        "expected": [float(np.percentile(ordered, 100 * q, method="linear")) for q in qs],
    }


truth = rng.integers(0, 4, 80)
golden = {
    "scores": [
        scores("four classes", truth, np.where(rng.random(80) < 0.5, truth, rng.integers(0, 4, 80)), 4),
        scores("a class never called", truth, truth % 3, 4),
        scores("a class that does not occur", truth % 3, rng.integers(0, 4, 80), 4),
    ],
    "quantiles": [
        quantiles(rng.normal(size=1)),
        quantiles(rng.normal(size=2)),
        quantiles(rng.normal(size=7)),
        quantiles(rng.random(40)),
    ],
}
pathlib.Path(__file__).with_name("metrics-golden.json").write_text(json.dumps(golden))
