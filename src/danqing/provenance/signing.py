"""The only place that touches c2pa-python: sign a finished file, read any file's manifest.

The library (70 ms to import) is loaded on first use. Nothing is fetched: no remote manifests,
no OCSP; a time stamp only where the operator has named an authority.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from danqing.errors import ProvenanceError
from danqing.provenance.bounds import bearable
from danqing.provenance.findings import Action, Credential, CredentialState, Ingredient, Stamp
from danqing.provenance.keys import SigningKeys
from danqing.provenance.manifest import PARENT
from danqing.provenance.types import Parent

if TYPE_CHECKING:
    from c2pa import Context

SIGNABLE = frozenset(
    (
        "image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml", "image/tiff",
        "image/heic", "image/avif", "application/pdf", "video/mp4", "video/quicktime", "video/avi",
        "audio/mp4", "audio/wav", "audio/mpeg", "audio/flac",
    )
)  # fmt: skip
"""Where the library can put a manifest and find one."""
_STATES: dict[str, CredentialState] = {"Trusted": "trusted", "Valid": "valid"}
MAX_ACTIONS = MAX_INGREDIENTS = 100
MAX_VALUE_CHARACTERS = 500
_STAMPERS = "danqing:time-stamp-authorities"
_SIGNERS = "[system_anchors]"  # what the library calls `trust_anchors` when it says who is trusted


def _context(anchors: bytes | None, stampers: bytes = b"") -> Context:
    import c2pa

    trust: dict[str, object] = {}
    if anchors:
        trust["trust_anchors"] = anchors.decode("utf-8", "replace")
    if stampers:
        pem = stampers.decode("utf-8", "replace")
        trust["anchors"] = [{"trust_anchors": pem, "trust_kind": "tsa", "trust_uri": _STAMPERS}]
    return c2pa.Context(
        c2pa.Settings.from_dict(
            {
                "verify": {
                    "verify_trust": True,
                    "verify_after_sign": False,  # the caller reads everything back anyway
                    "remote_manifest_fetch": False,
                    "ocsp_fetch": False,
                },
                "trust": trust,
                # Automatic thumbnails cost 430 ms and 1.3 MB on a noisy 512² PNG.
                "builder": {"thumbnail": {"enabled": False}},
            }
        )
    )


def sign(
    data: bytes,
    media_type: str,
    definition: Mapping[str, object],
    keys: SigningKeys,
    parents: Sequence[Parent] = (),
) -> bytes:
    """The file with a manifest, signed over every byte outside it. With `keys.timestamp_url` the
    signature is stamped by that authority: the only thing here that reaches out.

    parents: what it was made from, each with the manifest it has. One whose manifest or container
    can't be parsed is named without it.

    Raises ProvenanceError when the manifest or the keys are refused.
    """
    import c2pa

    out = BytesIO()
    try:
        info = c2pa.C2paSignerInfo(
            alg=keys.algorithm.encode(),
            sign_cert=keys.chain,
            private_key=keys.signer_key,
            ta_url=keys.timestamp_url.encode() if keys.timestamp_url else None,
        )
        with (
            _context(keys.anchors) as context,
            c2pa.Signer.from_info(info) as signer,
        ):
            named: list[dict[str, str]] = []
            carried: list[tuple[dict[str, str], Parent]] = []
            for number, parent in enumerate(parents):
                ingredient = _ingredient(number, parent)
                if _can_be_carried(ingredient, parent, context):
                    carried.append((ingredient, parent))
                else:
                    named.append(ingredient)
            whole = {**definition, "ingredients": named}
            with c2pa.Builder(whole, context=context) as builder:
                for ingredient, parent in carried:
                    builder.add_ingredient(ingredient, parent.media_type, BytesIO(parent.data))
                builder.sign(signer, media_type, BytesIO(data), out)
    except c2pa.C2paError as error:
        if keys.timestamp_url and isinstance(error, c2pa.C2paError.Signature):
            host = urlsplit(keys.timestamp_url).hostname or "?"
            raise ProvenanceError("provenance.timestamp", host=host, reason=str(error)) from error
        raise ProvenanceError("provenance.sign", reason=str(error)) from error
    return out.getvalue()


def _ingredient(number: int, parent: Parent) -> dict[str, str]:
    """No title: a file's name is nobody's business."""
    label, media_type = PARENT.format(number), parent.media_type
    return {"label": label, "relationship": "parentOf", "format": media_type}


def _can_be_carried(ingredient: dict[str, str], parent: Parent, context: Context) -> bool:
    """Whether the library can read the file's container and whatever manifest is in it. A Builder
    that failed on one can't be used further, so that is tried on another."""
    if not bearable(parent.data, parent.media_type):
        return False
    import c2pa

    with c2pa.Builder({"claim_generator_info": [{"name": "-"}]}, context=context) as trial:
        try:
            trial.add_ingredient(ingredient, parent.media_type, BytesIO(parent.data))
        except c2pa.C2paError:
            return False
    return True


