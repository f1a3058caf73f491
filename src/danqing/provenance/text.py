"""Texts: the sentence people read (GB 45438-2025, 5.1) and, in Markdown, the label in the front
matter (TC260-PG-20258A). Plain text has nowhere to keep a label that nobody sees.

    ---
    AIGC:
      Label: '1'
      ContentProducer: 'Danqing'
    ---
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import FIELDS
from danqing.provenance.blocks import MAX_BLOCK_BYTES, Block

PLAIN, MARKDOWN = "text/plain", "text/markdown"
TEXT_MARK = "AI生成 · AI-generated"
"""Both elements clause 5.1 asks for, then the same for those who read no Chinese."""
Place = Literal["prefix", "suffix"]
_BOM = "\ufeff"
_SNIFFED_BYTES = 4096
_MAX_FRONT_MATTER = 16_384
_MAX_MARK_LINE = 200
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)(?<=\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OURS = re.compile(r"^AIGC[ \t]*:[ \t]*(.*)\n?((?:[ \t]+.*(?:\n|\Z))*)", re.MULTILINE)
_PAIR = re.compile(r"^[ \t]+([A-Za-z0-9]{1,40})[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
_FIELD = re.compile(rf"^({'|'.join(FIELDS)})[ \t]*:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
_AI = re.compile(r"人工智能|(?<![A-Za-z])AI(?![A-Za-z])")
_GENERATION = re.compile(r"生成|合成")


def is_text(data: bytes) -> bool:
    """Whether these bytes begin as UTF-8 text without control characters."""
    head = data[:_SNIFFED_BYTES]
    try:
        shown = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) <= _SNIFFED_BYTES or error.start < len(head) - 3:
            return False
        shown = head[: error.start].decode("utf-8")
    return bool(shown) and all(c.isprintable() or c in "\t\r\n\f\ufeff\u3000\xa0" for c in shown)


def media_type(data: bytes) -> str:
    """Markdown where it begins with front matter: by bytes alone, other Markdown is plain text."""
    return MARKDOWN if _front_matter(_decoded(data[:_MAX_FRONT_MATTER])) else PLAIN


def blocks(data: bytes) -> Iterator[Block]:
    """The label in the front matter, as JSON; also one whose fields stand there by themselves."""
    found = _front_matter(_decoded(data[:_MAX_FRONT_MATTER]))
    if found is None:
        return
    fields = {m[1]: _unquoted(m[2]) for m in _FIELD.finditer(found[1])}
    if "Label" in fields and ("AIGC" in fields["Label"] or len(fields) > 1):
        place = "markdown:front matter:Label"
        yield Block("text", place, json.dumps(fields).encode(), "AIGC")
    for ours in _OURS.finditer(found[1]):
        pairs = {m[1]: _unquoted(m[2]) for m in _PAIR.finditer(ours[2])}
        value = json.dumps(pairs) if pairs else _unquoted(ours[1].strip())
        place = "markdown:front matter:AIGC"
        yield Block("text", place, value.encode()[:MAX_BLOCK_BYTES], "AIGC", proper=True)


def mark_text(text: str, *, place: Place = "prefix") -> str:
    """The text with the sentence that AI generated it, as a paragraph of its own at its start or
    end; as it is when it has one. For chat and copy, where there is no file."""
    if marks_in(text):
        return text
    line = "\r\n" if "\r\n" in text else "\n"
    if place == "prefix":
        return f"{TEXT_MARK}{line}{line}{text}"
    return f"{text.rstrip()}{line}{line}{TEXT_MARK}{line}"


def marks_in(text: str) -> tuple[Place, ...]:
    """Where the first or the last line says that AI generated this: an AI element and a generation
    element, whatever the width of their characters."""
    body = _body(text)
    lines = [line for line in (body[:4096] + "\n" + body[-4096:]).splitlines() if line.strip()]
    ends: tuple[tuple[Place, str], ...] = (
        (("prefix", lines[0]), ("suffix", lines[-1])) if lines else ()
    )
    found = [place for place, line in ends if _is_mark(line)]
    return tuple(found)


def _is_mark(line: str) -> bool:
    plain = unicodedata.normalize("NFKC", line[:_MAX_MARK_LINE])
    return bool(_AI.search(plain) and _GENERATION.search(plain))


def marks_in_file(data: bytes) -> tuple[Place, ...]:
    return marks_in(_decoded(data))


def with_mark(data: bytes, place: Place = "prefix") -> bytes:
    """A file with the sentence in it, behind any front matter. Raises ProvenanceError for text
    that isn't UTF-8."""
    text = _strict(data)
    body = _body(text)
    return (text[: len(text) - len(body)] + mark_text(body, place=place)).encode()


def with_label(data: bytes, label: bytes) -> bytes:
    """A Markdown file with this label, one field a line, and no other. Raises ProvenanceError for
    text that isn't UTF-8."""
    text = _strict(data)
    bom, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    line = "\r\n" if "\r\n" in text else "\n"
    found = _front_matter(text)
    others = _OURS.sub("", found[1]) if found else ""
    others = re.sub(_FIELD.pattern + r"\n?", "", others, flags=re.MULTILINE)
    fields = [f"  {k}: '" + v.replace("'", "''") + "'" for k, v in json.loads(label).items()]
    ours = line.join(("AIGC:", *fields, ""))
    body = text[found.end() :] if found else text
    return f"{bom}---{line}{others}{ours}---{line}{body}".encode()


def _front_matter(text: str) -> re.Match[str] | None:
    return _FRONT_MATTER.match(text.removeprefix(_BOM))


def _body(text: str) -> str:
    """What follows the front matter; all of it where there is none."""
    bom = len(text) - len(text.removeprefix(_BOM))
    found = _front_matter(text[: bom + _MAX_FRONT_MATTER])
    return text[bom + found.end() :] if found else text[bom:]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"')
    return value


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _strict(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProvenanceError("provenance.text_encoding") from error
