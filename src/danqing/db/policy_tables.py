"""Tables of policy: what reviewers overturned, appeals and complaints, consents to edit a face."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from danqing.db.tables import metadata

policy_rulings = Table(  # append-only: a later ruling on the same matter counts instead
    "policy_rulings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("decision", Text, nullable=False),  # allow, refuse, pardon
    Column("batch_id", Text, ForeignKey("batches.id")),
    Column("person_id", Text, ForeignKey("people.id")),
    Column("matter_sha256", Text),
    Column("rules", Text, nullable=False),  # JSON: the rules that are overturned
    Column("because", Text, nullable=False),
    Column("reviewer_id", Text, ForeignKey("people.id"), nullable=False),
    Column("at", Text, nullable=False),
)

policy_cases = Table(
    "policy_cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # appeal, complaint
    Column("batch_id", Text, ForeignKey("batches.id")),
    Column("about", Text),  # what a complaint names: an artwork, a file's hash, an address
    Column("person_id", Text, ForeignKey("people.id")),  # who opened it, when they have an account
    Column("contact", Text),  # where the answer goes, when they have none
    Column("body", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("answer", Text),
    Column("upheld", Integer),
    Column("answered_at", Text),
    Column("answered_by", Text, ForeignKey("people.id")),
)

face_consents = Table(
    "face_consents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("sha256", Text, nullable=False),  # of the picture's file
    Column("statement", Text, nullable=False),  # everyone, nobody
    Column("wording", Text, nullable=False),
    Column("at", Text, nullable=False),
)
