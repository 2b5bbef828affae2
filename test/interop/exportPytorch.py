"""Runs the tests of exported packages as they came, and after each of a number of mutations."""

import compileall
import contextlib
import hashlib
import importlib.util
import io
import json
import shutil
import sys
import unittest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def main():
    question = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = {
            "packages": {folder: problems(Path(folder), sharing=False) for folder in question["packages"]},
            "mutations": {name: mutated(Path(question["mutated"]), name) for name in question["mutations"]},
            "started": sorted(str(path) for path in Path(question["trap"]).glob("*")),
        }
    json.dump(answer, sys.stdout)


def problems(folder, sharing):
    """Names of tests that fail; whether the code compiles is one of them."""
    failed = [] if compileall.compile_dir(folder, quiet=2, force=True) else ["compileall"]
    before = set(sys.modules)
    paths = list(sys.path)
    try:
        spec = importlib.util.spec_from_file_location("test_of_package", folder / "tests" / "test_dataset.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["test_of_package"] = module
        spec.loader.exec_module(module)
        suite = unittest.TestSuite(
            unittest.defaultTestLoader.loadTestsFromTestCase(case)
            for name, case in vars(module).items()
            if isinstance(case, type) and issubclass(case, unittest.TestCase) and (name == "Sharing") <= sharing
        )
        result = unittest.TextTestRunner(io.StringIO()).run(suite)
        failed += [f"{test}: {text[-600:]}" for test, text in result.failures + result.errors]
    except Exception as error:  # of the import
        failed.append(repr(error))
    finally:
        sys.path[:] = paths
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if name == "test_of_package" or str(folder) in origin:
                del sys.modules[name]
    return failed


def mutated(original, name):
    """What fails once the package is changed and signed anew, so that no checksum tells of it."""
    folder = original.with_name(f"mutated {name}")
    shutil.copytree(original, folder)
    MUTATIONS[name](folder)
    sign(folder)
    return problems(folder, sharing=name in ("worker sharding removed", "nothing"))


def sign(folder):
    splits, manifest = read(folder, "splits"), read(folder, "manifest")
    files = [file for split in splits["splits"] for file in split["files"]]
    for file in files:
        stamp(folder, file)
    write(folder, "splits", splits)
    for file in manifest["files"]:
        stamp(folder, file)
    lines = sorted((file["path"], file["sha256"]) for file in files + manifest["files"])
    text = "".join(f"{sha256}  {path}\n" for path, sha256 in lines)
    manifest["fingerprint"] = hashlib.sha256(text.encode()).hexdigest()
    write(folder, "manifest", manifest)


def stamp(folder, file):
    content = (folder / file["path"]).read_bytes()
    file["bytes"], file["sha256"] = len(content), hashlib.sha256(content).hexdigest()


def read(folder, name):
    return json.loads((folder / "metadata" / f"{name}.json").read_text("utf-8"))


def write(folder, name, document):
    (folder / "metadata" / f"{name}.json").write_text(json.dumps(document), "utf-8")


def rows(change):
    def mutate(folder):
        path = next((folder / "data").glob("train-*"))
        pq.write_table(change(pq.ParquetFile(path).read()), path)

    return mutate


def document(name, change):
    def mutate(folder):
        content = read(folder, name)
        change(content)
        write(folder, name, content)

    return mutate


def code(name, old, new):
    def mutate(folder):
        path = next((folder / "src").glob(f"*/{name}"))
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new), "utf-8")

    return mutate


def flip(table):
    place = table.schema.get_field_index("amount")
    values = table.column(place).to_pylist()
    values[3] = 1e6
    return table.set_column(place, "amount", pa.array(values, table.schema.field(place).type))


def swap_splits(folder):
    train, test = (next((folder / "data").glob(f"{split}-*")) for split in ("train", "test"))
    other = train.with_suffix(".swap")
    train.rename(other), test.rename(train), other.rename(test)


def column(schema, name):
    return next(each for each in schema["columns"] if each["name"] == name)


MUTATIONS = {
    "nothing": lambda folder: None,
    "a value flipped": rows(flip),
    "a row dropped": rows(lambda table: table.slice(1)),
    "a row doubled": rows(lambda table: pa.concat_tables([table, table.slice(0, 1)])),
    "splits swapped": swap_splits,
    "wrong dtype": code("encoding.py", "float32", "float64"),
    "worker sharding removed": code("sharing.py", "count * place.worker // place.workers, start + count * (place.worker + 1) // place.workers", "0, start + count"),
    "encoder order changed": document("encoders", lambda it: it["categories"][0]["values"].reverse()),
    "class weights changed": document("encoders", lambda it: it["classes"]["weights"].reverse()),
    "statistics of other rows": document("stats", lambda it: it["columns"][1]["number"].update(mean=0.5)),
    "a mask lost": document("schema", lambda it: column(it, "amount").update(nullable=False)),
}

if __name__ == "__main__":
    main()
