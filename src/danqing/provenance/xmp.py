"""The one XMP packet: TC260's AIGC property and IPTC's digital source type, written and read.

Namespaces and the property's place are those of TC260-PG-20259A (2025-08-28) and the IPTC Photo
Metadata Standard 2025.1. Other properties in a packet are kept.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import to_json
from danqing.provenance.types import AigcLabel

if TYPE_CHECKING:
    from xml.dom.minidom import Document, Element, Node
    from xml.etree.ElementTree import Element as TreeElement

TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"
IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
_OURS = ("DigitalSourceType", "AISystemUsed", "AISystemVersionUsed")
_EMPTY = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="w"?>'
MAX_PROPERTIES = 64
_PLACE = "danqing: the label's place"
_PADDING = b"\0 \r\n\t"


@dataclass(frozen=True, slots=True)
class Statement:
    """What XMP and C2PA both say of a file. source_type: an IPTC URI; None where nothing is said
    of it, and what IPTC properties the file has are kept.

    agent: (name, version) of what put the file's pixels together. systems: (engine, engine
    version) of each model that drew part of it, without repeats. kept: the label has values of
    another maker, which are written as they are.
    """

    label: AigcLabel
    source_type: str | None
    agent: tuple[str, str]
    systems: tuple[tuple[str, str], ...] = ()
    kept: bool = False


def write_packet(
    statement: Statement, existing: bytes | None = None, *, labelled: bool = True
) -> bytes:
    """An XMP packet with this statement, in UTF-8; whatever else `existing` holds is kept.

    labelled: with the AIGC label, which a PDF keeps elsewhere. Writing twice gives the same bytes.
    Raises ProvenanceError when `existing` can't be parsed safely.
    """
    from xml.parsers.expat import ExpatError

    from defusedxml.common import DefusedXmlException

    try:
        kept = existing.strip(_PADDING).decode() if existing else _EMPTY
        before, after = _around_ours(kept, said_anew=statement.source_type is not None)
    except (ExpatError, DefusedXmlException, ValueError, RecursionError) as error:
        # RecursionError: elements nested thousands deep, which is nobody's honest metadata.
        raise ProvenanceError("provenance.xmp_unreadable") from error
    return f"{_BEGIN}{before}{_description(statement, labelled)}{after}{_END}".encode()


def without_label(packet: bytes) -> bytes:
    """A packet without its AIGC label and without a word changed beside it, padded to the size it
    had. Raises ProvenanceError when it can't be parsed safely, or doesn't fit."""
    from xml.parsers.expat import ExpatError

    from defusedxml.common import DefusedXmlException

    try:
        before, after = _around_ours(packet.strip(_PADDING).decode(), said_anew=False)
    except (ExpatError, DefusedXmlException, ValueError, RecursionError) as error:
        raise ProvenanceError("provenance.xmp_unreadable") from error
    left = (before + after).encode()
    if len(left) > len(packet):
        raise ProvenanceError("provenance.xmp_unreadable")
    return left.ljust(len(packet))


def _around_ours(packet: str, *, said_anew: bool) -> tuple[str, str]:
    """A packet without anything of ours, in two parts: ours goes between, last in rdf:RDF.

    said_anew: IPTC's properties are to be written too, so they are taken out as well.
    Ours goes in as text: minidom would write its quotes as &quot;, which is as good to a parser but
    not to an inspector with a search box. Raises ValueError when there is no single rdf:RDF.
    """
    from defusedxml.minidom import parseString

    document: Document = parseString(packet, forbid_dtd=True)
    roots = document.getElementsByTagNameNS(RDF, "RDF")
    if len(roots) != 1:
        raise ValueError("not one rdf:RDF")
    rdf = roots[0]
    for description in list(rdf.getElementsByTagNameNS(RDF, "Description")):
        _drop_ours(description, said_anew)
        if description.parentNode is rdf and _says_nothing(description):
            rdf.removeChild(description)
    _drop_blanks(rdf)
    rdf.appendChild(document.createComment(_PLACE))
    body = "".join(n.toxml() for n in document.childNodes if n.nodeType == n.ELEMENT_NODE)
    before, _, after = body.rpartition(f"<!--{_PLACE}-->")
    return before, after


def _description(statement: Statement, labelled: bool) -> str:
    properties = []
    if labelled:
        properties.append(("TC260:AIGC", to_json(statement.label, kept=statement.kept)))
    if statement.source_type is not None:
        properties.append(("Iptc4xmpExt:DigitalSourceType", statement.source_type))
    if statement.systems:
        names, versions = zip(*statement.systems, strict=True)
        properties.append(("Iptc4xmpExt:AISystemUsed", ", ".join(names)))
        properties.append(("Iptc4xmpExt:AISystemVersionUsed", ", ".join(versions)))
    body = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in properties)
    if not properties:
        return ""
    label = f'xmlns:TC260="{TC260}" ' if labelled else ""
    return (
        f'<rdf:Description xmlns:rdf="{RDF}" rdf:about="" {label}'
        f'xmlns:Iptc4xmpExt="{IPTC_EXT}">{body}</rdf:Description>'
    )


def _is_ours(node: Node, said_anew: bool) -> bool:
    if node.localName == "AIGC" and node.namespaceURI != "http://www.w3.org/2000/xmlns/":
        return True
    return said_anew and node.namespaceURI == IPTC_EXT and node.localName in _OURS


def _drop_ours(description: Element, said_anew: bool) -> None:
    """Take our properties out, whether they are attributes or elements."""
    for attribute in list(description.attributes.values()):
        if _is_ours(attribute, said_anew):
            description.removeAttributeNode(attribute)
    for child in list(description.childNodes):
        if _is_ours(child, said_anew):
            description.removeChild(child)
    _drop_blanks(description)


def _says_nothing(description: Element) -> bool:
    """Whether only names are left: namespaces, rdf:about, xml:lang."""
    said = [a for a in description.attributes.values() if a.prefix not in ("xmlns", "rdf", "xml")]
    return not said and not description.childNodes


def _drop_blanks(element: Element) -> None:
    for child in list(element.childNodes):
        if child.nodeType == child.TEXT_NODE and not child.data.strip():
            element.removeChild(child)


@dataclass(frozen=True, slots=True)
class AigcProperty:
    """An AIGC property as met. form: `element`, `attribute`, or `raw` where the packet is not
    well-formed."""

    form: str
    namespace: str | None
    text: str


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """What a packet says. problem: a message id when it can't be parsed, else None."""

    aigc: tuple[AigcProperty, ...] = ()
    source_types: tuple[str, ...] = ()
    ai_systems: tuple[str, ...] = ()
    problem: str | None = None


