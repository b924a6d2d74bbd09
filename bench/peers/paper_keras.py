"""The paper's experiment as its authors would script it: librosa features, Keras training, a report.

    paper_keras.py CORPUS FOLDS.csv OUT_FOLDER PROCESSES EPOCHS

Both attentions, as experiments/paper.yaml trains them: the equations on standardised input, and what the
authors' code did on raw decibels; five folds of each in the list's order. With PROCESSES 1 the trainings
follow each other and TensorFlow's threads share the cores; with 2 each process has a core.
"""

import csv
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

CLASSES = {"01": 0, "03": 1, "04": 2, "05": 3}  # neutral, happy, sad, angry
BATCH = 51
LAMBDA = 0.8


def network(attention, frames):
    import keras
    from keras import layers, ops

    class Equations(layers.Layer):
        """Equations 1 to 4: one weight for each position."""

        def build(self, shape):
            channels = shape[-1]
            self.inner = layers.Dense(channels, activation="tanh")
            self.inner.build(shape)
            deviation = keras.initializers.RandomNormal(stddev=channels**-0.5)
            self.u = self.add_weight(shape=(channels, 1), initializer=deviation, name="u")

        def call(self, a):
            alpha = ops.softmax(LAMBDA * ops.matmul(self.inner(a), self.u), axis=1)
            return ops.sum(alpha * a, axis=1)

    class Authors(layers.Layer):
        """u for each place in the batch, and weights that sum to one over the whole batch."""

        def build(self, shape):
            initial = keras.initializers.TruncatedNormal(stddev=1.0)
            self.u = self.add_weight(shape=(BATCH, shape[-1], 1), initializer=initial, name="u")

        def call(self, h):
            rows = ops.expand_dims(h, 1)
            e = ops.exp(LAMBDA * ops.matmul(self.u[: ops.shape(h)[0]], rows))
            return ops.sum(e / ops.sum(e) * rows, axis=1)

    x = inputs = keras.Input((frames, 1))
    for layer, (channels, kernel, stride) in enumerate(
        zip((5, 10, 20, 30), (11, 5, 3, 3), (4, 1, 1, 1), strict=True), start=1
    ):
        x = layers.Conv1D(channels, kernel, strides=stride, activation="relu")(x)
        if layer in (1, 2, 4):
            x = layers.MaxPooling1D(3, 2)(x)
    if attention == "equations":
        outputs = layers.Dense(4)(Equations()(x))
    else:
        outputs = Authors()(layers.Dense(4, activation="tanh")(layers.Flatten()(x)))
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(0.001, 0.9, 0.999, 1e-7),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum"),
        metrics=["accuracy"],
    )
    return model


def train(task):
    import keras
    import numpy as np
    import tensorflow as tf

    attention, fold, data, epochs, threads = task
    if threads is not None:  # only before the first training; the same again is no change
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(1)
    training = np.concatenate([data[other][0] for other in data if other != fold])
    labels = np.concatenate([data[other][1] for other in data if other != fold])
    test, truth = data[fold]
    if attention == "equations":
        mean, deviation = training.mean(), training.std()
        training, test = (training - mean) / deviation, (test - mean) / deviation
    model = network(attention, training.shape[1])
    history = model.fit(
        training[..., None],
        labels,
        batch_size=BATCH,
        epochs=epochs,
        shuffle=False,
        validation_data=(test[..., None], truth),
        validation_batch_size=BATCH,
        verbose=0,
    ).history
    predicted = model.predict(test[..., None], batch_size=BATCH, verbose=0).argmax(axis=1)
    keras.backend.clear_session()
    confusion = np.zeros((4, 4), int)
    np.add.at(confusion, (truth, predicted), 1)
    return {
        "attention": attention,
        "fold": fold,
        "wa": float(confusion.trace() / confusion.sum()),
        "uar": float((confusion.diagonal() / confusion.sum(axis=1)).mean()),
        "confusion": confusion.tolist(),
        "history": {name: [float(value) for value in values] for name, values in history.items()},
    }


def features(corpus):
    """Clip name -> 259 numbers, by two processes: this script's own first half."""
    import subprocess
    import tempfile

    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "features.npz")
        script = Path(__file__).with_name("features_librosa.py")
        # The faster of the two: who writes such a script today takes the default.
        subprocess.run([sys.executable, script, corpus, out, "soxr_hq"], check=True, stdout=2)
        with np.load(out) as loaded:
            return dict(zip(loaded["names"].tolist(), loaded["features"], strict=True))


def folds_of(list_file, rows):
    """Fold -> values, labels; in the list's order."""
    import numpy as np

    folds = {}
    with open(list_file, newline="") as file:
        for line in sorted(csv.DictReader(file), key=lambda row: int(row["position"])):
            folds.setdefault(int(line["fold"]), []).append(line["clip"])
    return {
        fold: (
            np.array([rows[clip] for clip in clips], np.float32),
            np.array([CLASSES[clip.split("-")[2]] for clip in clips], np.int32),
        )
        for fold, clips in sorted(folds.items())
    }


def report(results, out):
    """The numbers and a table; no plots, which would only cost more."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(results))
    lines = ["| attention | fold | WA | UAR |", "| :-- | --: | --: | --: |"]
    for result in results:
        scores = f"{100 * result['wa']:.1f} | {100 * result['uar']:.1f}"
        lines.append(f"| {result['attention']} | {result['fold']} | {scores} |")
    (out / "report.md").write_text("\n".join(lines) + "\n")


def main(corpus, list_file, out, processes, epochs):
    began = time.perf_counter()
    data = folds_of(list_file, features(corpus))
    heard = time.perf_counter()
    threads = None if int(processes) == 1 else 1
    tasks = [
        (attention, fold, data, int(epochs), threads)
        for attention in ("equations", "authors")
        for fold in data
    ]
    if threads is None:
        results = [train(task) for task in tasks]
    else:
        with ProcessPoolExecutor(int(processes), get_context("spawn")) as pool:
            results = list(pool.map(train, tasks))
    trained = time.perf_counter()
    report(results, Path(out))
    means = {
        attention: {
            score: sum(r[score] for r in results if r["attention"] == attention) / len(data)
            for score in ("wa", "uar")
        }
        for attention in ("equations", "authors")
    }
    clips = sum(len(labels) for _, labels in data.values())
    seconds = {"features": heard - began, "training": trained - heard}
    print(json.dumps({"clips": clips, **seconds, "means": means}))


if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    main(*sys.argv[1:])
