"""Columns that other tools were asked about; written to cases.json beside their answers, which tests read too.

Run `python driftCases.py FOLDER` to make them; the scripts of the tools read them from where this stands.
"""

import json
import math
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent.parent / "fixtures" / "drift"


def cases():
    """None is a missing value, texts `inf` and `-inf` among numbers are infinite."""
    read = json.loads((FOLDER / "cases.json").read_text())
    return {name: {**case, "baseline": values(case, "baseline"), "current": values(case, "current")} for name, case in read.items()}


def values(case, side):
    if case["kind"] == "categories":
        return case[side]
    return [float(x) if isinstance(x, str) else x for x in case[side]]


def made():
    state = 7

    def random():
        nonlocal state
        state = (state * 1664525 + 1013904223) % 2**32
        return state / 2**32

    def normal(decimals=3):
        return round(sum(random() for _ in range(12)) - 6, decimals)

    def skewed():
        return round(math.exp(normal()), 3)

    def letter(letters):
        return letters[int(random() ** 2 * len(letters))]

    numbers = lambda baseline, current, **rest: {"kind": "numbers", "baseline": baseline, "current": current, **rest}
    texts = lambda baseline, current: {"kind": "categories", "baseline": baseline, "current": current}
    return {
        "few rows": numbers([normal() for _ in range(200)], [normal() + 0.5 for _ in range(150)]),
        "many rows": numbers([normal() for _ in range(1500)], [round(normal() * 1.3, 3) for _ in range(900)]),
        "skewed": numbers([skewed() for _ in range(1200)], [round(skewed() * 1.2, 3) for _ in range(700)]),
        "values beyond the baseline": numbers([normal() for _ in range(400)], [round(3 * normal() + 2, 3) for _ in range(300)]),
        "missing and infinite values": numbers(
            [None if i % 11 == 0 else normal() for i in range(500)] + ["inf", "-inf"],
            [None if i % 3 == 0 else normal() for i in range(400)] + ["inf"],
        ),
        "whole numbers in a narrow range": numbers(
            [int(random() * 25) for _ in range(5000)], [int(random() * 25 + 0.6) for _ in range(5000)], integer=True
        ),
        "twelve different numbers": numbers(
            [int(random() * 12) for _ in range(600)], [int(random() * 12 + 0.3) for _ in range(500)], integer=True
        ),
        "four different numbers": numbers(
            [int(random() * 4) for _ in range(1100)], [int(random() * 4 + 0.2) for _ in range(500)], integer=True
        ),
        "no overlap": numbers([normal() for _ in range(300)], [normal() + 100 for _ in range(300)]),
        "hardly any spread": numbers([round(1 + normal() * 1e-5, 9) for _ in range(1100)], [round(1.00001 + normal() * 1e-5, 9) for _ in range(300)]),
        "ten thousand rows": numbers([normal(2) for _ in range(10_000)], [round(normal(2) * 1.4 + 0.1, 2) for _ in range(2000)]),
        "categories, few rows": texts([letter("abcdef") for _ in range(500)], [letter("fedcba") for _ in range(400)]),
        "categories, many rows": texts([letter("abcdef") for _ in range(1500)], [letter("abcdef") for _ in range(800)]),
        "two categories": texts(["yes" if random() < 0.3 else "no" for _ in range(400)], ["yes" if random() < 0.4 else "no" for _ in range(300)]),
        "a new category": texts([letter("abc") for _ in range(300)], [letter("abcd") for _ in range(300)]),
        "a rare category": texts(["rare"] + [letter("ab") for _ in range(19_999)], [letter("abc") for _ in range(500)]),
        "nothing in common": texts(["a", "b"] * 100, ["c", "d"] * 100),
        "missing categories": texts(
            [None if i % 5 == 0 else letter("abcd") for i in range(600)], [None if i % 2 == 0 else letter("abcd") for i in range(600)]
        ),
    }


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1]) / "cases.json"
    lines = [f"  {json.dumps(name)}: {json.dumps(case)}" for name, case in made().items()]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
