"""A package for PyTorch, loaded in the ways of training: which rows come, in which order, and what else happens."""

import importlib
import json
import math
import os
import pickle
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path


class WithoutPandas:
    """As where it is not installed: else pyarrow imports it by itself."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, WithoutPandas())

import pyarrow as pa
import pyarrow.parquet as pq
import torch
import torch.multiprocessing as mp
from torch import distributed
from torch.utils.data import BatchSampler, DataLoader, DistributedSampler

EVENTS = ("socket.", "urllib.", "http.", "pickle.", "subprocess.", "os.system")
COLUMNS = ["id", "share", "amount", "color"]
SHUFFLED = {"batch_size": 16, "shuffle": True, "seed": 7, "buffer": 300}


def main():
    question = json.load(sys.stdin)
    sys.path.insert(0, os.path.join(question["folder"], "src"))
    os.environ["PYTHONPATH"] = os.pathsep.join([sys.path[0], os.environ.get("PYTHONPATH", "")])
    seen = []
    watched = [True]  # an audit hook can't be taken away

    def watch(event, _):
        if watched[0] and event.startswith(EVENTS):
            seen.append(event)

    sys.addaudithook(watch)
    package = importlib.import_module(question["package"])
    values = {"in memory": wrong_values(package, False), "as a stream": wrong_values(package, True)}
    watched[0] = False
    answer = {
        "events": seen,
        "wrongValues": values,
        "rows": rows_given(package),
        "orders": orders(package),
        "resumed": resumed(package),
        "pickled": pickled(package),
        "spawned": spawned(package),
        "ranks": ranks(question["package"]),
        "openFiles": open_files(package),
        "travel": travel(package),
        "oddNumbers": odd_numbers(package),
        "nanoseconds": nanoseconds(package),
        "kinds": kinds(package),
    }
    print(json.dumps(answer))


def table(package, split="train"):
    """The rows as any reader of Parquet has them."""
    files = sorted((package.package_folder() / "data").glob(f"{split}-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def ids(batches):
    return [row for batch in batches for row in batch["extra"]["id"]]


def wrong_values(package, streaming):
    """Ids of rows whose samples are not what the files say."""
    schema, encoders = package.read_schema(), package.read_encoders()
    numbers = [column.name for column in schema.numbers]
    truth = {row["id"]: row for row in table(package)}
    wrong = []
    for batch in package.loader("train", batch_size=50, streaming=streaming, columns=COLUMNS):
        colors = encoders.categories["color"].inverse(batch["categories"][:, 0])
        labels = encoders.classes.inverse(batch["target"])
        for place, row in enumerate(batch["extra"]["id"]):
            expected = truth.pop(row)
            given = [
                value if there else None
                for value, there in zip(batch["numbers"][place].tolist(), batch["numbers_mask"][place].tolist())
            ]
            if (
                given != [expected[name] for name in numbers]
                or colors[place] != expected["color"]
                or labels[place] != expected["label"]
            ):
                wrong.append(row)
    return wrong + list(truth)


def rows_given(package):
    """Each way of loading, and how its rows differ from all rows, once each."""
    truth = Counter(row["id"] for row in table(package))
    answer = {}
    for ranks_there in (1, 2):
        for workers in (0, 1, 2, 4):
            for name, batches_of in WAYS.items():
                parts = [ids(batches_of(package, workers, rank, ranks_there)) for rank in range(ranks_there)]
                given = Counter(row for part in parts for row in part)
                # The sampler of PyTorch repeats a row where ranks would have different numbers of them.
                repeated = -sum(truth.values()) % ranks_there if "DistributedSampler" in name else 0
                answer[f"{name}, {workers} workers, {ranks_there} ranks"] = {
                    "missing": len(truth - given),
                    "twice": sum((given - truth).values()) - repeated,
                    "uneven": max(map(len, parts)) - min(map(len, parts)) > 1,
                }
    return answer


def in_memory(package, workers, rank, ranks_there):
    dataset = package.TabularDataset("train", columns=COLUMNS)
    sampler = DistributedSampler(dataset, ranks_there, rank, shuffle=True, seed=7)
    return DataLoader(dataset, 16, sampler=sampler, num_workers=workers, collate_fn=package.collate)


def in_memory_batches(package, workers, rank, ranks_there):
    dataset = package.TabularDataset("train", columns=COLUMNS)
    sampler = BatchSampler(DistributedSampler(dataset, ranks_there, rank), 16, False)
    return DataLoader(dataset, None, sampler=sampler, num_workers=workers)


def stream(package, workers, rank, ranks_there, **options):
    dataset = package.StreamingDataset("train", columns=COLUMNS, rank=rank, ranks=ranks_there, **options)
    if dataset.batch_size is None:
        return DataLoader(dataset, 16, num_workers=workers, collate_fn=package.collate)
    return DataLoader(dataset, None, num_workers=workers)


WAYS = {
    "in memory by DistributedSampler": in_memory,
    "batches in memory by DistributedSampler": in_memory_batches,
    "stream": lambda *place: stream(*place),
    "stream of batches": lambda *place: stream(*place, batch_size=16),
    "stream, shuffled": lambda *place: stream(*place, **SHUFFLED),
}


def shuffled_ids(package, streaming, seed, epoch, workers=0):
    batches = package.loader("train", batch_size=16, seed=seed, streaming=streaming, workers=workers, columns=COLUMNS)
    package.set_epoch(batches, epoch)
    return ids(batches)


def orders(package):
    answer = {}
    for streaming in (False, True):
        first = shuffled_ids(package, streaming, 1, 0)
        answer["stream" if streaming else "in memory"] = {
            "again the same": shuffled_ids(package, streaming, 1, 0) == first,
            "another in another epoch": shuffled_ids(package, streaming, 1, 1) != first,
            "another of another seed": shuffled_ids(package, streaming, 2, 0) != first,
            "not that of the files": [row["id"] for row in table(package)] != first,
            "neighbours far apart": sum(abs(a - b) == 1 for a, b in zip(first, first[1:])) < len(first) / 20,
        }
    return answer


def begun(package, workers, batches):
    """The rows of a stream that ends in the middle of its epoch, and its state, as a file would hold it."""
    dataset = package.StreamingDataset("train", columns=COLUMNS, **SHUFFLED)
    dataset.set_epoch(3)
    rows = iter(DataLoader(dataset, None, num_workers=workers))
    given = ids([next(rows) for _ in range(batches)])
    state = dataset.state_dict(batches, workers) if workers else dataset.state_dict()
    return given, json.dumps(state)


def went_on(package, workers, state):
    dataset = package.StreamingDataset("train", columns=COLUMNS, **SHUFFLED)
    dataset.load_state_dict(json.loads(state))
    batches = DataLoader(dataset, None, num_workers=workers)
    rest, again = ids(batches), ids(batches)
    dataset.set_epoch(4)
    return rest, again, ids(batches)


def twice(package, workers, state, rest):
    """Whether a stream that goes on, and is interrupted once more, goes on with the rest of the rest."""
    dataset = package.StreamingDataset("train", columns=COLUMNS, **SHUFFLED)
    dataset.load_state_dict(json.loads(state))
    batches = iter(DataLoader(dataset, None, num_workers=workers))
    given = ids([next(batches)])
    last = package.StreamingDataset("train", columns=COLUMNS, **SHUFFLED)
    last.load_state_dict(dataset.state_dict(1, workers))
    return given + ids(DataLoader(last, None, num_workers=workers)) == rest


def whole(package, workers, epoch):
    dataset = package.StreamingDataset("train", columns=COLUMNS, **SHUFFLED)
    dataset.set_epoch(epoch)
    return ids(DataLoader(dataset, None, num_workers=workers))


def resumed(package):
    answer = {}
    for workers, batches in ((0, 1), (0, 13), (2, 12), (2, 13), (3, 86)):
        given, state = begun(package, workers, batches)
        rest, again, following = went_on(package, workers, state)
        uninterrupted = whole(package, workers, 3)
        answer[f"{workers} workers after {batches} batches"] = {
            "rows": sorted(given + rest) == sorted(uninterrupted),
            "order": given + rest == uninterrupted,
            "interrupted again": twice(package, workers, state, rest),
            "the same epoch again": again == uninterrupted,
            "next epoch": following == whole(package, workers, 4),
        }
    return answer


def pickled(package):
    """Bytes of datasets that hold rows and open files by now, against those of the rows."""
    in_memory_rows = package.TabularDataset("train", columns=COLUMNS)
    in_memory_rows[0]
    streamed = package.StreamingDataset("train", columns=COLUMNS, batch_size=16)
    next(iter(streamed))
    copies = [pickle.loads(pickle.dumps(dataset)) for dataset in (in_memory_rows, streamed)]
    return {
        "small": all(len(pickle.dumps(dataset)) < 20_000 for dataset in (in_memory_rows, streamed)),
        "same": copies[0][5]["extra"] == in_memory_rows[5]["extra"] and ids(copies[1]) == ids(streamed),
    }


def spawned(package):
    """Whether workers that are spawned give what workers that are forked give."""
    answer = {}
    for streaming in (False, True):
        given = []
        for context in ("fork", "spawn"):
            batches = package.loader("train", batch_size=64, streaming=streaming, workers=2, columns=COLUMNS)
            batches.multiprocessing_context = context
            given.append(ids(batches))
        answer["stream" if streaming else "in memory"] = given[0] == given[1]
    return answer


def open_files(package):
    """How many files a stream of 60 of them keeps open, and how many rows it gives of each."""
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(package.package_folder() / "metadata", folder / "metadata")
    (folder / "data").mkdir()
    splits = package.document("splits")
    split = next(each for each in splits["splits"] if each["name"] == "train")
    first = split["files"][0]
    files = [{**first, "path": f"data/{number}.parquet"} for number in range(60)]
    for file in files:
        shutil.copy(package.package_folder() / first["path"], folder / file["path"])
    only = {**splits, "splits": [{**split, "rows": 60 * first["rows"], "files": files}]}
    (folder / "metadata" / "splits.json").write_text(json.dumps(only))
    opened = package.StreamingDataset("train", batch_size=16, shuffle=True, folder=folder)
    rows = sum(len(batch["target"]) for batch in opened)
    handles = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return {"rows": rows / first["rows"], "few": sum(handle.startswith(str(folder)) for handle in handles) <= 16}


def travel(package):
    """Whether batches come out of workers as they are without any, small and large."""
    return {
        str(size): all(
            type(far) is dict and list(far) == list(near) and all(map(torch.equal, tensors(far), tensors(near)))
            for near, far in zip(*(whole_batches(package, size, workers) for workers in (0, 1)))
        )
        for size in (16, 1000)
    }


def whole_batches(package, size, workers):
    package.batch.MOST_BYTES = 4000  # so that some are large
    return list(DataLoader(package.StreamingDataset("train", batch_size=size, columns=COLUMNS), None, num_workers=workers))


def tensors(batch):
    return [value for value in batch.values() if isinstance(value, torch.Tensor)]


def odd_numbers(package):
    encoding = importlib.import_module(f"{package.__name__}.encoding")
    odd = [1.5, None, math.nan, math.inf, 1e300, -1e300]
    values, valid = encoding.floats(pa.array(odd))
    largest = torch.finfo(torch.float32).max
    expected = [1.5, 0, 0, 0, largest, -largest]
    return {
        "numbers": values.tolist() == expected and valid.tolist() == [True, False, False, False, True, True],
        "lists": encoding.lists(pa.array([odd, None, []])).to_pylist() == [expected, [], []],
    }


def kinds(package):
    """What `load` gives of small data, and of data that the export found to be large."""
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(package.package_folder() / "metadata", folder / "metadata")
    (folder / "metadata" / "manifest.json").write_text(json.dumps({**package.document("manifest"), "streaming": True}))
    loaders = [package.loader("train", **options) for options in ({}, {"folder": folder})]
    loaded = [package.load("train"), package.load("train", folder=folder), *(loader.dataset for loader in loaders)]
    return [type(dataset).__name__ for dataset in loaded]


def nanoseconds(package):
    """Times of nanoseconds as values of Python, which needs pandas for them; also inside of lists, objects and maps."""
    encoding = importlib.import_module(f"{package.__name__}.encoding")
    at = pa.timestamp("ns")
    arrays = [
        pa.array([1_500, None], at),
        pa.array([1_500], pa.time64("ns")),
        pa.array([1_500], pa.duration("ns")),
        pa.array([[1_500, None], None], pa.list_(at)),
        pa.array([[1_500, None], None], pa.list_(at, 2)),
        pa.array([{"a b": 1_500, "c": "d"}, None], pa.struct([("a b", at), ("c", pa.string())])),
        pa.array([[("k", 1_500)], None], pa.map_(pa.string(), at)),
        pa.array([[{"t": 1_500}]], pa.list_(pa.struct([("t", pa.time64("ns"))]))),
    ]
    return [repr(encoding.as_values(array).to_pylist()[0]) for array in arrays]


def ranks(name):
    """Two processes of torch.distributed with two workers each, asked by the package's own loader."""
    folder = tempfile.mkdtemp()
    mp.spawn(rank_of_two, (name, folder), nprocs=2)
    parts = [json.loads(Path(folder, str(rank)).read_text()) for rank in range(2)]
    package = importlib.import_module(name)
    truth = Counter(row["id"] for row in table(package))
    answer = {}
    for way in ("in memory", "stream"):
        given = Counter(row for part in parts for row in part[way])
        answer[way] = {
            "missing": len(truth - given),
            "twice": sum((given - truth).values()) - sum(truth.values()) % 2,
            "batches": len({part[f"{way}, batches"] for part in parts}),
        }
    answer["order of another process"] = all(
        part["order"] == shuffled_ids(package, True, 1, 5, 2) for part in parts
    )
    return answer


def rank_of_two(rank, name, folder):
    package = importlib.import_module(name)
    address = f"file://{folder}/meeting"
    mp.set_start_method("fork", force=True)  # of its workers: this process was spawned, and would spawn in turn
    answer = {"order": shuffled_ids(package, True, 1, 5, 2)}
    distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=2)
    for streaming in (False, True):
        way = "stream" if streaming else "in memory"
        batches = package.loader("train", batch_size=16, streaming=streaming, workers=2, columns=COLUMNS)
        package.set_epoch(batches, 1)
        given = [batch["extra"]["id"] for batch in batches]
        answer[way], answer[f"{way}, batches"] = [row for batch in given for row in batch], len(given)
    distributed.barrier()
    distributed.destroy_process_group()
    Path(folder, str(rank)).write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
