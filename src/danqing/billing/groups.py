"""Groups of people, and what each may ask for in a day."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from danqing.billing.types import GUEST, LOCAL, MEMBER, Group, Quota, QuotaKind
from danqing.db.money_tables import group_members, person_groups, quota_use, quotas
from danqing.db.times import utc_text
from danqing.errors import InputError, NotFound, QuotaReached
from danqing.identity.types import Person

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
WINDOW_HOURS = 24
# What every request asks, put together once: that takes longer than the database needs to answer.
_PUT_INTO = select(group_members.c.group_name).where(
    group_members.c.person_id == bindparam("person")
)
_OWN_GROUP = select(person_groups).where(
    person_groups.c.name == func.coalesce(_PUT_INTO.scalar_subquery(), bindparam("else"))
)
_BY_NAME = select(person_groups).where(person_groups.c.name == bindparam("named"))
_QUOTA = select(quotas).where(
    quotas.c.kind == bindparam("of_kind"), quotas.c.subject == bindparam("of")
)
_COUNT = (
    update(quota_use)
    .where(
        quota_use.c.kind == bindparam("of_kind"),
        quota_use.c.subject == bindparam("of"),
        quota_use.c.hour == bindparam("in_hour"),
    )
    .values(pictures=quota_use.c.pictures + bindparam("more"))
)


def find_group(connection: Connection, name: str) -> Group:
    """Raises NotFound."""
    row = connection.execute(_BY_NAME, {"named": name}).first()
    if row is None:
        raise NotFound("money.no_such_group", name=name)
    return Group(*row)


def all_groups(connection: Connection) -> list[Group]:
    return [Group(*row) for row in connection.execute(select(person_groups).order_by("name"))]


def save_group(connection: Connection, group: Group) -> None:
    """Adds a group or changes it. Raises InputError for values out of bounds."""
    limits = (
        group.person_pictures_per_day, group.person_pictures_waiting, group.group_pictures_per_day
    )  # fmt: skip
    if not (
        _NAME.fullmatch(group.name)
        and 1 <= group.weight <= 1000
        and 0 <= group.price_percent <= 10_000
        and -1 <= group.highest_priority <= 1
        and all(limit is None or limit >= 0 for limit in limits)
    ):
        raise InputError("money.group", name=group.name)
    values = asdict(group)
    changed = connection.execute(
        update(person_groups).where(person_groups.c.name == group.name).values(values)
    )
    if not changed.rowcount:
        connection.execute(insert(person_groups).values(values))


def group_of(connection: Connection, person: Person, named: str | None = None) -> Group:
    """The group a person's request counts in: the one that is named, else the one they were put
    into, else the one for people like them. Raises NotFound for a name there isn't."""
    if named is None:
        like_them = LOCAL if person.local else GUEST if person.guest else MEMBER
        row = connection.execute(_OWN_GROUP, {"person": person.id, "else": like_them}).first()
        if row is not None:
            return Group(*row)
        named = like_them
    return find_group(connection, named)


def join(connection: Connection, person_id: str, name: str) -> None:
    """Puts a person into a group, and out of the one they were in. Raises NotFound."""
    find_group(connection, name)
    connection.execute(delete(group_members).where(group_members.c.person_id == person_id))
    if name not in (LOCAL, MEMBER, GUEST):
        connection.execute(insert(group_members).values(person_id=person_id, group_name=name))


def set_quota(connection: Connection, quota: Quota) -> None:
    """Sets the limits of a person or key; both None takes them away."""
    mine = (quotas.c.kind == quota.kind) & (quotas.c.subject == quota.subject)
    connection.execute(delete(quotas).where(mine))
    if quota.pictures_per_day is not None or quota.pictures_waiting is not None:
        connection.execute(insert(quotas).values(asdict(quota)))


def quota_of(connection: Connection, kind: QuotaKind, subject: str) -> Quota | None:
    row = connection.execute(_QUOTA, {"of_kind": kind, "of": subject}).first()
    return None if row is None else Quota(*row)


def waiting_limit(connection: Connection, person_id: str, group: Group) -> int | None:
    """How many pictures of a person may wait at one time."""
    own = quota_of(connection, "person", person_id)
    if own is not None and own.pictures_waiting is not None:
        return own.pictures_waiting
    return group.person_pictures_waiting