def read_packet(packet: bytes) -> PacketFacts:
    """Read any maker's packet: local name AIGC with any namespace, element or attribute. Never
    raises.

    A document type is refused (no entities are ever expanded); from a packet that is not
    well-formed, text around the letters AIGC is handed on as it stands.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: TreeElement = fromstring(packet.strip(_PADDING), forbid_dtd=True)
    except DefusedXmlException:
        return PacketFacts(problem="provenance.remark_xmp_dtd")
    except (ParseError, ValueError, LookupError):
        text = html.unescape(packet.decode("utf-8", "replace"))
        raw = (AigcProperty("raw", None, text),) if "AIGC" in text else ()
        return PacketFacts(aigc=raw, problem="provenance.remark_xmp_unreadable")
    properties = _properties(root)
    return PacketFacts(
        aigc=tuple(
            AigcProperty(form, ns, text) for form, ns, name, text in properties if name == "AIGC"
        ),
        source_types=_values(properties, "DigitalSourceType"),
        ai_systems=_values(properties, "AISystemUsed"),
    )


_WANTED = ("AIGC", *_OURS)


def _properties(root: TreeElement) -> list[tuple[str, str, str, str]]:
    """(form, namespace, local name, text) of what concerns us, the first MAX_PROPERTIES."""
    found = []
    for element in root.iter():
        if isinstance(element.tag, str):
            namespace, local = _split(element.tag)
            if local in _WANTED:
                found.append(("element", namespace, local, _text_of(element)))
        for name, value in element.attrib.items():
            namespace, local = _split(name)
            if local in _WANTED:
                found.append(("attribute", namespace, local, value))
        if len(found) >= MAX_PROPERTIES:
            break
    return found


def _text_of(element: TreeElement) -> str:
    """The element's text; a structured property (its fields as child elements) as a JSON object."""
    if len(element) and not (element.text or "").strip():
        fields = {_split(child.tag)[1]: (child.text or "").strip() for child in element}
        if "Label" in fields:
            return json.dumps(fields)
    return "".join(element.itertext()).strip()


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    return namespace, local


def _values(properties: Sequence[tuple[str, str, str, str]], name: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(text for _, ns, local, text in properties if (ns, local) == (IPTC_EXT, name))
    )
