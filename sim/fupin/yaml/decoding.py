"""Bytes of a text file as text: UTF-8, UTF-16 with its mark, or the Chinese GB18030."""

from __future__ import annotations

import codecs


def text_of(raw: bytes) -> str | None:
    """The text, without a byte order mark; None where it is in no encoding that is known for sure.

    GB18030 (GBK, GB2312) is taken where the bytes decode and every character that is not ASCII is
    one of the common ones of GB 2312: Latin-1 and damaged UTF-8 hardly ever look like that.
    """
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return _decoded(raw, name)
    text = _decoded(raw, "utf-8-sig")
    if text is not None:
        return text
    text = _decoded(raw, "gb18030")
    if text is None:
        return None
    other = "".join(c for c in text if not c.isascii())
    return text if _encodes(other, "gb2312") else None


def _decoded(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return None


def _encodes(text: str, name: str) -> bool:
    try:
        text.encode(name)
    except UnicodeEncodeError:
        return False
    return True
