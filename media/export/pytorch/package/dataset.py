"""The rows of a split, for ``torch.utils.data.DataLoader``: by number, or as a stream."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np
import torch
from torch import distributed
from torch.utils.data import Dataset, IterableDataset, get_worker_info

from .batch import Batch
from .documents import PathLike
from .encoding import Encoding
from .reading import Files
from .rows import Decoders, Rows, Sample, Tokenizer
from .schema import read_schema
from .sharing import Place, Stretch, blocks, rounds, row_groups, rows_of_rank, rows_of_worker, shuffled, stretches

Order = Any  # places of rows: np.ndarray of int64, or a range without gaps
Numbers = Union[slice, Sequence[int], torch.Tensor]


class TabularDataset(Dataset):  # type: ignore[type-arg]
    """All rows of a split in memory, by number. They are read when the first one is asked for, in each process.

    ``dataset[3]`` is a sample; ``dataset[[3, 1, 4]]`` and ``dataset[0:256]`` are batches, much faster than samples put
    together: ``DataLoader(dataset, sampler=BatchSampler(RandomSampler(dataset), 256, False), batch_size=None)``.
    With ``batch_size=256`` instead, give ``collate_fn=collate``.
    """

    def __init__(
        self,
        split: str = "train",
        *,
        columns: Optional[Sequence[str]] = None,
        decode: Optional[Decoders] = None,
        tokenize: Optional[Tokenizer] = None,
        folder: Optional[PathLike] = None,
    ) -> None:
        """
        :param columns: what samples hold beside the target and the weight, by name; the features unless given. Columns that
            are no features come as values of Python, in ``extra``.
        :param decode: reads the file of an image or a sound, by the column's name: ``{"photo": read_image}``.
        :param tokenize: called with the texts of a column, once for each batch.
        :param folder: of another copy of the package, with its ``metadata`` and ``data``.
        """
        self.schema = read_schema(folder)
        self.split = self.schema.split(split)
        self._decode = decode
        self._tokenize = tokenize
        self._encoding = Encoding(self.schema, columns, folder)
        self._files = Files(self._encoding.reads, self._encoding.dictionaries, folder)
        self._rows: Optional[Rows] = None

    def __len__(self) -> int:
        return self.split.rows

    def __getitem__(self, number: Union[int, Numbers]) -> Union[Sample, Batch]:
        if isinstance(number, (int, np.integer)) or (isinstance(number, torch.Tensor) and number.ndim == 0):
            place = range(len(self))[int(number)]  # counts from the end where it is negative, and knows the bounds
            return next(self.rows.cut(place, place + 1).samples(self._decode))
        return self._chosen(number).batch(self._decode, self._tokenize)

    def __getitems__(self, numbers: Sequence[int]) -> List[Sample]:
        """Several samples at once; newer versions of PyTorch ask so."""
        return list(self._chosen(numbers).samples(self._decode))

    @property
    def rows(self) -> Rows:
        """All rows, encoded."""
        if self._rows is None:
            read, encode = self._files.read, self._encoding.rows
            parts = [encode(read(piece.file, piece.row_group)) for piece in row_groups(self.split)]
            self._rows = Rows.join(parts or [self._encoding.nothing()])
            self._files.close()
        return self._rows

    def _chosen(self, numbers: Numbers) -> Rows:
        if isinstance(numbers, slice):
            start, stop, step = numbers.indices(len(self))
            if step == 1:
                return self.rows.cut(start, max(start, stop))
            numbers = range(start, stop, step)
        places = np.asarray(numbers, dtype=np.int64)
        wrong = places[(places < -len(self)) | (places >= len(self))]
        if len(wrong):
            raise IndexError(f"{self.split.name} has {len(self)} rows, and no row {wrong[0]}.")
        return self.rows.take(np.where(places < 0, places + len(self), places))

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_rows": None}


class StreamingDataset(IterableDataset):  # type: ignore[type-arg]
    """The rows of a split as a stream, which holds a few row groups in memory at a time.

    With ``batch_size`` it gives whole batches, the fastest way: ``DataLoader(dataset, batch_size=None)``. Without, it
    gives samples: ``DataLoader(dataset, batch_size=256, collate_fn=collate)``. Never give ``shuffle`` to the loader.

    Ranks and workers share the rows out among themselves, see ``sharing.py``. The rank is asked of ``torch.distributed``
    where it runs. The order is the same for the same seed, epoch and number of ranks and workers.
    """

    def __init__(
        self,
        split: str = "train",
        *,
        batch_size: Optional[int] = None,
        drop_last: bool = False,
        shuffle: bool = False,
        seed: int = 0,
        buffer: int = 65_536,
        even: Optional[str] = None,
        rank: Optional[int] = None,
        ranks: Optional[int] = None,
        columns: Optional[Sequence[str]] = None,
        decode: Optional[Decoders] = None,
        tokenize: Optional[Tokenizer] = None,
        folder: Optional[PathLike] = None,
    ) -> None:
        """
        :param drop_last: leaves out the last batch of each worker where it is not full.
        :param shuffle: row groups in another order in each epoch, and rows mixed among at least ``buffer`` of them.
        :param even: ``"drop"`` or ``"repeat"`` rows so that all ranks have the same number of rows and batches, without
            which gradients that ranks exchange wait for ever; see ``rows_of_rank``. None: each row exactly once.
        :param rank: of ``ranks``; absent: as ``torch.distributed`` says, else the only one.

        The others as in ``TabularDataset``.
        """
        if batch_size is not None and batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}.")
        if even not in (None, "drop", "repeat"):
            raise ValueError(f'even is "drop", "repeat" or None, not {even!r}.')
        if (rank is None) != (ranks is None) or (rank is not None and ranks is not None and not 0 <= rank < ranks):
            raise ValueError(f"rank is one of 0 to ranks - 1, and both are given or neither: not {rank} of {ranks}.")
        if seed < 0:
            raise ValueError(f"seed is at least 0, not {seed}.")
        self.schema = read_schema(folder)
        self.split = self.schema.split(split)
        self.batch_size = batch_size
        self._drop_last = drop_last
        self._shuffle, self._seed, self._buffer = shuffle, seed, max(1, buffer)
        self._even, self._rank, self._ranks = even, rank, ranks
        self._decode, self._tokenize = decode, tokenize
        self._encoding = Encoding(self.schema, columns, folder)
        self._files = Files(self._encoding.reads, self._encoding.dictionaries, folder)
        # Shared with workers that stay from epoch to epoch.
        self._epoch = torch.zeros((), dtype=torch.int64).share_memory_()
        self._state: Optional[Dict[str, Any]] = None
        self._resume: Optional[Dict[str, Any]] = None
        self._passes = torch.zeros(0, dtype=torch.int64)

    def set_epoch(self, epoch: int) -> None:
        """The order of rows is another one in each epoch. Call it before each; as that of ``DistributedSampler``."""
        self._epoch.fill_(epoch)

    def rows(self) -> int:
        """How many rows this rank gets."""
        place = self._place()
        start, stop = rows_of_rank(self.split.rows, place.rank, place.ranks, self._even)
        return stop - start

    def batches(self, workers: int = 0) -> int:
        """How many batches this rank gets from a loader with so many workers."""
        place = replace(self._place(), workers=max(1, workers))
        return sum(self._batches(replace(place, worker=worker)) for worker in range(place.workers))

    def __iter__(self) -> Iterator[Union[Sample, Batch]]:
        place = self._place()
        epoch = int(self._epoch)
        place, given, turn = self._begin(place, epoch)
        self._state = self._state_of(epoch, place, given, turn)
        blocks_read = self._blocks(place, epoch, given)
        if self.batch_size is None:
            for rows, order in blocks_read:
                for sample in _part(rows, order, 0, len(order)).samples(self._decode):
                    given += 1
                    self._state["rows"][place.worker] = given
                    yield sample
        else:
            for part in _batches(blocks_read, self.batch_size, self._drop_last):
                given += part.count
                self._state["rows"][place.worker] = given
                yield part.batch(self._decode, self._tokenize)
        self._state = None

    def state_dict(self, batches: Optional[int] = None, workers: int = 0) -> Dict[str, Any]:
        """Where the stream is, for ``load_state_dict``; between epochs: at the start of one.

        ``StatefulDataLoader`` of torchdata asks for it in its workers, and a loop without workers can. A plain
        ``DataLoader`` with workers reads ahead of the loop, so there the loop counts: ``state_dict(batches=120, workers=2)``
        is the state after the first 120 batches of the epoch since it began or was resumed, for a stream with ``batch_size``.
        """
        if batches is None:
            return copy.deepcopy(self._state) if self._state else self._state_of(int(self._epoch), self._place())
        if self.batch_size is None:
            raise ValueError("Only a stream with a batch_size of its own knows which rows its batches held.")
        place = replace(self._place(), worker=0, workers=max(1, workers))
        epoch = int(self._epoch)
        again = self._resume if self._resume and self._resume["epoch"] == epoch and not (self._passes > 1).any() else None
        before = again["rows"] if again else [0] * place.workers
        left = [self._batches(replace(place, worker=worker), before[worker]) for worker in range(place.workers)]
        taken, turn = rounds(left, batches, again["turn"] if again else 0)
        state = self._state_of(epoch, place, 0, turn)
        for worker, count in enumerate(taken):
            start, stop = rows_of_worker(self.split.rows, replace(place, worker=worker), self._even)
            state["rows"][worker] = min(before[worker] + count * self.batch_size, stop - start)
        return state

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Goes on where the stream was. Call ``set_epoch`` before the epochs after that.

        :raises ValueError: where the stream is another one: its seed, ranks, data …
        """
        own = self._state_of(0, self._place())
        for name in ("split", "split_rows", "shuffle", "seed", "buffer", "even", "rank", "ranks"):
            if state[name] != own[name]:
                raise ValueError(f"The state is of a stream with {name} {state[name]!r}; here it is {own[name]!r}.")
        self.set_epoch(state["epoch"])
        self._resume = copy.deepcopy(state)
        # Shared, so that each worker goes on only once, and begins at the start when it gives the same epoch again.
        self._passes = torch.zeros(len(state["rows"]), dtype=torch.int64).share_memory_()
        self._state = None

    def _begin(self, place: Place, epoch: int) -> Tuple[Place, int, int]:
        """Whose rows this worker gives, how many of them were given already, and whose turn it was.

        A loader asks its first worker first: after a state, that one takes the share of the worker whose turn it was.
        """
        state, workers = self._resume, len(self._passes)
        if state is None or state["epoch"] != epoch:
            return place, 0, 0
        if workers == place.workers:
            self._passes[place.worker] += 1
            if self._passes[place.worker] > 1:
                return place, 0, 0
            share = (place.worker + state["turn"]) % workers
            return replace(place, worker=share), state["rows"][share], state["turn"]
        if self._passes.any():
            return place, 0, 0
        raise ValueError(f"The state is of {workers} workers (without any, the loop is one); here there are {place.workers}.")

    def _state_of(self, epoch: int, place: Place, given: int = 0, turn: int = 0) -> Dict[str, Any]:
        rows = [0] * place.workers
        rows[place.worker] = given
        return {
            "epoch": epoch,
            "rows": rows,  # of the share of each worker
            "turn": turn,  # whose share comes next
            "rank": place.rank,
            "ranks": place.ranks,
            "split": self.split.name,
            "split_rows": self.split.rows,
            "shuffle": self._shuffle,
            "seed": self._seed,
            "buffer": self._buffer,
            "even": self._even,
        }

    def _blocks(self, place: Place, epoch: int, skip: int) -> Iterator[Tuple[Rows, Order]]:
        """What this worker reads, a block of row groups at a time, and the order of its rows, without the first ``skip``."""
        groups = row_groups(self.split)
        if self._shuffle:
            groups = shuffled(groups, self._seed, epoch)
        pieces = stretches(groups, *rows_of_worker(self.split.rows, place, self._even))
        for number, block in enumerate(blocks(pieces, self._buffer if self._shuffle else 1)):
            count = sum(piece.rows for piece in block)
            if skip >= count:
                skip -= count
                continue
            rows = Rows.join([self._read(piece, place) for piece in block])
            order: Order = range(count)
            if self._shuffle:
                order = np.random.default_rng([self._seed, epoch, place.rank, place.worker, number]).permutation(count)
            yield rows, order[skip:]
            skip = 0

    def _read(self, piece: Stretch, place: Place) -> Rows:
        table = self._files.read(piece.file, piece.row_group, use_threads=place.workers == 1)
        return self._encoding.rows(table.slice(piece.start, piece.rows))

    def _place(self) -> Place:
        rank, ranks = self._rank_and_ranks()
        info = get_worker_info()
        return Place(rank, ranks, info.id if info else 0, info.num_workers if info else 1)

    def _rank_and_ranks(self) -> Tuple[int, int]:
        return distributed_place() if self._rank is None or self._ranks is None else (self._rank, self._ranks)

    def _batches(self, place: Place, given: int = 0) -> int:
        start, stop = rows_of_worker(self.split.rows, place, self._even)
        rows, size = max(0, stop - start - given), self.batch_size or 1
        return rows // size if self._drop_last else -(-rows // size)

    def __getstate__(self) -> Dict[str, Any]:
        # Workers that are spawned can't ask torch.distributed; a process that becomes a rank later asks for itself.
        rank, ranks = self._rank_and_ranks()
        return self.__dict__ if ranks == 1 else {**self.__dict__, "_rank": rank, "_ranks": ranks}


def distributed_place() -> Tuple[int, int]:
    """The rank, and how many there are, where ``torch.distributed`` runs; else 0 of 1."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


def _batches(read: Iterator[Tuple[Rows, Order]], size: int, drop_last: bool) -> Iterator[Rows]:
    """Batches of ``size`` rows, across the borders of blocks."""
    parts: List[Rows] = []
    have = 0
    for rows, order in read:
        at = 0
        while at < len(order):
            more = min(size - have, len(order) - at)
            parts.append(_part(rows, order, at, at + more))
            have, at = have + more, at + more
            if have == size:
                yield Rows.join(parts)
                parts, have = [], 0
    if parts and not drop_last:
        yield Rows.join(parts)


def _part(rows: Rows, order: Order, start: int, stop: int) -> Rows:
    if isinstance(order, range):
        return rows.cut(order[start], order[start] + stop - start)
    return rows.take(order[start:stop])
