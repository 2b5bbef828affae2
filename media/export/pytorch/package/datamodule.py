"""The splits for Lightning, which is asked for only when this module is imported."""

from __future__ import annotations

from typing import Any

try:
    from lightning.pytorch import LightningDataModule
except ImportError:
    try:
        from pytorch_lightning import LightningDataModule
    except ImportError as error:
        raise ImportError("This module needs Lightning, which is not installed: pip install lightning") from error

from .loading import loader


class TabularDataModule(LightningDataModule):  # type: ignore[misc]
    """``Trainer(use_distributed_sampler=False).fit(model, TabularDataModule(batch_size=256))``: ranks share the rows already."""

    def __init__(self, **options: Any) -> None:
        """``options``: of ``loader``."""
        super().__init__()
        self.options = options

    def train_dataloader(self) -> Any:
        return loader("train", **self.options)

    def val_dataloader(self) -> Any:
        return loader("validation", **self.options)

    def test_dataloader(self) -> Any:
        return loader("test", **self.options)
