"""Who asks. The only way to an `Identified`, and so the only way into policy.

What keeps accounts loads on first use, so that drawing at one's own machine doesn't wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from danqing.identity.local import identify, local_person
from danqing.identity.roles import (
    MAY,
    PERMISSIONS,
    ROLES,
    Permission,
    may,
    may_appoint,
    permissions_of,
    require,
    require_real_name,
)
from danqing.identity.types import (
    Account,
    ApiKey,
    Grant,
    Identified,
    NewKey,
    Person,
    Proof,
    RealName,
    Role,
)

if TYPE_CHECKING:
    from danqing.identity.accounts import Accounts
    from danqing.identity.keys import Keys
    from danqing.identity.oidc import OidcClient, OidcIdentity, OidcLogin
    from danqing.identity.register import Register

_HOMES = {
    "Accounts": "accounts",
    "Keys": "keys",
    "OidcClient": "oidc",
    "OidcIdentity": "oidc",
    "OidcLogin": "oidc",
    "Register": "register",
}

__all__ = [
    "MAY",
    "PERMISSIONS",
    "ROLES",
    "Account",
    "Accounts",
    "ApiKey",
    "Grant",
    "Identified",
    "Keys",
    "NewKey",
    "OidcClient",
    "OidcIdentity",
    "OidcLogin",
    "Permission",
    "Person",
    "Proof",
    "RealName",
    "Register",
    "Role",
    "identify",
    "local_person",
    "may",
    "may_appoint",
    "permissions_of",
    "require",
    "require_real_name",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"danqing.identity.{_HOMES[name]}"), name)
