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
from danqing.provenance.label import Labeller
from danqing.provenance.types import AigcLabel, Labelled, LabelledSheet, Parent
from danqing.provenance.verify import verify

__all__ = [
    "Action",
    "AigcLabel",
    "Credential",
    "Findings",
    "FoundLabel",
    "Ingredient",
    "Labelled",
    "LabelledSheet",
    "Labeller",
    "Parent",
    "Remark",
    "SigningKeys",
    "pixels_sha256",
    "provider_code_valid",
    "verify",
]
