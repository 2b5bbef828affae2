"""Holds the files of the package against their checksums: ``python -m PACKAGE.verify``."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import List, Optional

from .documents import PathLike, document, in_folder
from .schema import read_schema


def sha256(path: Path) -> str:
    """The checksum of a file, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def problem(path: Path, name: str, bytes: int, expected: str) -> Optional[str]:
    """What is wrong with a file; None: nothing."""
    if not path.is_file():
        return f"{name} is missing."
    if path.stat().st_size != bytes:
        return f"{name} has {path.stat().st_size} bytes instead of {bytes}."
    return None if sha256(path) == expected else f"{name} is not what was exported: its SHA-256 differs."


def problems(folder: Optional[PathLike] = None) -> List[str]:
    """What is wrong with the data, the code and the metadata; an empty list: nothing."""
    root = in_folder(folder)
    manifest = document("manifest", folder)
    found: List[str] = []
    lines: List[str] = []
    data = [(file.path, file.bytes, file.sha256) for split in read_schema(folder).splits for file in split.files]
    others = [(file["path"], file["bytes"], file["sha256"]) for file in manifest["files"]]
    for path, bytes, expected in sorted(data + others):
        lines.append(f"{expected}  {path}\n")
        wrong = problem(placed(root, path), path, bytes, expected)
        if wrong:
            found.append(wrong)
    fingerprint = hashlib.sha256("".join(lines).encode()).hexdigest()
    if fingerprint != manifest["fingerprint"]:
        found.append("The checksums themselves were changed: together they do not have the fingerprint of the package.")
    return found


def placed(root: Path, path: str) -> Path:
    """Where a file of the package lies. The code of an installed package lies in the folder of its metadata."""
    code = Path(__file__).absolute().parent
    parts = Path(path).parts
    return code.joinpath(*parts[2:]) if parts[0] == "src" and root == code else root / path


def main() -> int:
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    if not found:
        print("All files are as they were exported.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
