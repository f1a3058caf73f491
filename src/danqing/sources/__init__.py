"""The stage that takes in pictures from outside: bounded reading, a look at their labels, the
declared right to use them → Upload; and fitting a source to what is asked.

Only this package builds an Upload or a Mask; `store.keep_upload` takes nothing else.
"""

from danqing.sources.fitting import fit, fit_mask, keep_outside, size_for
from danqing.sources.ground import Ground, cut_out, find_ground, put_on
from danqing.sources.ingest import DECLARATION, Upload, check_declared, ingest
from danqing.sources.masks import Mask, read_mask, unseal_mask
from danqing.sources.reading import MAX_FILE_BYTES, MAX_PIXELS, Opened, open_picture
from danqing.sources.sameness import same_picture

__all__ = [
    "DECLARATION",
    "MAX_FILE_BYTES",
    "MAX_PIXELS",
    "Ground",
    "Mask",
    "Opened",
    "Upload",
    "check_declared",
    "cut_out",
    "find_ground",
    "fit",
    "fit_mask",
    "ingest",
    "keep_outside",
    "open_picture",
    "put_on",
    "read_mask",
    "same_picture",
    "size_for",
    "unseal_mask",
]