def read_credential(
    data: bytes, media_type: str, anchors: bytes | None, stampers: bytes = b""
) -> Credential:
    """What the file's manifest says and whether it holds. anchors: trusted roots in PEM. stampers:
    those of time-stamp authorities. Never raises."""
    if media_type not in SIGNABLE or not _may_be_signed(data, media_type):
        return Credential("none")
    if not bearable(data, media_type):
        return Credential("unreadable", problems=("too many parts",))
    import c2pa

    try:
        with (
            _context(anchors, stampers) as context,
            c2pa.Reader(media_type, BytesIO(data), context=context) as reader,
        ):
            report = json.loads(reader.json())
        return _credential(report)
    except c2pa.C2paError.ManifestNotFound:
        return Credential("none")
    except Exception as error:
        # A parser of hostile bytes behind a C border: whatever it throws, the file is what's wrong.
        if b"c2pa" not in data:
            return Credential("none")
        return Credential("unreadable", problems=(str(error)[:MAX_VALUE_CHARACTERS],))


def _may_be_signed(data: bytes, media_type: str) -> bool:
    """Every manifest store is labelled `c2pa`; only a PDF or an SVG can hide the word, packed."""
    return media_type in ("application/pdf", "image/svg+xml") or b"c2pa" in data


def _credential(report: object) -> Credential:
    root = _mapping(report)
    manifest = _mapping(_mapping(root.get("manifests")).get(str(root.get("active_manifest"))))
    results = _mapping(_mapping(root.get("validation_results")).get("activeManifest"))
    failures = [_text(_mapping(failure).get("code")) for failure in _list(results.get("failure"))]
    signature = _mapping(manifest.get("signature_info"))
    successes = {
        str(one.get("code")): str(one.get("explanation"))
        for one in map(_mapping, _list(results.get("success")))
    }
    state = _STATES.get(str(root.get("validation_state")), "invalid")
    if state == "trusted" and _SIGNERS not in successes.get("signingCredential.trusted", ""):
        state = "valid"  # the library takes a time-stamp authority's root for a signer's, too
    return Credential(
        state=state,
        claim_generator=_generator(manifest),
        signer=_text(signature.get("common_name")) or _text(signature.get("issuer")),
        actions=tuple(_actions(manifest)[:MAX_ACTIONS]),
        ingredients=tuple(_ingredients(manifest)[:MAX_INGREDIENTS]),
        problems=tuple(dict.fromkeys(code for code in failures if code)),
        stamp=_stamp(signature, successes),
    )


def _stamp(signature: Mapping[str, object], successes: Mapping[str, str]) -> Stamp | None:
    at = _text(signature.get("time"))
    if at is None or "timeStamp.validated" not in successes:
        return None
    return Stamp(at, trusted="timeStamp.trusted" in successes)


def _generator(manifest: Mapping[str, object]) -> str | None:
    """Claims of version 2 name it in claim_generator_info, older ones in claim_generator."""
    for info in _list(manifest.get("claim_generator_info")):
        return _agent(info)
    return _text(manifest.get("claim_generator"))


def _actions(manifest: Mapping[str, object]) -> list[Action]:
    return [
        Action(
            name=_text(action.get("action")) or "",
            when=_text(action.get("when")),
            source_type=_text(action.get("digitalSourceType")),
            agent=_agent(action.get("softwareAgent")),
        )
        for assertion in map(_mapping, _list(manifest.get("assertions")))
        if str(assertion.get("label")).startswith("c2pa.actions")
        for action in map(_mapping, _list(_mapping(assertion.get("data")).get("actions")))
    ]


def _ingredients(manifest: Mapping[str, object]) -> list[Ingredient]:
    return [
        Ingredient(
            relationship=_text(ingredient.get("relationship")) or "",
            media_type=_text(ingredient.get("format")),
            has_manifest=_text(ingredient.get("active_manifest")) is not None,
        )
        for ingredient in map(_mapping, _list(manifest.get("ingredients")))
    ]


def _agent(value: object) -> str | None:
    """`name version`, from an object (version 2) or a plain string (version 1)."""
    if isinstance(value, str):
        return _text(value)
    parts = [_text(_mapping(value).get(part)) for part in ("name", "version")]
    return " ".join(part for part in parts if part) or None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value[:MAX_VALUE_CHARACTERS] if isinstance(value, str) else None
