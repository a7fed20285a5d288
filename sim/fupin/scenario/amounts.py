"""Amounts of money: exact whole yuan from `30.54 million`, `1.27 billion`, `743万` or a number."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal

from fupin.yaml.folding import GroupedNumber, is_grouped, plain_forms, unclear_point
from fupin.yaml.words import shown

MOST_YUAN = 10**13
"""A bound on any amount (three times China's government spending in 2009): a slip of the pen."""

MOST_PRICE = 10**9
"""A bound on the price of a unit: for everybody in the province, losses included, it stays below
2**63 yuan."""

SCALES = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_ALSO = {"萬": "万", "億": "亿", "圆": "元", "圓": "元", "兆": "万亿"}
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_YUAN = r"yuan|元人民币|人民币元|人民币|元|rmb|cny"
_AMOUNT = re.compile(
    rf"(?:(?:¥|rmb|cny|人民币)\s*)?(?P<digits>[0-9]+(?:\.[0-9]+)?)\s*(?P<scale>{_SCALE})?\s*"
    rf"(?:{_YUAN})?",
    re.IGNORECASE,
)
_A_YEAR = re.compile(
    r"\s*(?:/\s*年|每年|/\s*year|(?:a|per|each)\s+year|p\.?a\.?)\s*$", re.IGNORECASE
)
PATTERN = (
    r"^\s*(([¥￥]|RMB|CNY|人民币)\s*)?[0-9０-９]+([.．][0-9０-９]+)?\s*([Tt]housand|[Mm]illion|"
    r"[Bb]illion|[Tt]rillion|[千万十百亿萬億]+)?\s*(yuan|元|RMB|CNY|人民币)?\s*"
    r"(/\s*年|每年|a year|per year)?\s*$"
)
"""The same form for editors."""
_CURRENCY = re.compile(r"^(?:¥|rmb|cny|人民币|yuan)\s*", re.IGNORECASE)
_FOREIGN = re.compile(r"(?:us|hk)?[$€£]|(?:usd|eur|gbp|hkd|jpy)\b", re.IGNORECASE)
_FOREIGN_BEHIND = re.compile(
    r"[0-9a-z]\s*(?:usd|eur|gbp|hkd|dollars?|euros?|[$€£])$|(?:美元|欧元|港元|日元|港币)$",
    re.IGNORECASE,
)
_DIGITS = {sign: k % 10 for k, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
KNOWN_UNITS = "Known are thousand, million, billion, 千, 万, 百万, 亿 (of yuan)."
INSTEAD = "Write whole yuan or an amount such as `30.54 million` or `3054万元`."


class AmountError(ValueError):
    """Not an amount of money; `.instead` says what to write."""

    def __init__(self, message: str, instead: str = INSTEAD) -> None:
        super().__init__(message)
        self.instead = instead


def parse_yuan(value: object, *, a_year: bool = False) -> int:
    """An amount in whole yuan, exactly.

    Args:
        value: an int, a float without a fraction, or text such as `30.54 million` or `743万元`.
        a_year: "a year" may stand behind it, as in `743万元/年`.

    Raises:
        AmountError: anything else, a fraction of a yuan, negative, or above MOST_YUAN.
    """
    if isinstance(value, bool):
        raise AmountError(f"{shown(value)} is a switch, not an amount.")
    if isinstance(value, GroupedNumber):
        raise AmountError(value.unclear, value.instead)
    if isinstance(value, int):
        exact = Decimal(value)
    elif isinstance(value, float):
        exact = Decimal(repr(value))  # the shortest decimal, which is what was written
    elif isinstance(value, str):
        text = folded(value)
        exact = _from_text(_A_YEAR.sub("", text) if a_year else text)
    else:
        raise AmountError(f"{shown(value)} is not an amount of money.")
    if not exact.is_finite():
        raise AmountError(f"{shown(value)} is not a finite amount.")
    if exact < 0:
        raise AmountError(f"{shown(value)} is negative.", "Money cannot be negative; `0` is none.")
    if exact > MOST_YUAN:
        raise AmountError(
            f"{shown(value)} is more than ten trillion yuan.",
            _for_comparison(),
        )
    if exact != exact.to_integral_value():
        raise AmountError(
            f"{shown(value)} is not a whole number of yuan.", "Round it to whole yuan."
        )
    return int(exact)


def folded(text: str) -> str:
    """Full-width forms and traditional characters of an amount as their usual ones."""
    plain = plain_forms(text).strip()
    for other, usual in _ALSO.items():
        plain = plain.replace(other, usual)
    return plain


def _from_text(text: str) -> Decimal:
    if len(text) > 60:
        raise AmountError(f"{shown(text)} is not an amount of money.")
    found = _AMOUNT.fullmatch(text)
    if found is not None:
        scale = found["scale"]
        if scale is None and is_grouped(found["digits"]):
            raise AmountError(*unclear_point(found["digits"]))
        return Decimal(found["digits"]) * (SCALES[scale.lower()] if scale else 1)
    if re.match(r"[-−]\s*[¥0-9.]", text):
        raise AmountError(f"{shown(text)} is negative.", "Money cannot be negative; `0` is none.")
    bare = _CURRENCY.sub("", text)
    if bare != text and bare:
        raise _of_bare(text, bare)
    if _FOREIGN.match(text) or _FOREIGN_BEHIND.search(text):
        example = "Write the amount in yuan, such as `30.54 million` or `3054万元`."
        raise AmountError(f"{shown(text)} is not in yuan.", example)
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3}){2,}", text):
        raise AmountError(f"{shown(text)} has separators in a number.",
                          _written(text.replace(".", "")))  # fmt: skip
    if (spelled := _spelled(text)) is not None:
        raise AmountError(f"{shown(text)} is a number in characters.", _written(spelled))
    if re.match(r"(?:¥\s*)?[0-9]{1,3}([, _'][0-9]{3})+", text):
        plain = re.sub(r"[, _'](?=[0-9])", "", text)[:40]
        raise AmountError(f"{shown(text)} has separators in a number.", _written(plain))
    short = re.fullmatch(
        r"([0-9]+(?:\.[0-9]+)?)\s*(k|t|m|mn|mio|mill|bn|b|thousands|millions|billions)", text,
        re.IGNORECASE,
    )  # fmt: skip
    if short is not None:
        words = {"k": "thousand", "t": "thousand", "b": "billion"}
        word = words.get(short[2][0].lower(), "million")
        raise AmountError(f"{shown(text)} has an unknown unit.", _meant(f"{short[1]} {word}"))
    if _A_YEAR.search(text) and _AMOUNT.fullmatch(bare := _A_YEAR.sub("", text)):
        raise AmountError(f"{shown(text)}: this is not an amount a year.", _written(bare))
    unit = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d_].*)", text)
    if unit is not None:
        near = _near_unit(unit[2])
        raise AmountError(
            f"{shown(text)} has an unknown unit {shown(unit[2])}.",
            _meant(f"{unit[1]} {near}") if near else KNOWN_UNITS,
        )  # fmt: skip
    raise AmountError(f"{shown(text)} is not an amount of money.")


