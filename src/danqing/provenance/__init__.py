"""The stage that labels what leaves and reads what comes: Cleared → Labelled.

Only this package builds a Labelled. The heavy parts (c2pa, cryptography, Pillow) load on first use.
"""

from danqing.provenance.aigc import provider_code_valid
from danqing.provenance.encode import pixels_sha256
from danqing.provenance.findings import (
    Action,
    Credential,
    Findings,
    FoundLabel,
    Ingredient,
    Remark,
)
from danqing.provenance.keys import SigningKeys
from danqing.provenance.label import UNMARKED, Labeller
from danqing.provenance.outside import FileLabeller
from danqing.provenance.propagation import Classified, Verdict, classify
from danqing.provenance.text import mark_text
from danqing.provenance.types import (
    AigcLabel,
    Fingerprint,
    Labelled,
    LabelledFile,
    LabelledPreview,
    LabelledSheet,
    Parent,
)
from danqing.provenance.verify import verify
from danqing.provenance.watermark import WatermarkKey

__all__ = [
    "UNMARKED",
    "Action",
    "AigcLabel",
    "Classified",
    "Credential",
    "FileLabeller",
    "Findings",
    "Fingerprint",
    "FoundLabel",
    "Ingredient",
    "Labelled",
    "LabelledFile",
    "LabelledPreview",
    "LabelledSheet",
    "Labeller",
    "Parent",
    "Remark",
    "SigningKeys",
    "Verdict",
    "WatermarkKey",
    "classify",
    "mark_text",
    "pixels_sha256",
    "provider_code_valid",
    "verify",
]
