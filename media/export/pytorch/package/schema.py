"""The columns and splits of the data, as ``metadata/schema.json`` and ``metadata/splits.json`` describe them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

from .documents import PathLike, document

# The kinds of columns that come as one matrix, and the matrix.
MATRICES = {"number": "numbers", "time": "numbers", "category": "categories", "datetime": "datetimes"}
# The kinds whose columns come one by one, and the part of a sample that holds them by name.
GROUPS = {
    "text": "texts",
    "numbers": "lists",
    "texts": "objects",
    "object": "objects",
    "image": "images",
    "audio": "audio",
}


@dataclass(frozen=True)
class Column:
    """One column: its name in Parquet, what it is for and what its values become."""

    name: str
    key: str
    role: str
    type: str
    kind: str
    nullable: bool
    dtype: Optional[str] = None
    length: Optional[int] = None
    description: Optional[str] = None


@dataclass(frozen=True)
class File:
    """One file of a split. ``path`` is relative to the package's folder; ``row_groups`` are the rows of each row group."""

    path: str
    bytes: int
    sha256: str
    rows: int
    row_groups: Tuple[int, ...]
    url: Optional[str] = None


@dataclass(frozen=True)
class Split:
    """Rows that belong together: ``train``, ``validation``, ``test``, or ``data`` where there are no splits."""

    name: str
    rows: int
    files: Tuple[File, ...]


@dataclass(frozen=True)
class Schema:
    """The columns, in the order of the Parquet files, what is to be predicted, and the splits."""

    dataset: str
    task: str
    target: Column
    columns: Tuple[Column, ...]
    splits: Tuple[Split, ...]

    @property
    def features(self) -> Tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role == "feature")

    @property
    def weight(self) -> Optional[Column]:
        """The column with the weights of rows, where there is one."""
        return next((column for column in self.columns if column.role == "weight"), None)

    @property
    def numbers(self) -> Tuple[Column, ...]:
        """The features in a sample's ``numbers``, in its order."""
        return self.in_matrix("numbers")

    @property
    def categories(self) -> Tuple[Column, ...]:
        """The features in a sample's ``categories``, in its order."""
        return self.in_matrix("categories")

    @property
    def datetimes(self) -> Tuple[Column, ...]:
        """The features in a sample's ``datetimes``, in its order."""
        return self.in_matrix("datetimes")

    def in_matrix(self, matrix: str) -> Tuple[Column, ...]:
        return tuple(column for column in self.features if MATRICES.get(column.kind) == matrix)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"There is no column {name!r}. There are: {', '.join(repr(each.name) for each in self.columns)}.")

    def split(self, name: str) -> Split:
        for split in self.splits:
            if split.name == name:
                return split
        raise KeyError(f"There is no split {name!r}. There are: {', '.join(each.name for each in self.splits)}.")


def read_schema(folder: Optional[PathLike] = None) -> Schema:
    """The schema of the package, or of the one in ``folder``."""
    written = document("schema", folder)
    columns = tuple(Column(**column) for column in written["columns"])
    return Schema(
        dataset=written["dataset"],
        task=written["task"],
        target=next(column for column in columns if column.name == written["target"]),
        columns=columns,
        splits=tuple(
            Split(split["name"], split["rows"], tuple(_file(file) for file in split["files"]))
            for split in document("splits", folder)["splits"]
        ),
    )


def chosen(schema: Schema, names: Optional[Sequence[str]]) -> Tuple[Column, ...]:
    """The columns of samples beside the target and the weight: those that are named, else the features."""
    if names is None:
        return schema.features
    by_name = {column.name: column for column in schema.columns}
    columns = [by_name.get(name) or schema.column(name) for name in dict.fromkeys(names)]
    return tuple(column for column in columns if column.role not in ("target", "weight"))


def _file(written: "dict[str, object]") -> File:
    values = {"rowGroups": "row_groups"}
    fields = {values.get(name, name): value for name, value in written.items()}
    return File(**{**fields, "row_groups": tuple(fields["row_groups"])})  # type: ignore[arg-type]
