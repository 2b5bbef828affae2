"""What Croissant's, Frictionless's and Hugging Face's own readers make of exported folders, without a network."""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

import datasets
import mlcroissant
from frictionless import Package

question = json.load(sys.stdin)


def croissant(folder):
    dataset = mlcroissant.Dataset(jsonld=os.path.join(folder, "croissant.json"))
    issues = dataset.metadata.issues
    sets = [record_set.uuid for record_set in dataset.metadata.record_sets]
    records = list(dataset.records("records")) if "records" in sets else []
    return {
        "errors": sorted(issues.errors),
        "warnings": sorted(issues.warnings),
        "sets": sets,
        "records": [
            {key: value.decode() if isinstance(value, bytes) else repr(value) for key, value in record.items()}
            for record in records
        ],
    }


def package(folder):
    report = Package(os.path.join(folder, "datapackage.json")).validate()
    return {
        "valid": report.valid,
        "errors": [[task.name, error.message] for task in report.tasks for error in task.errors]
        + [error.message for error in report.errors],
        "resources": [[task.name, task.type, task.stats.get("rows")] for task in report.tasks],
    }


def hub(folder):
    loaded = datasets.load_dataset(folder, cache_dir=question["cache"])
    return {
        "splits": {name: len(split) for name, split in loaded.items()},
        "features": {name: repr(feature) for name, feature in next(iter(loaded.values())).features.items()},
        "rows": {name: [repr(row) for row in split] for name, split in loaded.items()},
    }


readers = {"croissant": croissant, "package": package, "hub": hub}
json.dump(
    [{name: readers[name](folder["path"]) for name in folder["readers"]} for folder in question["folders"]], sys.stdout
)
