"""Datasets and loaders with the defaults that fit the size of the data."""

from __future__ import annotations

from typing import Any, Optional, Union

from torch.utils.data import BatchSampler, DataLoader, DistributedSampler

from .dataset import StreamingDataset, TabularDataset, distributed_place
from .documents import document


def load(
    split: str = "train", *, streaming: Optional[bool] = None, **options: Any
) -> Union[TabularDataset, StreamingDataset]:
    """The rows of a split: in memory, or, where all splits together would take more than 1 GiB there, as a stream.

    :param streaming: one or the other, whatever the size.
    :param options: of the dataset; a ``TabularDataset`` has fewer than a ``StreamingDataset``.
    """
    if streaming is None:
        streaming = bool(document("manifest", options.get("folder"))["streaming"])
    return StreamingDataset(split, **options) if streaming else TabularDataset(split, **options)


def loader(
    split: str = "train",
    *,
    batch_size: int = 256,
    shuffle: Optional[bool] = None,
    seed: int = 0,
    drop_last: bool = False,
    workers: int = 0,
    streaming: Optional[bool] = None,
    **options: Any,
) -> "DataLoader[Any]":
    """Batches of a split, made whole by the dataset, which is much faster than samples put together.

    Where ``torch.distributed`` runs, the ranks share the rows out: in memory by a ``DistributedSampler``, which repeats a
    few rows so that all ranks have the same number; as a stream, with ``even="repeat"`` for the same.

    :param shuffle: the training rows unless given; in another order in each epoch if ``set_epoch`` says so.
    :param options: of the dataset, such as ``columns`` or ``tokenize``.
    """
    shuffle = split == "train" if shuffle is None else shuffle
    if streaming is None:
        streaming = bool(document("manifest", options.get("folder"))["streaming"])
    if streaming:
        options.setdefault("even", "repeat" if distributed_place()[1] > 1 else None)
        stream = StreamingDataset(split, batch_size=batch_size, shuffle=shuffle, seed=seed, drop_last=drop_last, **options)
        return DataLoader(stream, batch_size=None, num_workers=workers)
    dataset = TabularDataset(split, **options)
    rank, ranks = distributed_place()
    sampler: "DistributedSampler[Any]" = DistributedSampler(dataset, ranks, rank, shuffle=shuffle, seed=seed)
    batches = BatchSampler(sampler, batch_size, drop_last)
    # Workers that stay read the rows once, not once in each epoch.
    return DataLoader(dataset, sampler=batches, batch_size=None, num_workers=workers, persistent_workers=workers > 0)


def set_epoch(batches: "DataLoader[Any]", epoch: int) -> None:
    """Gives the batches of a ``loader`` another order. Call it before each epoch."""
    of: Any = batches.dataset if isinstance(batches.dataset, StreamingDataset) else batches.sampler
    # In memory, the numbers of rows come from a BatchSampler over the one that knows of epochs.
    getattr(of, "sampler", of).set_epoch(epoch)
