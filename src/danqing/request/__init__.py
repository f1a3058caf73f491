"""What is asked: `make_prompt` checks a sentence, `read` understands it, `make_request` decides a
batch.

    from danqing.request import make_prompt, make_request, read
    reading = read(make_prompt("三只红色的猫"))
    request = make_request(reading, seeds=(1, 2, 3))
"""

from danqing.lexicon import detect_language
from danqing.request.canonical import canonical_json, request_from_json, request_hash
from danqing.request.describe import all_asked, describe
from danqing.request.make import make_request
from danqing.request.prompt import make_prompt
from danqing.request.reader import read
from danqing.request.template import fill_template
from danqing.request.types import (
    MAX_PICTURES,
    MAX_PROMPT_CHARACTERS,
    MAX_SIDE_PX,
    MAX_SOURCES,
    MAX_THINGS,
    MIN_SIDE_PX,
    Brief,
    Colour,
    Language,
    Prompt,
    Reading,
    Relation,
    Request,
    Source,
    Thing,
    Understood,
)

__all__ = [
    "MAX_PICTURES",
    "MAX_PROMPT_CHARACTERS",
    "MAX_SIDE_PX",
    "MAX_SOURCES",
    "MAX_THINGS",
    "MIN_SIDE_PX",
    "Brief",
    "Colour",
    "Language",
    "Prompt",
    "Reading",
    "Relation",
    "Request",
    "Source",
    "Thing",
    "Understood",
    "all_asked",
    "canonical_json",
    "describe",
    "detect_language",
    "fill_template",
    "make_prompt",
    "make_request",
    "read",
    "request_from_json",
    "request_hash",
]
