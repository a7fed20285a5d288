"""Words and lanes: operations that wrap, never widen, never jump.

Numba promotes uint32 arithmetic to 64 bits, and casting the result back does not always let the
compiler return to 32-bit lanes (measured: 1.2 ns a draw instead of 0.45). These helpers emit the
instruction itself. With the compiler off they are plain Python: the same words bit for bit, the
same floats but for rare last digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import intrinsic as _intrinsic

from fupin.kernels.jit import COMPILED

u32 = np.uint32
u64 = np.uint64
f32 = np.float32

intrinsic: Any = (
    _intrinsic  # numba describes it as a class; what it makes is called like a function
)


def _binary(instruction: str, python: Callable[[int, int], int], word: Any = u32) -> Any:
    if not COMPILED:
        ones = (1 << (8 * np.dtype(word).itemsize)) - 1
        return lambda a, b: word(python(int(a), int(b)) & ones)

    kind: Any = types.uint64 if word is u64 else types.uint32

    @intrinsic
    def operation(typing_context: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, instruction)(*arguments)

        return kind(kind, kind), generate

    return operation


add = _binary("add", lambda a, b: a + b)
mul = _binary("mul", lambda a, b: a * b)
xor = _binary("xor", lambda a, b: a ^ b)
bits_and = _binary("and_", lambda a, b: a & b)
bits_or = _binary("or_", lambda a, b: a | b)
shift_right = _binary("lshr", lambda a, b: a >> b)
shift_left = _binary("shl", lambda a, b: a << b)
add64 = _binary("add", lambda a, b: a + b, u64)
mul64 = _binary("mul", lambda a, b: a * b, u64)

if COMPILED:

    @intrinsic
    def to_float(typing_context: Any, word: Any) -> Any:
        """Signed 32-bit word to the nearest float32 (one instruction a lane)."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.sitofp(arguments[0], context.get_value_type(types.float32))

        return types.float32(types.uint32), generate

    @intrinsic
    def float_of_bits(typing_context: Any, word: Any) -> Any:
        """The float32 whose bits are the word."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], context.get_value_type(types.float32))

        return types.float32(types.uint32), generate

    @intrinsic
    def bits_of_float(typing_context: Any, number: Any) -> Any:
        """The bits of a float32 as a word."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], context.get_value_type(types.uint32))

        return types.uint32(types.float32), generate

    @intrinsic
    def multiply_add(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
        """a * b + c rounded once (IEEE 754 fusedMultiplyAdd: the same bytes on every machine)."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.fma(*arguments)

        return types.float32(types.float32, types.float32, types.float32), generate

    @intrinsic
    def choose(typing_context: Any, condition: Any, yes: Any, no: Any) -> Any:
        """`yes` where the condition holds, else `no`: both are there, nothing jumps.

        Two numbers of one type.
        """

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.select(*arguments)

        word = types.unliteral(yes)
        return word(types.boolean, word, word), generate

else:

    def to_float(word: np.uint32) -> np.float32:
        """Signed 32-bit word to the nearest float32."""
        return f32(u32(word).view(np.int32))

    def float_of_bits(word: np.uint32) -> np.float32:
        """The float32 whose bits are the word."""
        return u32(word).view(f32)

    def bits_of_float(number: np.float32) -> np.uint32:
        """The bits of a float32 as a word."""
        return f32(number).view(u32)

    def multiply_add(a: np.float32, b: np.float32, c: np.float32) -> np.float32:
        """a * b + c: the product is exact in 64 bits, the sum is rounded to 64, then to 32."""
        return f32(float(a) * float(b) + float(c))

    def choose(condition: bool, yes: Any, no: Any) -> Any:
        """`yes` where the condition holds, else `no`."""
        return yes if condition else no
