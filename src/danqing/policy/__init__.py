"""May they, and may this leave: rule packs, the decision on a request, the check of a picture.

    policy = Policy(shipped_packs(), OpenNsfw(), clock)
    verdict = policy.decide(identified)          # Permit | Held | Refusal
    outcome = policy.clear(permit, rendered)     # Cleared | Withheld

Words can be found in disguise (docs/rule-packs.md says which); new wordings can't. No political
words are shipped: an operator who must have them gives a file to `load_pack`.
"""

from danqing.policy.cases import Case, Cases
from danqing.policy.docket import Docket
from danqing.policy.names import load_names, shipped_names
from danqing.policy.packs import load_pack, shipped_packs
from danqing.policy.pictures import OpenNsfw, PictureCheck
from danqing.policy.policy import Policy
from danqing.policy.reading import TextReader, installed_reader
from danqing.policy.risks import RISKS
from danqing.policy.rules import ConductRule, Example, PictureRule, Rule, RulePack
from danqing.policy.rulings import Pending, Ruling
from danqing.policy.shelf import Shelf
from danqing.policy.trial import Trial, test_pack
from danqing.policy.types import (
    Cleared,
    Held,
    PackVersion,
    Permit,
    Reason,
    Refusal,
    Withheld,
)

__all__ = [
    "RISKS",
    "Case",
    "Cases",
    "Cleared",
    "ConductRule",
    "Docket",
    "Example",
    "Held",
    "OpenNsfw",
    "PackVersion",
    "Pending",
    "Permit",
    "PictureCheck",
    "PictureRule",
    "Policy",
    "Reason",
    "Refusal",
    "Rule",
    "RulePack",
    "Ruling",
    "Shelf",
    "TextReader",
    "Trial",
    "Withheld",
    "installed_reader",
    "load_names",
    "load_pack",
    "shipped_names",
    "shipped_packs",
    "test_pack",
]
