"""What Frictionless and JSON Schema's own validators say of descriptors and schemas, and of rows by them."""

import json
import sys

from frictionless import Package, Schema
from jsonschema import Draft202012Validator

question = json.load(sys.stdin)


def faults(metadata, descriptor):
    """By the published profiles; none for a descriptor that is as it should be."""
    report = metadata.validate_descriptor(descriptor)
    return [error.message for error in report.errors]


validator = Draft202012Validator(question["jsonSchema"])
Draft202012Validator.check_schema(question["jsonSchema"])
json.dump(
    {
        "table": faults(Schema, question["table"]),
        "package": faults(Package, question["package"]),
        "fields": [[field.name, field.type] for field in Schema.from_descriptor(question["table"]).fields],
        "rows": [sorted(error.json_path for error in validator.iter_errors(row)) for row in question["rows"]],
    },
    sys.stdout,
)
