"""Is what makes a result again what made it, and what was installed?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path
from typing import Any

from fupin.store.versions import NUMERIC, PACKAGES, package_versions, sources_fingerprint
from fupin.verify.findings import Findings

_BUFFER = 1 << 20


def same_versions(record: Mapping[str, Any]) -> bool:
    """Whether this fupin, with these packages, wrote the record."""
    hashes = record.get("hashes", {})
    if hashes.get("sources") != sources_fingerprint():
        return False
    recorded = record.get("versions", {})
    return all(recorded.get(name) == now for name, now in package_versions().items())


def note_versions(found: Findings, record: Mapping[str, Any]) -> None:
    """Say where the result was made by something else than is installed here."""
    if record.get("hashes", {}).get("sources") != sources_fingerprint():
        found.looked_at.append("the result was made by another version of fupin: reruns may differ")
    recorded = record.get("versions", {})
    others = [
        f"{name} {recorded[name]} (here {now})"
        for name, now in package_versions().items()
        if name in recorded and recorded[name] != now
    ]
    if others:
        found.looked_at.append(f"it was made with {', '.join(others)}")


def check_packages(found: Findings) -> None:
    """Compare what is installed with the hashes that it was installed with.

    Of fupin in a checkout there are none: its sources are compared with the hash in the record.
    """
    wrong, unknown, count = [], [], 0
    for package in sorted({"fupin", *NUMERIC} & set(PACKAGES)):
        try:
            files = distribution(package).files or []
        except PackageNotFoundError:
            files = []
        hashed = [f for f in files if f.hash is not None and f.suffix != ".pyc"]
        # The entry of a checkout holds its address alone.
        if not any(f.suffix == ".py" and not f.name.startswith("_") for f in hashed):
            unknown.append(package)
        count += len(hashed)
        wrong += [f"{f} was altered since it was installed" for f in hashed if not _whole(f)]
    found.add(f"{count:,} installed files", wrong)
    if unknown:
        found.not_checked.append(
            f"the files of {', '.join(unknown)}, which were installed without hashes"
        )


def _whole(file: PackagePath) -> bool:
    assert file.hash is not None
    try:
        digest = hashlib.new(file.hash.mode)
        with Path(str(file.locate())).open("rb") as stream:
            while part := stream.read(_BUFFER):
                digest.update(part)
    except (OSError, ValueError):
        return False
    text = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
    return text == file.hash.value.rstrip("=")
