"""Tables of Parquet turned into what samples hold: numbers, codes of categories, masks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from .documents import PathLike, in_folder
from .rows import Rows
from .schema import GROUPS, MATRICES, Column, Schema, chosen
from .transforms import IGNORED, UNKNOWN, Classes, read_encoders

_TICKS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_EMPTY = {
    "number": pa.float64(),
    "category": pa.string(),
    "class": pa.string(),
    "datetime": pa.timestamp("us"),
    "time": pa.time64("us"),
    "text": pa.string(),
    "numbers": pa.list_(pa.float64()),
    "texts": pa.list_(pa.string()),
    "object": pa.null(),
    "image": pa.string(),
    "audio": pa.string(),
}
_LARGEST = float(np.finfo(np.float32).max)


class Encoding:
    """Encodes tables with the encoders of the package. Holds no data."""

    def __init__(self, schema: Schema, columns: Optional[Sequence[str]] = None, folder: Optional[PathLike] = None) -> None:
        """``columns`` beside the target and the weight; absent: all features."""
        encoders = read_encoders(folder)
        self._folder = in_folder(folder)
        self._categories = {name: pa.array(each.values, pa.string()) for name, each in encoders.categories.items()}
        self._classes: Optional[Classes] = encoders.classes
        self._target = schema.target
        self._weight = schema.weight
        columns_read = chosen(schema, columns)
        self._features = [column for column in columns_read if column.role == "feature"]
        self._extra = [column for column in columns_read if column.role != "feature"]

    @property
    def reads(self) -> Tuple[str, ...]:
        """Names of the columns that are read."""
        own = [self._target] if self._weight is None else [self._target, self._weight]
        return tuple(column.name for column in (*self._features, *self._extra, *own))

    @property
    def dictionaries(self) -> Tuple[str, ...]:
        """Of these columns the texts are best read once each, with their places."""
        return tuple(column.name for column in (*self._features, self._target) if column.kind in ("category", "class"))

    def rows(self, table: pa.Table) -> Rows:
        """The rows of a table that has at least the columns of ``reads``."""
        rows = Rows(table.num_rows)
        self._matrix(rows, table, "numbers", np.float32)
        self._matrix(rows, table, "datetimes", np.float64)
        self._matrix(rows, table, "categories", np.int64)
        for column in self._features:
            if column.kind in GROUPS:
                self._group(rows, _of(table, column), column)
        for column in self._extra:
            rows.arrays["extra", column.name] = as_values(_of(table, column))
        rows.tensors["target"] = torch.from_numpy(self._targets(_of(table, self._target)))
        if self._weight is not None:
            rows.tensors["weight"] = torch.from_numpy(floats(_of(table, self._weight))[0])
        return rows

    def nothing(self) -> Rows:
        """No row at all."""
        columns = {column.name: column for column in (*self._features, *self._extra, self._target)}
        if self._weight is not None:
            columns[self._weight.name] = self._weight
        return self.rows(pa.table({name: pa.array([], _EMPTY[column.kind]) for name, column in columns.items()}))

    def _matrix(self, rows: Rows, table: pa.Table, matrix: str, dtype: Any) -> None:
        columns = [column for column in self._features if MATRICES.get(column.kind) == matrix]
        if not columns:
            return
        # Columns are written one after the other into memory, then turned once.
        values = np.empty((len(columns), rows.count), dtype)
        nullable = matrix != "categories" and any(column.nullable for column in columns)
        mask = np.ones((len(columns), rows.count), np.bool_) if nullable else None
        for place, column in enumerate(columns):
            array = _of(table, column)
            if column.kind == "category":
                values[place] = codes(array, self._categories[column.name])
                continue
            found, valid = (numbers if column.kind == "number" else seconds)(array)
            valid = _write(values[place], found, valid)
            if valid is not None and mask is not None:
                mask[place] = valid
        rows.tensors[matrix] = torch.from_numpy(values).t().contiguous()
        if mask is not None:
            rows.tensors[f"{matrix}_mask"] = torch.from_numpy(mask).t().contiguous()

    def _group(self, rows: Rows, array: pa.Array, column: Column) -> None:
        part = GROUPS[column.kind]
        if column.nullable and column.kind in ("text", "numbers"):
            rows.arrays[f"{part}_mask", column.name] = array.is_valid()
        if column.kind == "text":
            array = pc.fill_null(array.cast(pa.large_string()), "")
        elif column.kind == "numbers":
            array = lists(array)
        elif column.kind in ("image", "audio"):
            media = pa.scalar(str(self._folder / "data" / "media") + "/")
            paths = pc.replace_substring(array.cast(pa.string()), "\\", "/")
            array = pc.binary_join_element_wise(media, paths, "")
        else:
            array = as_values(array)
        rows.arrays[part, column.name] = array

    def _targets(self, array: pa.Array) -> Any:
        if self._classes is not None:
            return classes(array, self._classes)
        target, valid = floats(array)
        return target if valid is None else np.where(valid, target, np.float32("nan"))


def numbers(array: pa.Array) -> "Tuple[Any, Optional[Any]]":
    """Numbers and booleans, 0 where there is none, and which there are; None: all."""
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.uint8())
    elif not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        array = array.cast(pa.float64())
    return _filled(array)


def seconds(array: pa.Array) -> "Tuple[Any, Optional[Any]]":
    """Seconds since 1970 of dates and timestamps, since midnight of times, and which there are; None: all."""
    kind = array.type
    if pa.types.is_date32(kind):
        ticks, scale = array.cast(pa.int32()), 1 / 86_400
    elif pa.types.is_date64(kind):
        ticks, scale = array.cast(pa.int64()), 1_000
    else:
        ticks, scale = array.cast(pa.int32() if pa.types.is_time32(kind) else pa.int64()), _TICKS[kind.unit]
    values, valid = _filled(ticks)
    return values / scale, valid


def codes(array: pa.Array, values: pa.Array) -> "Any":
    """0 where the text is missing, 1 where it is unknown, else its place in ``values`` from 2."""
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).dictionary_encode()
    known = pc.index_in(array.dictionary.cast(pa.string()), value_set=values)
    # One number for each text that occurs; the last one is for rows without a text.
    meaning = np.append(pc.add(pc.fill_null(known, UNKNOWN - 2), 2).to_numpy(zero_copy_only=False), 0)
    return meaning[pc.fill_null(array.indices, len(array.dictionary)).to_numpy(zero_copy_only=False)]


def classes(array: pa.Array, known: Classes) -> "Any":
    """The places of values in the list of classes; what is in no class is ignored by losses."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if known.type in ("string", "boolean"):
        kind = pa.string() if known.type == "string" else pa.bool_()
    else:
        kind = array.type
    try:
        value_set = pa.array(known.values).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # a value of another split does not fit: compare as numbers
        kind = pa.float64()
        value_set = pa.array(known.values).cast(kind)
    found = pc.index_in(array.cast(kind), value_set=value_set)
    return pc.fill_null(found, IGNORED).to_numpy(zero_copy_only=False).astype(np.int64)


