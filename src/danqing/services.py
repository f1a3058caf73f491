"""What the stages are made of, built once at the edge and handed to whoever drives the road."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from danqing.engines.protocol import Engine
from danqing.identity import Person, local_person
from danqing.policy import Policy
from danqing.provenance import FileLabeller, Labeller, SigningKeys, WatermarkKey
from danqing.provenance.keys import timestamp_roots
from danqing.settings import Settings

if TYPE_CHECKING:
    from danqing.identity import Register
    from danqing.policy import Cases, Docket
    from danqing.store import Store
    from danqing.teaching import Shelf, Teacher

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Services:
    """What the stages are made of, built once at the edge. Use it in a `with`, or close it.

    `policy` and `labeller` are made when first used: looking things up needs neither.
    """

    def __init__(
        self, settings: Settings, store: Store, load_engine: Callable[[str], Engine], clock: Clock
    ) -> None:
        self.settings = settings
        self.store = store
        self.load_engine = load_engine
        self.clock = clock

    @cached_property
    def person(self) -> Person:
        """Whoever sits at this machine."""
        return local_person(self.store.database, self.clock)

    @cached_property
    def register(self) -> Register:
        """Accounts, keys, real names, disclosures, grants."""
        from danqing.identity import Register

        return Register(self.store.database, self.settings, self.clock)

    @cached_property
    def shelf(self) -> Shelf:
        """What was taught in this home (`danqing teach`)."""
        from danqing.teaching import Shelf

        return Shelf(self.settings.home)

    @property
    def teacher(self) -> Teacher:
        """Whoever teaches here, under the rules in force."""
        from danqing.teaching import Teacher

        return Teacher(self.person, self.policy, self.store.database, self.clock)

    @cached_property
    def policy(self) -> Policy:
        """Raises PolicyError when an operator's pack can't be read: then nothing is decided."""
        from danqing.policy import OpenNsfw, Shelf, installed_reader

        own = self.settings.policy
        return Policy(
            Shelf(self.settings.policy_packs, own.names, own.trusted_keys),
            OpenNsfw(),
            self.clock,
            profile=self.settings.profile,
            docket=self.docket,
            reader=installed_reader(),
        )

    @cached_property
    def docket(self) -> Docket:
        """Earlier refusals, reviewers' rulings, consents to edit a face."""
        from danqing.policy import Docket

        return Docket(self.store.database, self.clock)

    @cached_property
    def cases(self) -> Cases:
        """Appeals and complaints."""
        from danqing.policy import Cases

        appeal_days = self.settings.policy.appeal_days
        return Cases(
            self.store.database,
            self.docket,
            self.clock,
            appeal_days=appeal_days,
            complaint_days=self.settings.service.complaint_days or appeal_days,
        )

    @cached_property
    def labeller(self) -> Labeller:
        producer = self.settings.content_producer
        return Labeller(self.signing_keys, producer, self.clock, self.watermark_key)

    @cached_property
    def file_labeller(self) -> FileLabeller:
        """For files another tool made."""
        producer, propagator = self.settings.content_producer, self.settings.labels.propagator
        return FileLabeller(self.signing_keys, producer, self.clock, propagator)

    @cached_property
    def signing_keys(self) -> SigningKeys:
        keys = SigningKeys.load_or_create(self.settings.home / "keys" / "signing", self.clock)
        labels = self.settings.labels
        stampers = timestamp_roots(labels.timestamp_roots)
        return replace(keys, timestamp_url=labels.timestamp_url, stampers=stampers)

    @cached_property
    def watermark_key(self) -> WatermarkKey:
        return WatermarkKey.load_or_create(self.settings.home / "keys")

    def new_id(self) -> str:
        from ulid import ULID

        return str(ULID.from_datetime(self.clock()))

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ServicesBeside(Services):
    """Another's services for one more worker of its process, with a store of its own name: what one
    of them holds, the other can't add to. `store.leave()` ends it."""

    def __init__(self, another: Services) -> None:
        store = another.store.beside()
        super().__init__(another.settings, store, another.load_engine, another.clock)
        self._another = another

    @cached_property
    def policy(self) -> Policy:
        return self._another.policy

    @cached_property
    def labeller(self) -> Labeller:
        return self._another.labeller


def build(settings: Settings, *, clock: Clock = utc_now) -> Services:
    """Opens the home folder, making it on first use, and puts in order what a kill left there.

    Raises StoreError, StoreDamaged, StoreFull.
    """
    from danqing.engines import load_engine
    from danqing.store import open_store

    store = open_store(
        settings.home, clock, database_url=settings.database_url, blobs_url=settings.blobs_url
    )
    return Services(settings, store, load_engine, clock)
