"""Who asks. The only way to an `Identified`, and so the only way into policy."""

from danqing.identity.local import identify, local_person
from danqing.identity.types import Identified, Person

__all__ = ["Identified", "Person", "identify", "local_person"]
