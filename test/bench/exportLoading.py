"""Seconds in which one of three ways gives all rows of a package's data in batches of 1,024: WAY FOLDER WORKERS ROWS"""

import importlib
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import torch
from torch.utils.data import BatchSampler, DataLoader, IterableDataset, SequentialSampler, get_worker_info

BATCH = 1024
way, folder, workers, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
files = sorted(str(file) for file in (folder / "data").glob("*.parquet"))


class Plain(IterableDataset):
    """What one writes by hand: row groups dealt to the workers, columns side by side."""

    def __iter__(self):
        info = get_worker_info()
        worker, of = (info.id, info.num_workers) if info else (0, 1)
        for path in files:
            file = pq.ParquetFile(path)
            for batch in file.iter_batches(BATCH, list(range(worker, file.num_row_groups, of))):
                columns = {name: torch.tensor(batch.column(name).to_numpy(False)) for name in batch.schema.names}
                target = columns.pop("target").long()
                yield {"numbers": torch.stack([column.float() for column in columns.values()], 1), "target": target}


def mldata():
    sys.path.insert(0, str(folder / "src"))
    package = importlib.import_module(next((folder / "src").iterdir()).name)
    split = package.read_schema().splits[0].name
    return DataLoader(package.StreamingDataset(split, batch_size=BATCH), None, num_workers=workers)


def pyarrow():
    return DataLoader(Plain(), None, num_workers=workers)


def datasets():
    from datasets import load_dataset

    data = load_dataset("parquet", data_files=files, split="train").with_format("torch")
    # Whole batches: many times faster than samples that are put together.
    return DataLoader(data, None, sampler=BatchSampler(SequentialSampler(data), BATCH, False), num_workers=workers)


loader = {"mldata": mldata, "pyarrow": pyarrow, "datasets": datasets}[way]()
began = time.perf_counter()
given = sum(len(batch["target"]) for batch in loader)
seconds = time.perf_counter() - began
assert given == rows, f"{given} rows"
print(seconds)
