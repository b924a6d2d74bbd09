"""Writes logistic-golden.json: multinomial logistic regressions of scikit-learn.

    pip install numpy==2.4.6 scikit-learn==1.9.1
    python make_logistic_golden.py

The data are drawn at random and rounded to three decimals, so that the file holds them exactly.
"""

import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(20260101)


def case(name, rows, columns, classes, c, class_weight):
    labels = np.concatenate([np.arange(classes), rng.integers(0, classes, rows - classes) ** 2 // (classes - 1)])
    centres = rng.normal(size=(classes, columns))
    features = np.round(centres[labels] + rng.normal(size=(rows, columns)), 3)
    model = LogisticRegression(
        C=c, class_weight=class_weight, solver="newton-cholesky", tol=1e-13, max_iter=1000
    ).fit(features, labels)
    return {
        "name": name,
        "columns": columns,
        "classes": classes,
        "c": c,
        "balanced": class_weight == "balanced",
        "features": features.ravel().tolist(),
        "labels": labels.tolist(),
        "weights": model.coef_.ravel().tolist(),
        "intercepts": model.intercept_.tolist(),
        "probabilities": model.predict_proba(features[:5]).ravel().tolist(),
    }


cases = [
    case("three classes, two columns", 60, 2, 3, 1.0, None),
    case("four classes, four columns, balanced", 120, 4, 4, 1.0, "balanced"),
    case("a strong penalty", 50, 3, 4, 0.01, "balanced"),
    case("a weak penalty", 80, 3, 3, 100.0, None),
]
pathlib.Path(__file__).with_name("logistic-golden.json").write_text(json.dumps(cases))
