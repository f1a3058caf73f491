"""`danqing policy`: trying a sentence or a pack, signing packs, and checking signatures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.verdicts import reason_document, underlined

PackArgument = Annotated[Path, typer.Argument(metavar="PACK")]


def test(context: typer.Context, pack: PackArgument) -> Exit:
    """Runs a pack's own examples; REFUSED when a promise isn't kept."""
    from danqing.policy import load_pack, test_pack

    desk = desk_of(context)
    loaded = load_pack(pack)
    trials = test_pack(loaded)
    broken = [trial for trial in trials if not trial.kept]
    desk.show(
        {
            "pack": loaded.name,
            "version": loaded.version.version,
            "sha256": loaded.version.sha256,
            "examples": len(trials),
            "broken": [
                {
                    "text": trial.example.text,
                    "category": trial.example.category,
                    "should_be_caught": trial.example.caught,
                    "rules": [reason.rule for reason in trial.reasons],
                }
                for trial in broken
            ],
        }
    )
    for trial in broken:
        what = "missed" if trial.example.caught else "caught"
        rules = ", ".join(reason.rule for reason in trial.reasons) or "-"
        desk.print(
            f"cli.example_{what}",
            text=trial.example.text, category=trial.example.category, rules=rules,
        )  # fmt: skip
    name, version = loaded.name, loaded.version.version
    desk.print("cli.pack_tested", pack=name, version=version, count=len(trials), broken=len(broken))
    return Exit.BROKEN_PROMISE if broken else Exit.DONE


def try_out(
    context: typer.Context, sentence: Annotated[str, typer.Argument(metavar="SENTENCE")]
) -> Exit:
    """What the rules in force would say of a sentence. Decides nothing and logs nothing."""
    desk = desk_of(context)
    with desk.services() as services:
        reasons = services.policy.examine(sentence)
    desk.show({"reasons": [reason_document(reason, desk.language) for reason in reasons]})
    for reason in reasons:
        excerpt, marks = underlined(sentence, reason.start, reason.end)
        desk.write(f"  {excerpt}\n  {marks}\n{reason.explain(desk.language)}")
        desk.print("cli.by_rule", rule=reason.rule, pack=reason.pack, article=reason.article)
    if not reasons:
        desk.print("cli.nothing_against")
    return Exit.DONE


def sign(
    context: typer.Context,
    pack: PackArgument,
    key: Annotated[Path | None, typer.Option("--key", metavar="DIR")] = None,
) -> Exit:
    from danqing.db.files import write_whole
    from danqing.policy import load_pack
    from danqing.policy.signatures import key_id, sign, signature_file, signing_key
    from danqing.services import utc_now

    desk = desk_of(context)
    loaded = load_pack(pack)
    folder = key or _folder(desk)
    private = signing_key(folder)
    file = signature_file(pack)
    file.unlink(missing_ok=True)
    write_whole(file, sign(loaded.version, private, utc_now()))
    facts = {"file": str(file), "key": key_id(private.public_key())}
    desk.show(facts | {"pack": loaded.name, "version": loaded.version.version})
    desk.print("cli.pack_signed", **facts, public=folder / "public.pem")
    return Exit.DONE


def verify(
    context: typer.Context,
    pack: PackArgument,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE")] = None,
) -> Exit:
    """Raises PolicyError unless the pack is signed by this key, a trusted one, or our own."""
    from danqing.policy import load_pack
    from danqing.policy.signatures import public_key, read_signature, verify

    desk = desk_of(context)
    own = _folder(desk) / "public.pem"
    trusted = (key,) if key else (*desk.settings().policy.trusted_keys, own)
    keys = [public_key(file) for file in trusted if key or file.exists()]
    found = verify(load_pack(pack).version, read_signature(pack), keys, str(pack))
    when = f"{found.signed_at:%Y-%m-%d %H:%M} UTC"
    facts = {"pack": found.pack, "version": found.version, "key": found.key_id, "when": when}
    desk.show(facts)
    desk.print("cli.pack_verified", **facts)
    return Exit.DONE


def _folder(desk: Desk) -> Path:
    return desk.settings().home / "keys" / "policy"
