"""Confirmed, possible, suspected, none (Labelling Measures, Art. 6), on the forms known from
practice."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from danqing.messages import say
from danqing.provenance import Findings, Labeller, SigningKeys, Verdict, classify, verify
from danqing.provenance.findings import Action, Credential
from support.pictures import ARTWORK_ID, cleared, gradient

MEDIA = Path(__file__).resolve().parents[2] / "media"
NOTHING = Findings(None, 0, "")
SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"
AI, CAMERA = SCHEME + "trainedAlgorithmicMedia", SCHEME + "digitalCapture"
FIELDS = {"ContentProducer": "Other", "ProduceID": "1"}


def png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    out = io.BytesIO()
    Image.fromarray(gradient(80, 64)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def labelled_as(value: object) -> bytes:
    return png(AIGC=json.dumps({"Label": value, **FIELDS}))


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (labelled_as("1"), "confirmed"),
        (labelled_as(1), "confirmed"),
        (png(AIGC=json.dumps({"AIGC": {"Label": "1", **FIELDS}})), "confirmed"),
        (labelled_as("2"), "possible"),
        (labelled_as("3"), "suspected"),
        (labelled_as("AIGC"), "suspected"),
        (png(AIGC="see our website"), "suspected"),
        (png(parameters="a cat, Steps: 20, Sampler: Euler"), "suspected"),
        ((MEDIA / "labelled.mp4").read_bytes(), "confirmed"),
        ((MEDIA / "labelled.mkv").read_bytes(), "confirmed"),
        ((MEDIA / "labelled.webm").read_bytes(), "confirmed"),
        ((MEDIA / "labelled.flv").read_bytes(), "confirmed"),
        ((MEDIA / "labelled.mp3").read_bytes(), "confirmed"),
        ((MEDIA / "labelled.opus").read_bytes(), "confirmed"),
        ("---\nLabel: AIGC\nContentProducer: X\n---\n正文\n".encode(), "suspected"),
        ("---\nAIGC:\n  Label: '1'\n---\n正文\n".encode(), "confirmed"),
        ("本内容由AI生成。\n正文\n".encode(), "suspected"),
        ("正文\n".encode(), "none"),
        (png(), "none"),
        ((MEDIA / "plain.mp4").read_bytes(), "none"),
    ],
)
def test_what_a_file_says(data: bytes, verdict: Verdict) -> None:
    judged = classify(verify(data, None), declared=False)
    assert judged.verdict == verdict
    assert bool(judged.evidence) == (verdict != "none")
    for _, remark in judged.evidence:
        for language in ("zh-Hans", "zh-Hant", "en"):
            assert remark.say(language)


@pytest.mark.parametrize(
    ("findings", "undeclared", "declared"),
    [
        (NOTHING, "none", "possible"),
        (replace(NOTHING, generation_texts=("png:tEXt:prompt",)), "suspected", "possible"),
        (replace(NOTHING, text_marks=("prefix",)), "suspected", "possible"),
        (replace(NOTHING, source_types=(AI,)), "confirmed", "confirmed"),
        (replace(NOTHING, source_types=(CAMERA,)), "none", "possible"),
    ],
)
def test_a_declaration_is_stronger_than_traces_and_weaker_than_a_label(
    findings: Findings, undeclared: Verdict, declared: Verdict
) -> None:
    assert classify(findings, declared=False).verdict == undeclared
    assert classify(findings, declared=True).verdict == declared


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("trusted", "confirmed"), ("valid", "confirmed"), ("invalid", "suspected")],
)
def test_a_signature_counts_while_it_holds(state: str, verdict: Verdict) -> None:
    credential = Credential(state, actions=(Action("c2pa.created", None, AI, None),))  # type: ignore[arg-type]
    assert classify(replace(NOTHING, credential=credential), declared=False).verdict == verdict


def test_our_own_files_are_confirmed(labeller: Labeller, keys: SigningKeys) -> None:
    done = labeller.label(cleared(gradient(96, 80)), artwork_id=ARTWORK_ID, media_format="png")
    judged = classify(verify(done.data, keys.root), declared=False)
    assert [verdict for verdict, _ in judged.evidence] == ["confirmed"] * 3


@pytest.mark.parametrize("verdict", ["confirmed", "possible", "suspected", "none"])
def test_every_verdict_has_its_notice(verdict: str) -> None:
    assert "AI" in say(f"labelling.verdict_{verdict}", "zh-Hans")


def test_our_own_watermark_is_a_trace_and_weighs_less_than_a_declaration() -> None:
    assert classify(NOTHING, declared=False, watermarked=True).verdict == "suspected"
    both = classify(NOTHING, declared=True, watermarked=True)
    assert both.verdict == "possible"
    assert [verdict for verdict, _ in both.evidence] == ["possible", "suspected"]
