"""sRGB and CIELAB, both ways (numpy only).

sRGB → XYZ (D65) → L*a*b* as in IEC 61966-2-1 and CIE 15:2004.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]], np.float32,
)  # fmt: skip
_FROM_XYZ = np.linalg.inv(_TO_XYZ)
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883], np.float32)
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27  # CIE 15:2004, 8.2.1.1


def to_lab(rgb: npt.NDArray[np.uint8]) -> Array:
    """(..., 3) uint8 sRGB → (..., 3) float32 L* in [0, 100], a*, b*."""
    unit = rgb.astype(np.float32) / 255
    linear = np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE_D65
    f = np.where(xyz > _EPSILON, np.cbrt(xyz), (_KAPPA * xyz + 16) / 116)
    lab = np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1
    )
    return lab.astype(np.float32)


def to_rgb(lab: Array) -> npt.NDArray[np.uint8]:
    """(..., 3) L*a*b* → (..., 3) uint8 sRGB, what lies outside its gamut clipped."""
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], -1)
    xyz = np.where(f**3 > _EPSILON, f**3, (116 * f - 16) / _KAPPA) * _WHITE_D65
    linear = np.clip(xyz @ _FROM_XYZ.T, 0, 1)
    unit = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    rgb: npt.NDArray[np.uint8] = (unit * 255 + 0.5).astype(np.uint8)
    return rgb
