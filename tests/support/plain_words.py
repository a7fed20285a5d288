"""Words of chance once more, in Python's integers: what the keyed streams must say."""

from __future__ import annotations

import hashlib

M32, M64 = 2**32 - 1, 2**64 - 1


def mix64(z: int) -> int:
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M64
    return z ^ z >> 31


def mix32(x: int) -> int:
    x = (x ^ x >> 16) * 0x7FEB352D & M32
    x = (x ^ x >> 15) * 0x846CA68B & M32
    return x ^ x >> 16


def plain_word(seed: int, name: str, village: int, number: int, month: int, slot: int) -> int:
    """The 32 bits of one household in one month."""
    digest = hashlib.blake2b(f"{name}\0{seed}".encode(), digest_size=8).digest()
    key = int.from_bytes(digest, "little")
    when = mix64(key + month * 0xD6E8FEB86659FD93 & M64)
    when = mix64(when + slot * 0xA0761D6478BD642F & M64)
    local = mix64(when + mix64(village * 0x9E3779B97F4A7C15 & M64) & M64)
    return mix32(mix32(number ^ local & M32) + (local >> 32) & M32)
