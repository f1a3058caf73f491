from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import first_label
from danqing.provenance.xmp import (
    COMPOSITE,
    MAX_PROPERTIES,
    TC260,
    TRAINED,
    Statement,
    read_packet,
    write_packet,
)
from support.pictures import ARTWORK_ID, ENGINE, ENGINE_VERSION

GOLDEN = Path(__file__).parents[2] / "golden/provenance/packet.xmp"
LABEL = first_label("Danqing", ARTWORK_ID)
STATEMENT = Statement(LABEL, TRAINED, (ENGINE, ENGINE_VERSION), ((ENGINE, ENGINE_VERSION),))
FOREIGN = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Some Tool 1.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:wrong="http://ns.adobe.com/xap/1.0/tc/" wrong:AIGC="{&quot;Label&quot;:&quot;3&quot;}">
   <dc:rights><rdf:Alt><rdf:li xml:lang="zh">山 &amp; 水</rdf:li></rdf:Alt></dc:rights>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">
   <TC260:AIGC>{"Label":"2"}</TC260:AIGC>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def test_the_packet_is_byte_for_byte_what_it_was() -> None:
    assert write_packet(STATEMENT).decode() + "\n" == GOLDEN.read_text("utf-8")


def test_what_was_written_reads_back() -> None:
    facts = read_packet(write_packet(STATEMENT))
    (found,) = facts.aigc
    assert (found.form, found.namespace) == ("element", TC260)
    assert facts.source_types == (TRAINED,)
    assert facts.ai_systems == (ENGINE,)
    assert facts.problem is None


@pytest.mark.parametrize("existing", [None, FOREIGN])
def test_writing_again_changes_nothing(existing: bytes | None) -> None:
    once = write_packet(STATEMENT, existing)
    assert write_packet(STATEMENT, once) == once


def test_other_properties_stay_and_every_old_label_goes() -> None:
    packet = write_packet(STATEMENT, FOREIGN)
    root = ET.fromstring(packet)
    assert root.attrib == {"{adobe:ns:meta/}xmptk": "Some Tool 1.0"}
    (item,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li")
    assert item.text == "山 & 水"
    assert item.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "zh"}
    (found,) = read_packet(packet).aigc
    assert '"Label":"1"' in found.text


def test_a_new_statement_replaces_the_old_one() -> None:
    second = Statement(first_label("Other", "id2"), COMPOSITE, ("Danqing", "1"), ())
    facts = read_packet(write_packet(second, write_packet(STATEMENT)))
    assert len(facts.aigc) == 1
    assert "id2" in facts.aigc[0].text
    assert facts.source_types == (COMPOSITE,)
    assert facts.ai_systems == ()


def test_an_engines_name_is_escaped() -> None:
    odd = Statement(LABEL, TRAINED, ("a", "b"), (("<engine & co>", "1"),))
    assert read_packet(write_packet(odd)).ai_systems == ("<engine & co>",)


BILLION = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>AIGC &b;</x>'
)


@pytest.mark.parametrize(
    "existing",
    [
        BILLION,
        b"<x/>",
        b"<!DOCTYPE x>" + FOREIGN[FOREIGN.index(b"<x:xmpmeta") :],
        b"not XML",
        b"\xff\xfe\x00",
        b"<x><y></x>",
        b"<a>" * 60_000 + b"</a>" * 60_000,
    ],
)
def test_what_can_not_be_parsed_safely_is_not_written_over(existing: bytes) -> None:
    with pytest.raises(ProvenanceError) as caught:
        write_packet(STATEMENT, existing)
    assert caught.value.code == "provenance.xmp_unreadable"


@pytest.mark.parametrize("packet", [BILLION, b"<!DOCTYPE x><x>AIGC</x>"])
def test_a_document_type_is_refused_when_reading(packet: bytes) -> None:
    facts = read_packet(packet)
    assert facts.problem == "provenance.remark_xmp_dtd"
    assert facts.aigc == ()


def test_a_malformed_packet_still_gives_up_its_label() -> None:
    facts = read_packet(b'<x:xmpmeta><TC260:AIGC>{"Label":"1"}</TC260')
    assert facts.problem == "provenance.remark_xmp_unreadable"
    assert [found.form for found in facts.aigc] == ["raw"]


def test_a_structured_property_is_read_as_an_object() -> None:
    facts = read_packet(
        b'<r xmlns:t="http://www.tc260.org.cn/ns/AIGC/1.0/"><t:AIGC><t:Label>1</t:Label>'
        b"<t:ProduceID>abc</t:ProduceID></t:AIGC></r>"
    )
    assert [found.text for found in facts.aigc] == ['{"Label": "1", "ProduceID": "abc"}']


def test_deep_and_wide_packets_are_read_only_so_far() -> None:
    deep = b"<AIGC>" * 30_000 + b"x" * 1000 + b"</AIGC>" * 30_000
    wide = b"<r>" + b"<AIGC/>" * 100_000 + b"</r>"
    for packet in (deep, wide):
        assert len(read_packet(packet).aigc) == MAX_PROPERTIES