def lists(array: pa.Array) -> pa.Array:
    """Lists of 32-bit numbers, empty where there is none, elements without a number 0."""
    values, _ = floats(array.flatten())  # without the lists that are missing
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
    offsets = np.append(0, np.cumsum(lengths, dtype=np.int64))
    return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values))


def as_values(array: pa.Array) -> pa.Array:
    """Times that Python has values for: it knows microseconds, and nanoseconds only with pandas."""
    kind = in_microseconds(array.type)
    return array if kind == array.type else array.cast(kind, safe=False)


def in_microseconds(kind: pa.DataType) -> pa.DataType:
    """The type with all nanoseconds in it as microseconds."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if pa.types.is_time64(kind):
        return pa.time64("us")
    if pa.types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if pa.types.is_struct(kind):
        return pa.struct([_in_microseconds(kind[place]) for place in range(kind.num_fields)])
    if pa.types.is_map(kind):
        return pa.map_(in_microseconds(kind.key_type), _in_microseconds(kind.item_field))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_in_microseconds(kind.value_field), kind.list_size)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        make = pa.list_ if pa.types.is_list(kind) else pa.large_list
        return make(_in_microseconds(kind.value_field))
    return kind


def _in_microseconds(field: pa.Field) -> pa.Field:
    return field.with_type(in_microseconds(field.type))


def floats(array: pa.Array) -> "Tuple[Any, Optional[Any]]":
    """Numbers as 32-bit ones, 0 where there is no finite one, and which there are; None: all."""
    found, valid = numbers(array)
    values = np.empty(len(found), np.float32)
    return values, _write(values, found, valid)


def _write(written: "Any", found: "Any", valid: "Optional[Any]") -> "Optional[Any]":
    """Writes 0 for what is no finite number, and the largest 32-bit number for what is larger; which rows have a number."""
    with np.errstate(over="ignore"):
        written[:] = found
    if found.dtype.kind != "f" or np.isfinite(written).all():
        return valid
    finite = np.isfinite(found)
    written[:] = np.where(finite, np.clip(found, -_LARGEST, _LARGEST), 0)
    return finite if valid is None else finite & valid


def _filled(array: pa.Array) -> "Tuple[Any, Optional[Any]]":
    if not array.null_count:
        return array.to_numpy(zero_copy_only=False), None
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    return pc.fill_null(array, 0).to_numpy(zero_copy_only=False), valid


def _of(table: pa.Table, column: Column) -> pa.Array:
    """The column as one array."""
    chunks = table.column(table.schema.get_field_index(column.name))
    if chunks.num_chunks == 1:
        return chunks.chunk(0)
    if pa.types.is_dictionary(chunks.type):
        chunks = chunks.unify_dictionaries()
    array = chunks.combine_chunks()
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
