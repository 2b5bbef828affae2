"""What holds of the package as it was exported: python -m unittest discover tests (or pytest).

Values are read from Parquet a second time here, in plain Python, so that a change of the data, of the metadata or of the
code shows. The rows of large data are looked at in part; checksums and statistics are of all rows.
"""

import functools
import importlib
import itertools
import math
import pickle
import sys
import unittest
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import torch
from torch.utils.data import BatchSampler, DataLoader, DistributedSampler

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
NAME = next(path.parent.name for path in (ROOT / "src").glob("*/py.typed"))
data = importlib.import_module(NAME)
encoding = importlib.import_module(f"{NAME}.encoding")
verify = importlib.import_module(f"{NAME}.verify")

SCHEMA = data.read_schema()
ENCODERS = data.read_encoders()
STATS = data.document("stats")
MANIFEST = data.document("manifest")
FEATURES = SCHEMA.features
# Rows of a split whose values are looked at one by one: as many as take some seconds.
ROWS = max(20, min(3000, 200_000 // max(1, len(SCHEMA.columns))))
STREAMED = 20_000
LARGEST = float(np.finfo(np.float32).max)
warnings.filterwarnings("ignore", message="This DataLoader will create")


@functools.lru_cache(maxsize=64)
def opened(path):
    return pq.ParquetFile(path)


def column_of(split, name, rows=None):
    """A column of a split, read anew; the first rows of it."""
    parts, have = [], 0
    for file in split.files:
        table = opened(ROOT / file.path).read(columns=[name])
        parts.append(table.column(table.schema.get_field_index(name)))
        have += len(parts[-1])
        if rows is not None and have >= rows:
            break
    chunks = list(itertools.chain.from_iterable(part.chunks for part in parts))
    whole = pa.chunked_array(chunks, parts[0].type) if parts else pa.chunked_array([], pa.null())
    return whole if rows is None else whole.slice(0, rows)


def seconds_of(column):
    """Dates, timestamps and times as seconds, None where there is none."""
    kind = column.type
    if pa.types.is_date32(kind):
        return [None if days is None else days * 86_400.0 for days in column.cast(pa.int32()).to_pylist()]
    small = pa.types.is_time32(kind)
    unit = {"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9}["ms" if pa.types.is_date64(kind) else kind.unit]
    ticks = column.cast(pa.int32() if small else pa.int64()).to_pylist()
    return [None if tick is None else tick / unit for tick in ticks]


def values_of(column, kind):
    """Values as Python has them; of numbers, what is not finite is missing."""
    if kind in ("datetime", "time"):
        return seconds_of(column)
    values = encoding.as_values(column).to_pylist()
    if kind != "number":
        return values
    return [None if value is None or not math.isfinite(value) else float(value) for value in values]


def batch_of(split, rows, columns=None):
    """The first rows of a split, through the package."""
    names = [column.name for column in FEATURES] if columns is None else columns
    stream = data.StreamingDataset(split.name, batch_size=max(1, min(rows, split.rows)), columns=names)
    return next(iter(stream))


def filled():
    return [split for split in SCHEMA.splits if split.rows > 0]


def training():
    """The rows that everything is learned from."""
    return SCHEMA.split(STATS["split"])


def row_keys(batch):
    """Something to know each row of a batch by; several rows may be alike."""
    parts = [batch[part] for part in ("numbers", "numbers_mask", "categories", "datetimes", "target") if part in batch]
    keys = [[] for _ in range(len(batch["target"]))]
    for part in parts:
        for key, row in zip(keys, part.reshape(len(keys), -1).numpy()):
            key.append(row.tobytes())
    for column in batch.get("texts", {}).values():
        for key, text in zip(keys, column):
            key.append(text)
    return [tuple(key) for key in keys]


def keys_of(batches):
    return [key for batch in batches for key in row_keys(batch)]


class Files(unittest.TestCase):
    def test_files_are_those_that_were_exported(self):
        self.assertEqual(verify.problems(), [])

    def test_files_have_the_rows_that_are_written_down(self):
        for split in SCHEMA.splits:
            self.assertEqual(sum(file.rows for file in split.files), split.rows, split.name)
            for file in split.files:
                metadata = pq.ParquetFile(ROOT / file.path).metadata
                groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
                self.assertEqual((groups, metadata.num_rows), (list(file.row_groups), file.rows), file.path)
        self.assertEqual(sum(split.rows for split in SCHEMA.splits), MANIFEST["rows"])

    def test_no_file_belongs_to_two_splits(self):
        paths = [file.path for split in SCHEMA.splits for file in split.files]
        self.assertEqual(len(paths), len(set(paths)))

    def test_splits_share_no_key_and_no_group(self):
        for overlap in data.document("splits")["overlaps"]:
            if overlap["values"] or MANIFEST["rows"] > 1_000_000:
                continue
            seen = {}
            for split in filled():
                values = zip(*(values_of(column_of(split, name), "object") for name in overlap["columns"]))
                for value in {repr(value) for value in values if None not in value}:
                    other = seen.setdefault(value, split.name)
                    self.assertEqual(other, split.name, f"{overlap['columns']}: {value} is in two splits")


class Values(unittest.TestCase):
    """Samples against Parquet."""

    def each(self, *kinds):
        """The batch of each split, its columns of these kinds, and their values."""
        for split in filled():
            batch = batch_of(split, ROWS)
            for column in FEATURES:
                if column.kind in kinds:
                    yield batch, column, values_of(column_of(split, column.name, ROWS), column.kind)

    def test_numbers_and_times(self):
        for part, dtype in (("numbers", torch.float32), ("datetimes", torch.float64)):
            places = {column.name: place for place, column in enumerate(SCHEMA.in_matrix(part))}
            kinds = ("number", "time") if part == "numbers" else ("datetime",)
            for batch, column, values in self.each(*kinds):
                with self.subTest(column=column.name):
                    found = batch[part][:, places[column.name]]
                    self.assertEqual(found.dtype, dtype)
                    largest = LARGEST if part == "numbers" else math.inf
                    wanted = [0.0 if value is None else min(max(value, -largest), largest) for value in values]
                    np.testing.assert_array_equal(found.numpy(), np.array(wanted).astype(found.numpy().dtype))
                    there = [value is not None for value in values]
                    if f"{part}_mask" in batch:
                        self.assertEqual(batch[f"{part}_mask"][:, places[column.name]].tolist(), there)
                    else:
                        self.assertTrue(all(there), "values are missing, and there is no mask")

    def test_categories(self):
        places = {column.name: place for place, column in enumerate(SCHEMA.categories)}
        for batch, column, values in self.each("category"):
            with self.subTest(column=column.name):
                known = list(ENCODERS.categories[column.name].values)
                codes = {value: code for code, value in enumerate(known, 2)}
                found = batch["categories"][:, places[column.name]]
                self.assertEqual(found.dtype, torch.int64)
                self.assertEqual(found.tolist(), [0 if value is None else codes.get(value, 1) for value in values])

    def test_texts(self):
        for batch, column, values in self.each("text"):
            with self.subTest(column=column.name):
                self.assertEqual(batch["texts"][column.name], ["" if value is None else value for value in values])
                mask = batch.get("texts_mask", {}).get(column.name)
                there = [value is not None for value in values]
                self.assertEqual(there if mask is not None else [True] * len(values), there)
                self.assertEqual(mask.tolist() if mask is not None else there, there)

    def test_lists(self):
        for batch, column, values in self.each("numbers"):
            with self.subTest(column=column.name):
                found, lengths = batch["lists"][column.name], batch["lists_length"][column.name]
                self.assertEqual((found.dtype, lengths.dtype), (torch.float32, torch.int64))
                for row, (value, length) in enumerate(zip(values, lengths.tolist())):
                    finite = [float(item) if item is not None and math.isfinite(item) else 0.0 for item in value or []]
                    items = [min(max(item, -LARGEST), LARGEST) for item in finite]
                    self.assertEqual(length, len(items))
                    wanted = np.zeros(found.shape[1], np.float32)
                    wanted[:length] = items
                    np.testing.assert_array_equal(found[row].numpy(), wanted)
                mask = batch.get("lists_mask", {}).get(column.name)
                there = [value is not None for value in values]
                self.assertEqual(mask.tolist() if mask is not None else [True] * len(values), there)

    def test_other_values(self):
        for batch, column, values in self.each("texts", "object"):
            with self.subTest(column=column.name):
                self.assertEqual(repr(batch["objects"][column.name]), repr(values))

    def test_images_and_sounds_are_there(self):
        for batch, column, values in self.each("image", "audio"):
            with self.subTest(column=column.name):
                paths = batch["images" if column.kind == "image" else "audio"][column.name]
                self.assertEqual([path is None for path in paths], [value is None for value in values])
                listed = {file["path"] for file in MANIFEST["files"]}
                for path in filter(None, paths):
                    if Path(path).resolve().relative_to(ROOT.resolve()).as_posix() in listed:
                        self.assertTrue(Path(path).is_file(), path)

    def test_targets(self):
        for split in filled():
            batch = batch_of(split, ROWS)
            values = column_of(split, SCHEMA.target.name, ROWS).to_pylist()
            if ENCODERS.classes is None:
                self.assertEqual(batch["target"].dtype, torch.float32)
                numbers = values_of(column_of(split, SCHEMA.target.name, ROWS), "number")
                wanted = [math.nan if value is None else min(max(value, -LARGEST), LARGEST) for value in numbers]
                np.testing.assert_array_equal(batch["target"].numpy(), np.array(wanted, np.float32))
            else:
                self.assertEqual(batch["target"].dtype, torch.int64)
                places = {value: place for place, value in enumerate(ENCODERS.classes.values)}
                wanted = [data.IGNORED if value is None else places[value] for value in values]
                self.assertEqual(batch["target"].tolist(), wanted)
                self.assertEqual(
                    ENCODERS.classes.inverse(batch["target"]), [None if value is None else value for value in values]
                )

    def test_weights(self):
        for split in filled() if SCHEMA.weight else []:
            values = values_of(column_of(split, SCHEMA.weight.name, ROWS), "number")
            wanted = np.array([min(max(value or 0.0, -LARGEST), LARGEST) for value in values], np.float32)
            np.testing.assert_array_equal(batch_of(split, ROWS)["weight"].numpy(), wanted)

    def test_dtypes_are_those_of_the_schema(self):
        kinds = {"number": "float32", "time": "float32", "numbers": "float32", "datetime": "float64"}
        for column in FEATURES:
            self.assertEqual(column.dtype, {**kinds, "category": "int64"}.get(column.kind), column.name)
        self.assertEqual(SCHEMA.target.dtype, "int64" if ENCODERS.classes else "float32")
        for split in filled():
            types = pq.ParquetFile(ROOT / split.files[0].path).schema_arrow
            self.assertEqual(types.names, [column.name for column in SCHEMA.columns])
            for file in split.files:
                self.assertTrue(pq.ParquetFile(ROOT / file.path).schema_arrow.equals(types), file.path)


class Statistics(unittest.TestCase):
    """Numbers that were learned from the training rows, learned again."""

    def test_statistics(self):
        split = training()
        self.assertEqual(split.rows, STATS["rows"])
        kinds = {column.name: column.kind for column in SCHEMA.columns}
        for stats in STATS["columns"] if split.rows else []:
            kind = kinds[stats["column"]]
            with self.subTest(column=stats["column"]):
                column = column_of(split, stats["column"])
                if "number" in stats:
                    self.hold_numbers(stats, values_of(column, kind))
                elif kind not in ("number", "datetime", "time"):
                    self.assertEqual(column.null_count, stats["missing"])
                if "distinct" in stats:
                    self.assertEqual(len(pc.unique(column.drop_null())), stats["distinct"])
                if "length" in stats:
                    length = pc.utf8_length if kind == "text" else pc.list_value_length
                    lengths = length(column.combine_chunks()).drop_null().to_numpy(zero_copy_only=False)
                    if len(lengths):
                        self.assertEqual(
                            (lengths.min(), lengths.max()), (stats["length"]["min"], stats["length"]["max"])
                        )
                        self.assertTrue(math.isclose(lengths.mean(), stats["length"]["mean"], rel_tol=1e-9))

    def hold_numbers(self, stats, values):
        numbers = np.array([value for value in values if value is not None], np.float64)
        self.assertEqual(len(values) - len(numbers), stats["missing"])
        if not len(numbers):
            self.assertEqual(set(stats["number"].values()), {None})
            return
        with np.errstate(over="ignore", invalid="ignore"):
            found = {
                "mean": numbers.mean(),
                "deviation": numbers.std(),
                "min": numbers.min(),
                "max": numbers.max(),
                "median": np.median(numbers),
            }
        scale = max(abs(found["min"]), abs(found["max"]))
        for name, value in found.items():
            if math.isfinite(value) and stats["number"][name] is not None:
                near = 0 if name in ("min", "max") else 1e-9 * scale
                self.assertTrue(
                    math.isclose(value, stats["number"][name], rel_tol=1e-12, abs_tol=near),
                    f"{name} is {value}, not {stats['number'][name]}",
                )

    def test_categories_are_those_of_the_training_rows(self):
        for column, categories in ENCODERS.categories.items():
            counts = Counter(column_of(training(), column).drop_null().to_pylist())
            self.assertEqual(dict(zip(categories.values, categories.rows)), {**dict.fromkeys(categories.values, 0), **counts})
            self.assertEqual(list(categories.values), sorted(categories.values), column)

    def test_classes_and_their_weights(self):
        classes = ENCODERS.classes
        if classes is None:
            return
        counts = Counter(column_of(training(), SCHEMA.target.name).drop_null().to_pylist())
        self.assertEqual(len(set(classes.values)), classes.size)
        self.assertEqual(list(classes.rows), [counts.get(value, 0) for value in classes.values])
        there = sum(rows > 0 for rows in classes.rows)
        wanted = [sum(classes.rows) / (there * rows) if rows else 0.0 for rows in classes.rows]
        np.testing.assert_allclose(classes.weights.numpy(), np.array(wanted), rtol=1e-6)

    def test_encoders_undo_what_they_do(self):
        for categories in ENCODERS.categories.values():
            values = list(categories.values)
            self.assertEqual(categories.inverse(categories.encode(values)), values)
            self.assertEqual(categories.encode([None, "\0 no such value"]).tolist(), [data.MISSING, data.UNKNOWN])
        for scaler in ENCODERS.scalers.values():
            values = values_of(column_of(training(), scaler.column, ROWS), "number") if training().rows else []
            scaled = np.array([value for value in values if value is not None], np.float64)
            if all(step["step"] in ("standard_scale", "minmax_scale", "robust_scale", "log") for step in scaler.steps):
                with np.errstate(over="ignore"):
                    original = scaler.inverse(scaled)
                there = np.isfinite(original)
                again = scaler.transform(original[there])
                np.testing.assert_allclose(again, scaled[there], rtol=1e-6, atol=1e-6, err_msg=scaler.column)

    def test_standardizers_are_those_of_the_training_rows(self):
        stats = {each["column"]: each.get("number") for each in STATS["columns"]}
        batch = batch_of(training(), ROWS) if training().rows else {}
        for part in ("numbers", "datetimes"):
            if part not in batch:
                continue
            known = [stats[column.name] for column in SCHEMA.in_matrix(part)]
            mean = torch.tensor([each["mean"] or 0.0 for each in known], dtype=torch.float64)
            deviation = torch.tensor([each["deviation"] or 1.0 for each in known], dtype=torch.float64)
            there = batch.get(f"{part}_mask", torch.ones_like(batch[part], dtype=torch.bool))
            wanted = torch.where(there, (batch[part].double() - mean) / deviation, 0.0).float()
            found = data.standardizer(part).transform(batch[part], there)
            np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-5, err_msg=part)


class Sharing(unittest.TestCase):
    """Which rows come, and in which order."""

    @classmethod
    def setUpClass(cls):
        cls.split = min(filled(), key=lambda split: split.rows) if filled() else None
        cls.small = cls.split is not None and cls.split.rows <= STREAMED

    def stream(self, **options):
        return data.StreamingDataset(self.split.name, **{"batch_size": max(1, self.split.rows // 13), **options})

    def through(self, stream, workers=0, **options):
        return list(DataLoader(stream, batch_size=None, num_workers=workers, **options))

    def setUp(self):
        if not self.small:
            self.skipTest("The smallest split has no rows, or more than are streamed in a test.")

    def test_each_row_comes_once_whatever_the_ranks_and_workers(self):
        wanted = Counter(keys_of([data.TabularDataset(self.split.name)[:]]))
        self.assertEqual(sum(wanted.values()), self.split.rows)
        for ranks, workers in itertools.product((1, 2), (0, 1, 2, 4)):
            with self.subTest(ranks=ranks, workers=workers):
                found = Counter()
                for rank in range(ranks):
                    stream = self.stream(shuffle=workers == 2, rank=rank, ranks=ranks)
                    found.update(keys_of(self.through(stream, workers)))
                self.assertEqual(found, wanted)

    def test_ranks_get_as_many_rows_where_that_is_asked_for(self):
        ranks = next((ranks for ranks in (3, 4, 5, 7) if self.split.rows % ranks), 3)
        for even, rows in (("drop", self.split.rows // ranks), ("repeat", -(-self.split.rows // ranks))):
            for rank in range(ranks):
                stream = self.stream(even=even, rank=rank, ranks=ranks)
                self.assertEqual(sum(len(batch["target"]) for batch in stream), rows)

    def test_samples_are_the_rows_of_batches(self):
        samples = DataLoader(self.stream(batch_size=None), batch_size=10, collate_fn=data.collate)
        self.assertEqual(keys_of(samples), keys_of(self.stream(batch_size=10)))

    def test_the_order_is_that_of_the_seed_and_the_epoch(self):
        def order(seed, epoch):
            stream = self.stream(shuffle=True, seed=seed)
            stream.set_epoch(epoch)
            return keys_of(stream)

        first = order(1, 0)
        self.assertEqual(first, order(1, 0))
        if len(set(first)) > 20:
            self.assertNotEqual(first, order(1, 1))
            self.assertNotEqual(first, order(2, 0))

    def test_a_stream_goes_on_where_it_was(self):
        for workers in (0, 2):
            stream = self.stream(shuffle=True)
            batches = self.through(stream, workers)
            self.assertEqual(len(batches), stream.batches(workers))
            done = min(len(batches), len(batches) // 2 | 1)  # in the middle of a round of two workers
            resumed = self.stream(shuffle=True)
            resumed.load_state_dict(stream.state_dict(batches=done, workers=workers))
            self.assertEqual(keys_of(self.through(resumed, workers)), keys_of(batches[done:]))
            self.assertEqual(keys_of(self.through(resumed, workers)), keys_of(batches), "the same epoch again")
        stream = self.stream(shuffle=True)
        batches = iter(stream)
        next(batches)
        resumed = self.stream(shuffle=True)
        resumed.load_state_dict(pickle.loads(pickle.dumps(stream.state_dict())))
        self.assertEqual(keys_of(resumed), keys_of(batches))

    def test_datasets_travel_to_processes_that_are_spawned(self):
        wanted = Counter(keys_of(self.stream()))
        stream, table = self.stream(), data.TabularDataset(self.split.name)
        next(iter(stream)), table[0]
        self.assertLess(len(pickle.dumps(table)), 1_000_000 + 1000 * len(SCHEMA.columns))
        spawned = self.through(stream, 1, multiprocessing_context="spawn")
        self.assertEqual(Counter(keys_of(spawned)), wanted)

    def test_rows_by_number(self):
        table = data.TabularDataset(self.split.name)
        self.assertEqual(len(table), self.split.rows)
        some = [0, len(table) - 1, len(table) // 2]
        self.assertEqual(row_keys(table[some]), row_keys(data.collate([table[place] for place in some])))
        with self.assertRaises(IndexError):
            table[len(table)]
        found = Counter()
        for rank in range(2):
            sampler = DistributedSampler(table, 2, rank, shuffle=True, seed=3)
            found.update(keys_of(DataLoader(table, sampler=BatchSampler(sampler, 16, False), batch_size=None)))
        wanted = Counter(keys_of([table[:]]))
        self.assertEqual(set(found), set(wanted))
        self.assertLessEqual(sum((found - wanted).values()), 1)


class EmptySplits(unittest.TestCase):
    def test_a_split_without_rows_gives_none(self):
        for split in SCHEMA.splits:
            if split.rows == 0:
                self.assertEqual(len(data.TabularDataset(split.name)), 0)
                self.assertEqual(list(data.StreamingDataset(split.name, batch_size=8)), [])


if __name__ == "__main__":
    unittest.main()
