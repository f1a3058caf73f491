"""The error-correcting code: 32 bits of payload and a CRC-16, coded convolutionally at rate 1/3.

    payload, 32 bits → CRC-16/CCITT (x¹⁶ + x¹² + x⁵ + 1) → 48 bits, taken as a ring
    → constraint length 9, generators 557, 663, 711 (octal), free distance 18 → 144 symbols of ±1

The ring (tail-biting: the last bits stand before the first) saves the tail that would otherwise
bring the encoder to rest. Read back by the Viterbi algorithm (1967) on soft values, three times
around, of which the middle one knows what came before and what comes after.
"""

from __future__ import annotations

import binascii
from functools import lru_cache

import numpy as np
import numpy.typing as npt

PAYLOAD_BITS, CRC_BITS = 32, 16
_GENERATORS = (0o557, 0o663, 0o711)
_MEMORY = 8
_STATES = 1 << _MEMORY
_STEPS = PAYLOAD_BITS + CRC_BITS
SYMBOLS = _STEPS * len(_GENERATORS)
_LAPS = 3


def encode(payload: int) -> npt.NDArray[np.int8]:
    """(144,) int8 of ±1. payload: 0 ≤ payload < 2³²."""
    data = payload.to_bytes(PAYLOAD_BITS // 8, "big")
    bits = np.unpackbits(np.frombuffer(data + _crc(data), np.uint8)).astype(np.intp)
    registers = sum(np.roll(bits, age) << (_MEMORY - age) for age in range(_MEMORY + 1))
    return np.asarray(_sent()[registers].ravel())


def decode(soft: npt.NDArray[np.float64]) -> list[int | None]:
    """The likeliest payload of each row, or None where its CRC fails.

    soft: (rows, 144); positive where the symbol is likelier +1, larger where that is surer.
    """
    rows = len(soft)
    gains = soft.reshape(rows, _STEPS, len(_GENERATORS)) @ _sent().T.astype(np.float64)
    # Into state s lead the registers 2 s and 2 s + 1, from the states of the same numbers, less 256.
    gains = gains.reshape(rows, _STEPS, _STATES, 2)
    metric = np.zeros((rows, _STATES))
    odd = np.empty((_LAPS * _STEPS, rows, _STATES), np.bool_)
    for step in range(_LAPS * _STEPS):
        ways = np.tile(metric.reshape(rows, _STATES // 2, 2), (1, 2, 1)) + gains[:, step % _STEPS]
        odd[step] = ways[..., 1] > ways[..., 0]
        metric = ways.max(axis=2)
    state, row = metric.argmax(axis=1), np.arange(rows)
    bits = np.empty((_LAPS * _STEPS, rows), np.uint8)
    for step in reversed(range(len(bits))):
        bits[step] = state >> (_MEMORY - 1)
        state = (2 * state + odd[step, row, state]) % _STATES
    return [_checked(found.tobytes()) for found in np.packbits(bits[_STEPS : 2 * _STEPS].T, axis=1)]


def _checked(data: bytes) -> int | None:
    payload, crc = data[: PAYLOAD_BITS // 8], data[PAYLOAD_BITS // 8 :]
    return int.from_bytes(payload, "big") if crc == _crc(payload) else None


def _crc(data: bytes) -> bytes:
    return binascii.crc_hqx(data, 0xFFFF).to_bytes(CRC_BITS // 8, "big")


@lru_cache(maxsize=1)
def _sent() -> npt.NDArray[np.int8]:
    """(512, 3) of ±1: what each register sends. A register is a bit (256) and the 8 before it, the
    latest first; its upper 8 bits are the state it leaves behind."""
    registers = np.arange(2 * _STATES)
    tapped = np.stack([registers & generator for generator in _GENERATORS], axis=1)
    ones = np.bitwise_xor.reduce(tapped[..., None] >> np.arange(_MEMORY + 1) & 1, axis=2)
    return np.asarray((1 - 2 * ones).astype(np.int8))
