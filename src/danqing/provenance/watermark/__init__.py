"""An invisible mark of 32 bits in the pixels themselves, for when all metadata is gone.

    key      the secret it is spread with          code     CRC and convolutional code
    tile     the pattern that repeats              embed    pixels → marked pixels
    comb     at what scale a picture shows tiles   detect   pixels → payload, or nothing

Spread spectrum after Cox, Kilian, Leighton and Shamoon (1997); a periodic tile whose comb in the
spectrum gives the scale, after Kalker (1999) and Deguillaume, Voloshynovskiy and Pun (1999). What it
withstands was measured: docs/watermark.md. It is no protection against someone who sets out to remove it.
"""

from danqing.provenance.watermark.detect import Watermark, detect
from danqing.provenance.watermark.embed import embed
from danqing.provenance.watermark.key import WatermarkKey

__all__ = ["Watermark", "WatermarkKey", "detect", "embed"]
