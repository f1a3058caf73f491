from __future__ import annotations

import json

import pytest

from danqing.errors import ProvenanceError
from danqing.provenance import AigcLabel, Labeller, SigningKeys, provider_code_valid
from danqing.provenance.aigc import (
    FIELDS,
    conforming,
    first_label,
    labels_in_text,
    remarks_on,
    to_json,
)
from support.pictures import WATERMARK

# Codes as they stand in files that large services have released.
REAL_CODES = (
    "001191110102MACQD9K64010000",
    "001191440300708461136T1XGW3",
    "001191330106MA2CFLDG4R10001",
)
LABEL = first_label("Danqing", "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7C")
FIELDS_OF_LABEL = json.loads(to_json(LABEL))


@pytest.mark.parametrize("code", REAL_CODES)
def test_codes_in_use_are_valid(code: str) -> None:
    assert provider_code_valid(code)


@pytest.mark.parametrize("code", REAL_CODES)
def test_every_single_wrong_character_of_the_credit_code_is_noticed(code: str) -> None:
    for position in range(4, 22):
        for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if other != code[position]:
                wrong = code[:position] + other + code[position + 1 :]
                assert not provider_code_valid(wrong), wrong


@pytest.mark.parametrize(
    "code",
    [
        "",
        "Danqing",
        REAL_CODES[0][:-1],
        REAL_CODES[0] + "0",
        REAL_CODES[0].lower(),
        "002" + REAL_CODES[0][3:],  # not an organisation
        "0012" + REAL_CODES[0][4:],  # not bound to a credit code
        REAL_CODES[0][:22] + "30000",  # neither generation nor propagation
    ],
)
def test_other_shapes_are_no_provider_codes(code: str) -> None:
    assert not provider_code_valid(code)


def test_an_unused_service_part_is_five_zeros() -> None:
    assert provider_code_valid(REAL_CODES[0][:22] + "00000")
    assert provider_code_valid(REAL_CODES[0][:22] + "2000A")


def test_the_first_writing_names_the_producer_as_propagator() -> None:
    assert to_json(LABEL) == (
        '{"Label":"1","ContentProducer":"Danqing","ProduceID":"01K1J0VQ6Z3V8Q9W2X4Y5Z6A7C",'
        '"ReservedCode1":"","ContentPropagator":"Danqing",'
        '"PropagateID":"01K1J0VQ6Z3V8Q9W2X4Y5Z6A7C","ReservedCode2":""}'
    )


@pytest.mark.parametrize("value", ["two words", 'a"b', "back\\slash", "丹青", "tab\t", "\x7f", ""])
def test_a_producer_outside_annex_e_is_refused(keys: SigningKeys, value: str) -> None:
    with pytest.raises(ProvenanceError) as caught:
        Labeller(keys, value, lambda: None, WATERMARK)  # type: ignore[arg-type,return-value]
    assert caught.value.code == "provenance.producer_characters"


def test_a_code_is_never_invented(keys: SigningKeys) -> None:
    made_up = REAL_CODES[0][:21] + "5" + REAL_CODES[0][22:]
    with pytest.raises(ProvenanceError) as caught:
        Labeller(keys, made_up, lambda: None, WATERMARK)  # type: ignore[arg-type,return-value]
    assert caught.value.code == "provenance.producer_code"


def test_writing_refuses_a_value_outside_annex_e() -> None:
    with pytest.raises(ProvenanceError) as caught:
        to_json(AigcLabel("1", "Danqing", "an id", "", "Danqing", "an id", ""))
    assert caught.value.code == "provenance.value_characters"
    assert caught.value.facts["field"] == "ProduceID"


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        (to_json(LABEL), False),
        (f'{{"AIGC":{to_json(LABEL)}}}', True),
        (f"AIGC{to_json(LABEL)}", False),
        (f"AIGC\0\0{to_json(LABEL)}\0", False),
        (json.dumps({"AIGC": to_json(LABEL)}), True),  # the object as a string
        (json.dumps({"x": 1, "aigc": FIELDS_OF_LABEL}), True),
    ],
)
def test_every_known_form_is_found(text: str, wrapped: bool) -> None:
    (found,) = labels_in_text(text)
    assert found.wrapped is wrapped
    assert conforming(found.fields) == LABEL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AIGC",
        "{}",
        "[]",
        "AIGC {",
        '{"AIGC": 3}',
        '{"AIGC": {"colour": "red"}}',
        "{" * 9_000,
        "AIGC" + "[" * 100_000,
        '{"AIGC":' * 20_000,
        "AIGC{" * 20_000,
    ],
)
def test_what_is_no_label_gives_none(text: str) -> None:
    assert list(labels_in_text(text)) == []


def test_tencents_other_fields_are_known() -> None:
    (found,) = labels_in_text('{"AIGC":{"Label":"1","ServiceProvider":"x","ServiceUser":"y"}}')
    assert conforming(found.fields) is None
    codes = [remark.code for remark in remarks_on(found.fields)]
    assert codes == ["provenance.remark_missing_field"] * 6


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ReservedCode1": 1234}, "remark_not_a_string"),
        ({"ReservedCode2": None}, "remark_missing_field"),
        ({"ContentProducer": "丹青"}, "remark_characters"),
        ({"ContentProducer": "001191110102MACQD9K64110000"}, "remark_code"),
        ({"Label": "4"}, "remark_label_value"),
    ],
)
def test_deviations_are_named(change: dict[str, object], code: str) -> None:
    remarks = remarks_on({**FIELDS_OF_LABEL, **change})
    assert [remark.code for remark in remarks] == [f"provenance.{code}"]
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert remarks[0].say(language)


def test_security_data_in_a_reserved_code_is_not_a_deviation() -> None:
    data = '{"SecurityData":{"Type":"TC260PG","Version":1}}'
    assert remarks_on({**FIELDS_OF_LABEL, "ReservedCode1": data}) == ()


def test_there_are_seven_fields() -> None:
    assert len(FIELDS) == len(set(FIELDS)) == 7