def use(
    connection: Connection,
    person: Person,
    group: Group,
    pictures: int,
    now: datetime,
    network: str | None = None,
) -> None:
    """Counts pictures against the day of the person, their key and their group; of a guest against
    that of their network too, which has as much as one of them.

    Raises QuotaReached, and counts nothing, when one of them has too few left; it says when there
    will be enough. A day is the hour that goes on and the 23 before it.
    """
    subjects = _subjects(person.id, person.key_id, group, network)
    for kind, subject in subjects:
        limit = _limit(connection, kind, subject, group)
        if limit is None:
            continue
        used = _used(connection, kind, subject, now)
        if sum(used.values()) + pictures > limit:
            raise QuotaReached(
                f"money.quota_{kind}" + ("_guest" if person.guest else ""),
                retry_after_s=_until_enough(used, limit - pictures, now),
                limit=limit,
                left=max(0, limit - sum(used.values())),
            )
    begun = [_count(connection, kind, subject, _hour(now), pictures) for kind, subject in subjects]
    if begun[0]:  # once an hour for each group
        forget_old_use(connection, now)


def give_back(
    connection: Connection,
    person_id: str,
    key_id: str | None,
    group_name: str,
    pictures: int,
    asked_at: datetime,
    network: str | None = None,
) -> None:
    """Takes off the count what was asked at that time and never drawn."""
    if pictures:
        for kind, subject in _subjects(person_id, key_id, Group(group_name), network):
            _count(connection, kind, subject, _hour(asked_at), -pictures)


def forget_old_use(connection: Connection, now: datetime) -> None:
    """Drops counts that no day reaches back to any more."""
    oldest = _hour(now - timedelta(hours=2 * WINDOW_HOURS))
    connection.execute(delete(quota_use).where(quota_use.c.hour < oldest))


def _subjects(
    person_id: str, key_id: str | None, group: Group, network: str | None
) -> list[tuple[str, str]]:
    """Always in this order, so that two who count at once never wait for each other."""
    keys = [] if key_id is None else [("key", key_id)]
    networks = [] if network is None else [("network", network)]
    return [("group", group.name), *keys, *networks, ("person", person_id)]


def _limit(connection: Connection, kind: str, subject: str, group: Group) -> int | None:
    if kind == "group":
        return group.group_pictures_per_day
    if kind == "network":
        return group.person_pictures_per_day
    own = quota_of(connection, "person" if kind == "person" else "key", subject)
    if own is not None and own.pictures_per_day is not None:
        return own.pictures_per_day
    return group.person_pictures_per_day if kind == "person" else None


def _used(connection: Connection, kind: str, subject: str, now: datetime) -> dict[str, int]:
    first = _hour(now - timedelta(hours=WINDOW_HOURS - 1))
    query = (
        select(quota_use.c.hour, quota_use.c.pictures)
        .where(quota_use.c.kind == kind, quota_use.c.subject == subject, quota_use.c.hour >= first)
        .order_by(quota_use.c.hour)
    )
    return {row.hour: row.pictures for row in connection.execute(query)}


def _until_enough(used: dict[str, int], room: int, now: datetime) -> int | None:
    """Seconds until no more than `room` is left of what was used; None: that day never comes."""
    if room < 0:
        return None
    total = sum(used.values())
    for hour, pictures in used.items():
        total -= pictures
        if total <= room:
            begun = datetime.fromisoformat(f"{hour}:00:00+00:00")
            return max(1, ceil((begun + timedelta(hours=WINDOW_HOURS) - now).total_seconds()))
    return 1


def _count(connection: Connection, kind: str, subject: str, hour: str, pictures: int) -> bool:
    """Whether it is the first of that hour."""
    mine = {"of_kind": kind, "of": subject, "in_hour": hour, "more": pictures}
    first = not connection.execute(_COUNT, mine).rowcount and pictures > 0
    if first:
        row = {"kind": kind, "subject": subject, "hour": hour, "pictures": pictures}
        connection.execute(insert(quota_use).values(row))
    return first


def used_today(connection: Connection, kind: str, subject: str, now: datetime) -> int:
    """How many pictures count against a person, key or group now."""
    return sum(_used(connection, kind, subject, now).values())


def _hour(moment: datetime) -> str:
    return utc_text(moment)[:13]
