"""Settings, read once at the edge and passed down frozen.

Every field has a name in `danqing.toml`, in the home folder, and in the environment, which wins:
`[server] port = 8765` is `DANQING_SERVER_PORT=8765`. docs/settings.md lists them all.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

import platformdirs

from danqing.errors import InputError

FILE_NAME = "danqing.toml"
Name = tuple[str, ...]
"""A setting's: `("server", "port")` is `server.port` in the file."""
Profile = Literal["open", "cn", "eu"]
RealName = Literal["none", "oidc", "sms", "attestation"]
SignUp = Literal["invitation", "open", "oidc"]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What `danqing serve` goes by (docs/server.md).

    public_url: how people reach it from outside, e.g. `https://draw.example.org`; links in answers
    begin with it. trusted_proxies: networks (`10.0.0.0/8`) whose `X-Forwarded-*` and region_header
    are believed. region_table: CSV rows `first,last,REGION` of addresses, for where no proxy names
    the region. secret: what sessions and links are signed with; without one it is made on the
    first start and kept in the home folder. guests: whether people without an account may draw, in
    the group `guest`. drawing_workers: threads that draw in this process; 0 leaves drawing to
    `danqing worker`. upload_memory_bytes, upload_time_s: what reading one picture
    from outside may take. disk_reserve_bytes: with less free, nothing new is drawn or taken in.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    region_header: str | None = None
    region_table: Path | None = None
    secret: str | None = field(default=None, repr=False)
    sign_up: SignUp = "invitation"
    guests: bool = False
    drawing_workers: int = 1
    upload_memory_bytes: int = 1024 * 2**20
    upload_time_s: float = 10.0
    link_life_s: int = 3_600
    session_life_s: int = 14 * 24 * 3_600
    disk_reserve_bytes: int = 512 * 2**20


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What whoever offers Danqing to others answers for (docs/compliance.md).

    agreement_version, agreement_file: of the user agreement people accept (Labelling Measures,
    Art. 8). complaint_contact: where to complain, a URL, address or number; complaint_days: within
    how many days there is an answer (Deep Synthesis Provisions, Art. 12). real_name: how people's
    real identity is verified (ibid., Art. 9). public_detector: the page that checks a file is open
    without a login (Code of Practice on AI-generated content, commitment 2). test_bank: the
    operator's test sentences (GB/T 45654-2025), a CSV with the columns bank, class, text.
    """

    agreement_version: str = ""
    agreement_file: Path | None = None
    complaint_contact: str = ""
    complaint_days: int = 0
    real_name: RealName = "none"
    public_detector: bool = False
    test_bank: Path | None = None


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """names: further files of people, institutions and outlets (docs/rule-packs.md). trusted_keys:
    public keys (PEM); with any, every pack in policy_packs must be signed by one of them.
    appeal_days: within how many days an appeal is answered; a complaint, service.complaint_days."""

    names: tuple[Path, ...] = ()
    trusted_keys: tuple[Path, ...] = ()
    appeal_days: int = 15


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """keep_days: after how many days `danqing ledger prune` may forget what a line says (never that
    there was one); None keeps it for ever."""

    keep_days: int | None = None


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """timestamp_url: an RFC 3161 time-stamp authority that C2PA signatures are stamped by.
    timestamp_roots: its root certificates (PEM); without them no stamp is believed here, and files
    signed under a certificate that has since ended count as broken. propagator: what a label names
    when files of others are spread (`danqing classify`): a provider code for propagation
    (TC260-PG-20252A) or a short ASCII name; content_producer unless given."""

    timestamp_url: str | None = None
    timestamp_roots: Path | None = None
    propagator: str = ""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An OpenID Connect provider people sign in by (docs/accounts.md); none while issuer is empty.

    issuer: its URL, as it names itself. client_id, client_secret: as it registered this service; no
    secret for a public client. name_claim, number_claim, number_kind: which of its claims say who
    somebody is, where it is trusted for real names: by default a verified phone number.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scopes: str = "openid profile"
    name_claim: str = "name"
    number_claim: str = "phone_number"
    number_kind: str = "phone"


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """How real names are verified and kept, and grants (docs/accounts.md).

    sms_gateway: who sends codes by SMS, a class as `package.module:Class`; without one they appear on
    the terminal, for development.
    keys: where the keys are that real names are encrypted with: a file, or `env:NAME` for a
    variable that holds the file's text; `keys/people.json` in the home folder unless given.
    keep_days: how long real names, and the logs of grants, are kept after their last use; at least
    184, which no six months exceed (Labelling Measures, Art. 9).
    """

    keys: str | None = None
    keep_days: int = 184
    sms_gateway: str = ""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """How jobs wait and are worked off (docs/queue.md).

    longest_wait_s: who would have to wait longer is sent away, and told when to come again.
    most_waiting: jobs in one engine's line at most. batch_pictures: how many an engine gets at once
    at most. attempts: how often a job is begun before it has failed. lease_s: how long a worker that
    is silent still counts as at work. stalled_s: how long one may draw without a step of progress.
    """

    longest_wait_s: int = 900
    most_waiting: int = 100_000
    batch_pictures: int = 8
    attempts: int = 3
    lease_s: float = 30.0
    stalled_s: float = 900.0


@dataclass(frozen=True, slots=True)
class Settings:
    """home: where the database, blobs and keys live. content_producer: what the AIGC label names.

    Without a provider code of the operator's own, content_producer is a short ASCII name, never an
    invented 27-character code (TC260-PG-20252A). policy_packs: further rule packs, beside those
    shipped. profile: whose law decides which duties are mandatory. database_url: PostgreSQL; None
    for SQLite in the home folder. blobs_url: an S3-style store; None for a folder in the home.
    """

    home: Path
    content_producer: str = "Danqing"
    policy_packs: tuple[Path, ...] = ()
    engine: str = "mini"
    profile: Profile = "open"
    database_url: str | None = field(default=None, repr=False)
    blobs_url: str | None = field(default=None, repr=False)
    service: ServiceSettings = ServiceSettings()
    policy: PolicySettings = PolicySettings()
    ledger: LedgerSettings = LedgerSettings()
    labels: LabelSettings = LabelSettings()
    server: ServerSettings = ServerSettings()
    queue: QueueSettings = QueueSettings()
    identity: IdentitySettings = IdentitySettings()
    oidc: OidcSettings = OidcSettings()

    @property
    def needs_real_names(self) -> bool:
        """Whether only people whose real identity was verified are served (Deep Synthesis Provisions,
        Art. 9)."""
        return self.profile == "cn" or self.service.real_name != "none"


_OTHER_NAMES = {
    "DANQING_PROVIDER_CODE": ("content_producer",),
    "DANQING_POLICY": ("policy_packs",),
}
"""Variables from before settings had names of their own."""


def read_settings(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Settings:
    """Settings from the environment and, where it says nothing, from `danqing.toml` in the home.

    `home`, when given, wins over DANQING_HOME. Relative paths in the file start from the home
    folder; a variable with several values has them separated as in PATH. Raises InputError for a
    file that isn't TOML, a setting there isn't, or a value it can't have.
    """
    folder = home or Path(
        environ.get("DANQING_HOME") or platformdirs.user_data_dir("danqing", appauthor=False)
    )
    folder = folder.expanduser()
    file = folder / FILE_NAME
    values: dict[Name, Any] = {("home",): folder}
    for name, value in _flat(_read_file(file)):
        values[name] = _leaf(name, value, origin=str(file), base=folder)
    variables = {f"DANQING_{'_'.join(name).upper()}": name for name in setting_types()}
    for variable, name in (variables | _OTHER_NAMES).items():
        if environ.get(variable) and name != ("home",):
            values[name] = _leaf(name, environ[variable], origin=variable, base=Path())
    settings: Settings = _fill(Settings, values)
    return settings


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("settings.unreadable", file=file, reason=error) from error


@cache
def setting_types(of: Any = Settings, above: Name = ()) -> Mapping[Name, Any]:
    """The type of every single setting, by its name."""
    found: dict[Name, Any] = {}
    hints = get_type_hints(of)
    for each in fields(of):
        path, hint = (*above, each.name), hints[each.name]
        group = isinstance(hint, type) and is_dataclass(hint)
        found |= setting_types(hint, path) if group else {path: hint}
    return found


def _flat(table: Mapping[str, Any], above: Name = ()) -> Iterator[tuple[Name, Any]]:
    for key, value in table.items():
        path = (*above, key)
        if isinstance(value, dict):
            yield from _flat(value, path)
        else:
            yield path, value


def _leaf(name: Name, value: object, *, origin: str, base: Path) -> Any:
    """One value in the type its setting has."""
    kinds = setting_types()
    dotted = ".".join(name)
    if name not in kinds or name == ("home",):
        near = difflib.get_close_matches(dotted, [".".join(k) for k in kinds], n=1)
        known = near[0] if near else "profile"
        raise InputError("settings.unknown", name=dotted, file=origin, near=known)
    kind = kinds[name]
    if isinstance(value, str) and str in (kind, *get_args(kind)):
        return value  # most are: pydantic stays unimported
    from pydantic import TypeAdapter, ValidationError

    if isinstance(value, str) and getattr(kind, "__origin__", None) is tuple:
        value = [part for part in value.split(os.pathsep) if part]
    try:
        given = TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise InputError("settings.value", name=dotted, origin=origin, reason=reason) from error
    if isinstance(given, Path):
        return base / given.expanduser()
    if isinstance(given, tuple):
        return tuple(base / g.expanduser() if isinstance(g, Path) else g for g in given)
    return given


def _fill(of: Any, values: Mapping[Name, Any]) -> Any:
    hints = get_type_hints(of)
    given: dict[str, Any] = {}
    for each in fields(of):
        if is_dataclass(hints[each.name]):
            below = {path[1:]: v for path, v in values.items() if path[0] == each.name}
            given[each.name] = _fill(hints[each.name], below)
        elif (each.name,) in values:
            given[each.name] = values[(each.name,)]
    return of(**given)