def _of_bare(text: str, bare: str) -> AmountError:
    """The error of an amount behind the sign of its currency."""
    try:
        _from_text(bare)
    except AmountError as error:
        return AmountError(str(error).replace(shown(bare), shown(text), 1), error.instead)
    return AmountError(f"{shown(text)} is not an amount of money.", _written(bare))


def _spelled(text: str) -> str | None:
    """A number in Chinese characters, such as 三千万元, in figures; None where it is none.

    What is too irregular to be sure of is none either.
    """
    plain = re.sub(rf"(?:{_YUAN}|整)+$", "", text).strip()
    found = re.fullmatch(r"([零〇一二两三四五六七八九十百千]+)(万|亿)?", plain)
    if found is None:
        return None
    total = digit = 0
    for sign in found[1]:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total, digit = total + (digit or 1) * _TENS[sign], 0
    number = total + digit
    regular = _in_characters(number).replace("两", "二") == found[1].replace("两", "二")
    return f"{number}{found[2] or ''}元" if regular and number else None


def _in_characters(number: int) -> str:
    """A number below ten thousand in characters."""
    text, left, gap = "", number, False
    for sign, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, left = divmod(left, size)
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + sign
        gap = not digit and bool(text)
    return text.removeprefix("一") if 10 <= number < 20 else text


def _meant(text: str) -> str:
    """The question whether this amount was meant, if it is one that can be had."""
    try:
        parse_yuan(text)
    except AmountError as error:
        return error.instead or KNOWN_UNITS
    return f"Did you mean `{text}`?"


def _written(text: str) -> str:
    """Advice to write an amount so, if it is one."""
    try:
        parse_yuan(text)
    except AmountError:
        return INSTEAD
    return f"Write `{text}`."


def _near_unit(word: str) -> str | None:
    """The English unit that a word is a slip of; Chinese ones are too short to guess."""
    words = [scale for scale in SCALES if scale.isascii()]
    near = difflib.get_close_matches(word.lower(), words, 1, 0.7)
    return near[0] if near else None


def format_yuan(yuan: int) -> str:
    """An amount for people, exact: `387.46 million yuan`, `12,345 yuan`."""
    if abs(yuan) < 10**6 or yuan % 1000:
        return f"{yuan:,} yuan"
    millions = Decimal(yuan) / 10**6
    return f"{millions.normalize():,f} million yuan"


def _for_comparison() -> str:
    from fupin.parameters.document import figure_of
    from fupin.parameters.province import province

    fiscal = figure_of("money/fiscal").value
    return f"The fiscal funds of {province().document_year} were {fiscal / 1e6:g} million."
