"""Trains a small model on the data, in less than a minute on a CPU: python examples/train.py

A starting point to change: it uses every feature that it knows what to do with, and prints the loss of each epoch and the
accuracy (classes) or the root mean squared error (numbers) on rows that it was not trained on.
"""

import argparse
import importlib
import sys
import time
import zlib
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

# The package itself, whether it is installed or not. In your own code: from NAME import loader, ...
SOURCE = Path(__file__).resolve().parents[1] / "src"
sys.path.insert(0, str(SOURCE))
data = importlib.import_module(next(path.parent.name for path in SOURCE.glob("*/py.typed")))

# Kinds of features that the model below takes as they are.
USED = ("number", "time", "datetime", "category", "text", "numbers")
WORDS = 4096
PIXELS = 16


def hashed_words(texts):
    """Texts as numbers of their words: a tokenizer without a vocabulary."""
    numbers = [[zlib.crc32(word.encode()) % WORDS for word in text.lower().split()] for text in texts]
    lengths = torch.tensor([0] + [len(each) for each in numbers[:-1]], dtype=torch.int64)
    return {"words": torch.tensor(sum(numbers, []), dtype=torch.int64), "starts": lengths.cumsum(0)[: len(texts)]}


def small_image(path):
    """The image as a few numbers between 0 and 1."""
    pixels = data.read_image(path).float().unsqueeze(0) / 255
    return functional.interpolate(pixels, (PIXELS, PIXELS), mode="area").flatten()


def squashed(numbers):
    """Numbers of any size brought close to 0: lists have no statistics to scale them by."""
    return numbers.sign() * numbers.abs().log1p()


class Model(nn.Module):
    """Two layers over all features: numbers and times standardised, embeddings of categories, means of embedded words."""

    def __init__(self, schema, encoders, outputs, images, width=64):
        super().__init__()
        self.scales = {part: data.standardizer(part) for part in ("numbers", "datetimes")}
        self.embeddings = nn.ModuleList(
            nn.Embedding(encoders.categories[column.name].size, 8) for column in schema.categories
        )
        self.texts = [column.name for column in schema.features if column.kind == "text"]
        self.words = nn.ModuleList(nn.EmbeddingBag(WORDS, 16, mode="mean") for _ in self.texts)
        self.lists = {column.name: column.length for column in schema.features if column.kind == "numbers"}
        self.images = images
        inputs = (
            2 * len(schema.numbers)
            + 2 * len(schema.datetimes)
            + 8 * len(schema.categories)
            + 16 * len(self.texts)
            + sum(2 if length is None else length for length in self.lists.values())
            + 3 * PIXELS * PIXELS * len(images)
        )
        # A model without any feature learns what is most frequent.
        self.layers = nn.Sequential(nn.Linear(max(inputs, 1), width), nn.ReLU(), nn.Linear(width, outputs))

    def forward(self, batch):
        inputs = []
        for part, scale in self.scales.items():
            if part in batch:
                mask = batch.get(f"{part}_mask", torch.ones_like(batch[part], dtype=torch.bool))
                inputs += [scale.transform(batch[part], mask), mask.float()]
        inputs += [embed(batch["categories"][:, place]) for place, embed in enumerate(self.embeddings)]
        for column, embed in zip(self.texts, self.words):
            inputs.append(embed(batch["texts"][column]["words"], batch["texts"][column]["starts"]))
        for column, length in self.lists.items():
            values, lengths = squashed(batch["lists"][column]), batch["lists_length"][column].unsqueeze(1)
            if length is None:
                inputs += [values.sum(1, keepdim=True) / lengths.clamp(min=1), squashed(lengths.float())]
            else:  # lists that are missing are empty
                inputs.append(functional.pad(values, (0, length - values.shape[1])))
        for column in self.images:
            nothing = torch.zeros(3 * PIXELS * PIXELS)
            inputs.append(torch.stack([nothing if image is None else image for image in batch["images"][column]]))
        rows = len(batch["target"])
        return self.layers(torch.cat(inputs, 1) if inputs else torch.zeros(rows, 1))


def readable_images(schema):
    """Names of the columns with images; none where Pillow is not installed, and nothing to train on is the end."""
    images = [column.name for column in schema.features if column.kind == "image"]
    if not images:
        return []
    try:
        import PIL  # noqa: F401

        return images
    except ImportError:
        how = 'Images are read with Pillow, which is not installed: pip install pillow (or the package with ".[images]").'
        known = [column for column in schema.features if column.kind in USED]
        if not known:
            sys.exit(f"There is nothing to train on but images. {how}")
        print(f"Trained without the images. {how}", file=sys.stderr)
        return []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=40, help="stop training after so long")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)

    schema, encoders = data.read_schema(), data.read_encoders()
    sizes = {split.name: split.rows for split in schema.splits}
    training = "train" if "train" in sizes else schema.splits[0].name
    if sizes[training] == 0:
        sys.exit(f"There is no row to train on: the split {training} is empty.")
    held_out = next((name for name in ("validation", "test") if sizes.get(name)), training)

    images = readable_images(schema)
    options = {
        "batch_size": arguments.batch_size,
        "workers": arguments.workers,
        "tokenize": hashed_words,
        "decode": {column: small_image for column in images},
    }
    batches = data.loader(training, shuffle=True, seed=arguments.seed, **options)

    classes = encoders.classes
    if classes is None:
        number = next(each for each in data.document("stats")["columns"] if each["column"] == schema.target.name)["number"]
        mean, deviation = number["mean"] or 0.0, number["deviation"] or 1.0
    model = Model(schema, encoders, classes.size if classes else 1, images)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

    def losses(batch):
        """The loss of each row that has a target, and how much it counts."""
        target, outputs = batch["target"], model(batch)
        if classes:
            # For rare classes to count as much as frequent ones: cross_entropy(..., weight=classes.weights)
            there = target != data.IGNORED
            each = functional.cross_entropy(outputs[there], target[there], reduction="none")
        else:
            there = ~target.isnan()
            each = (outputs[there, 0] - (target[there] - mean) / deviation) ** 2
        return each, batch["weight"][there] if "weight" in batch else torch.ones_like(each)

    def metric():
        """The accuracy, or the root mean squared error in the target's own unit."""
        good, squares, rows = 0, 0.0, 0
        with torch.no_grad():
            for batch in data.loader(held_out, shuffle=False, **options):
                target, outputs = batch["target"], model(batch)
                if classes:
                    good += int((outputs.argmax(1) == target).sum())
                    rows += int((target != data.IGNORED).sum())
                else:
                    there = ~target.isnan()
                    squares += float(((outputs[there, 0] * deviation + mean - target[there]).double() ** 2).sum())
                    rows += int(there.sum())
        if rows == 0:
            return "no row with a target"
        return f"accuracy {good / rows:.4f}" if classes else f"RMSE {(squares / rows) ** 0.5:.6g}"

    began = time.monotonic()
    for epoch in range(arguments.epochs):
        data.set_epoch(batches, epoch)
        total, weight = 0.0, 0.0
        for batch in batches:
            each, weights = losses(batch)
            if weights.sum() <= 0:
                continue
            loss = (each * weights).sum() / weights.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, weight = total + float((each * weights).sum()), weight + float(weights.sum())
            if time.monotonic() - began > arguments.seconds:
                break
        print(f"epoch {epoch + 1}: loss {total / max(weight, 1e-12):.6f}, {held_out} {metric()}", flush=True)
        if time.monotonic() - began > arguments.seconds:
            break


if __name__ == "__main__":
    main()
