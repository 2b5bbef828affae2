"""Who reads which rows: a split's row groups, in the order of an epoch, shared out among ranks and their workers.

The rows of all row groups, one after the other, are a line. Each rank gets one stretch of it, and each worker of a rank one
stretch of that, so that every row belongs to exactly one worker, all get the same number of rows give or take one,
and at most two row groups of a worker are read by its neighbours too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Iterator, List, Optional, Tuple, Sequence

import numpy as np

from .schema import File, Split


@dataclass(frozen=True)
class Stretch:
    """Rows from ``start`` up to ``stop`` of one row group."""

    file: File
    row_group: int
    start: int
    stop: int

    @property
    def rows(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Place:
    """A worker (of ``workers``) of a rank (of ``ranks``). Without workers a rank is its own only one."""

    rank: int = 0
    ranks: int = 1
    worker: int = 0
    workers: int = 1


def row_groups(split: Split) -> List[Stretch]:
    """All rows of the split, in their order."""
    return [
        Stretch(file, number, 0, rows)
        for file in split.files
        for number, rows in enumerate(file.row_groups)
        if rows > 0
    ]


def shuffled(groups: Sequence[Stretch], seed: int, epoch: int) -> List[Stretch]:
    """The row groups in the order of an epoch, the same for all ranks and workers."""
    return [groups[place] for place in np.random.default_rng([seed, epoch]).permutation(len(groups))]


def rows_of_rank(rows: int, rank: int, ranks: int, even: Optional[str] = None) -> Tuple[int, int]:
    """Where the stretch of a rank starts and stops. Past ``rows`` it goes on at the start.

    ``even``: None gives each row to one rank, so that ranks may differ by one row; ``"drop"`` leaves out up to ``ranks - 1``
    rows at the end, ``"repeat"`` gives as many of the first rows a second time, and all ranks have the same number.
    """
    if even is None:
        return rows * rank // ranks, rows * (rank + 1) // ranks
    each = rows // ranks if even == "drop" else -(-rows // ranks)
    return each * rank, each * (rank + 1)


def rows_of_worker(rows: int, place: Place, even: Optional[str] = None) -> Tuple[int, int]:
    """Where the stretch of a worker starts and stops."""
    start, stop = rows_of_rank(rows, place.rank, place.ranks, even)
    count = stop - start
    return start + count * place.worker // place.workers, start + count * (place.worker + 1) // place.workers


def stretches(groups: Sequence[Stretch], start: int, stop: int) -> Iterator[Stretch]:
    """The rows from ``start`` up to ``stop`` of the line of row groups, which begins again where it ends."""
    rows = sum(group.rows for group in groups)
    while start < stop:
        at = start // rows * rows
        for group in groups:
            first, last = max(start, at), min(stop, at + group.rows)
            if first < last:
                yield Stretch(group.file, group.row_group, group.start + first - at, group.start + last - at)
            at += group.rows
        start = at


def blocks(pieces: Iterable[Stretch], rows: int) -> Iterator[List[Stretch]]:
    """Consecutive pieces, taken together until they have at least so many rows."""
    block: List[Stretch] = []
    have = 0
    for piece in pieces:
        block.append(piece)
        have += piece.rows
        if have >= rows:
            yield block
            block, have = [], 0
    if block:
        yield block


def rounds(left: Sequence[int], batches: int, turn: int = 0) -> Tuple[List[int], int]:
    """How many batches of each share a loader has taken after ``batches``, and whose turn it is then.

    It takes one of each share in turn, beginning with that of ``turn``, and passes over those that have none left.
    """
    taken = [0] * len(left)
    while batches > 0 and any(count < most for count, most in zip(taken, left)):
        if taken[turn] < left[turn]:
            taken[turn] += 1
            batches -= 1
        turn = (turn + 1) % len(left)
    return taken, turn
