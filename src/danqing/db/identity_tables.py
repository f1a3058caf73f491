"""Tables of identity: accounts, keys, sealed personal data, disclosures, agreements and grants."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from danqing.db.tables import metadata

accounts = Table(  # the pseudonymous row in `people` stays when an account is erased
    "accounts",
    metadata,
    Column("id", Text, ForeignKey("people.id"), primary_key=True),
    Column("login", Text),  # as typed; None once erased
    Column("login_folded", Text),  # as compared
    Column("role", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, ForeignKey("people.id"), nullable=False),
    Column("password_hash", Text),
    Column("password_set_by", Text, ForeignKey("people.id")),
    Column("sessions_from", Text, nullable=False),  # sessions opened earlier are void
    Column("erased_at", Text),
    Column("keep_until", Text),  # of an erased account: when what the law keeps may go
    Unique("login_folded"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("prefix", Text, nullable=False),
    Column("token_sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, ForeignKey("people.id"), nullable=False),
    Column("expires_at", Text),
    Column("revoked_at", Text),
    Column("last_used_at", Text),
    Unique("prefix"),
)

oidc_links = Table(
    "oidc_links",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("linked_at", Text, nullable=False),
)

failed_attempts = Table(  # who failed to sign in lately; swept a day after the last failure
    "failed_attempts",
    metadata,
    Column("subject", Text, primary_key=True),  # SHA-256: people type passwords as logins
    Column("failures", Integer, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("blocked_until", Text, nullable=False),
)

sealed = Table(  # personal data, encrypted under a key that is not in the database
    "sealed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("box", Text, nullable=False),
)

real_names = Table(  # that somebody was verified; the name and number are in `sealed`
    "real_names",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("sealed_id", Text, ForeignKey("sealed.id"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number_index", Text, nullable=False),  # keyed hash: the same number is found again
    Column("proved_at", Text, nullable=False),
    Column("proved_by", Text, ForeignKey("people.id")),
)

sms_challenges = Table(
    "sms_challenges",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("sealed_id", Text, ForeignKey("sealed.id"), nullable=False),  # the number it was sent to
    Column("number_index", Text, nullable=False),
    Column("code_hmac", Text, nullable=False),
    Column("sent_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_today", Integer, nullable=False),
    Column("day", Text, nullable=False),
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("asked_by", Text, ForeignKey("people.id"), nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("people.id")),
    Column("decided_at", Text),
    Column("approved", Integer),
    Column("shown_at", Text),
)

agreements = Table(  # every version anybody accepted, word for word
    "agreements",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("first_at", Text, nullable=False),
)

grants = Table(  # applications to release without the visible mark, and what became of them
    "grants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("agreement_sha256", Text, ForeignKey("agreements.sha256"), nullable=False),
    Column("sealed_id", Text, ForeignKey("sealed.id"), nullable=False),  # recipient and reason
    Column("recipient_index", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("decided_by", Text, ForeignKey("people.id")),
    Column("decided_at", Text),
    Column("given", Integer),
    Column("until", Text),
)

grant_uses = Table(
    "grant_uses",
    metadata,
    Column("artwork_id", Text, ForeignKey("releases.id"), primary_key=True),
    Column("grant_id", Text, ForeignKey("grants.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("produce_id", Text, nullable=False),
)
