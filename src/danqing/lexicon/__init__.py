"""Concepts and words in Simplified Chinese, Traditional Chinese and English, with one id for all.

from danqing.lexicon import lexicon
lexicon().name("panda", "zh-Hant")
lexicon().match("三隻紅色的貓")
"""

from danqing.lexicon.book import Lexicon, lexicon
from danqing.lexicon.text import detect_language
from danqing.lexicon.types import TAUGHT_PREFIX, Concept, Match

__all__ = ["TAUGHT_PREFIX", "Concept", "Lexicon", "Match", "detect_language", "lexicon"]
