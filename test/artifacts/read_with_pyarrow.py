"""Reads every Arrow file of a run as somebody without Node would, with pyarrow.

Usage: python3 read_with_pyarrow.py ARTIFACTS_FOLDER

Promised by the artifacts and held here: every `*.arrow` opens; the schema's metadata hold its `kind`,
and what holds for the whole table as JSON under `facts`; every column says what it is under `doc`; no
column is a dictionary; none holds a null; there are rows, in batches of at most sixteen.
"""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc

ROWS_A_BATCH = 16
EXPECTED_KINDS = {
    "clips", "samples", "spectra", "mel-means", "mel-spectrogram", "folds", "model", "history",
    "fold-predictions", "baseline-predictions", "predictions", "scores",
}


def wrong_with(file: Path) -> list[str]:
    """Reads one file whole. Returns what is wrong with it; prints its shape."""
    with pa.memory_map(str(file)) as source:
        reader = pa.ipc.open_file(source)
        schema = reader.schema
        batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
        table = pa.Table.from_batches(batches, schema)
        table.validate(full=True)

        wrong = []
        metadata = schema.metadata or {}
        if metadata.get(b"kind") != file.name.encode():
            wrong.append(f"its kind is {metadata.get(b'kind')!r}")
        try:
            facts = json.loads(metadata[b"facts"])
            if not isinstance(facts, dict):
                wrong.append("its facts are not a JSON object")
        except (KeyError, ValueError) as error:
            wrong.append(f"no facts in the schema's metadata: {error!r}")
        for field in schema:
            if not (field.metadata or {}).get(b"doc"):
                wrong.append(f"column {field.name} is not documented")
            if pa.types.is_dictionary(field.type):
                wrong.append(f"column {field.name} is a dictionary")
            if field.nullable:
                wrong.append(f"column {field.name} is nullable")
            if table.column(field.name).null_count > 0:
                wrong.append(f"column {field.name} holds nulls")
        if table.num_rows == 0:
            wrong.append("it has no rows")
        if any(batch.num_rows > ROWS_A_BATCH for batch in batches):
            wrong.append(f"a batch of more than {ROWS_A_BATCH} rows")
        print(f"{table.num_rows:7} rows {len(batches):4} batches  {file.name}: {', '.join(schema.names)}")
        return wrong


def main() -> int:
    files = sorted(Path(sys.argv[1]).glob("**/*.arrow"))
    files = [file for file in files if file.is_file()]
    failed = 0
    for file in files:
        try:
            wrong = wrong_with(file)
        except (pa.ArrowInvalid, OSError) as error:
            wrong = [f"pyarrow cannot read it: {error}"]
        for line in wrong:
            print(f"WRONG {file}: {line}", file=sys.stderr)
        failed += len(wrong) > 0
    missing = EXPECTED_KINDS - {file.stem for file in files}
    for kind in sorted(missing):
        print(f"WRONG: no {kind}.arrow below {sys.argv[1]}", file=sys.stderr)
    print(f"{len(files)} Arrow files read, {failed} wrong, {len(missing)} kinds missing")
    return 1 if failed or missing or not files else 0


if __name__ == "__main__":
    sys.exit(main())
