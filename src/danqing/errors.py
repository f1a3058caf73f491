"""The one error tree. Doors (cli, server) translate it; nothing below them prints.

    DanqingError                    exit  HTTP
    ├── InputError                    2    422   what was asked can't be understood or done as asked
    │   └── NotDeclared               9    403   the right to use a picture from outside wasn't declared
    ├── IdentityError                15    403   who asks may not, or isn't who they say
    │   ├── NotAuthenticated         15    401   login, password, key or code are not right
    │   ├── Forbidden                15    403   the role, or the rule of two people, doesn't allow it
    │   ├── TooManyAttempts          15    429   too many failures: retry after `retry_after_s`
    │   └── KeyLost                  15    500   what real names are encrypted with isn't there
    ├── PolicyError                   7    503   a rule pack can't be read: nothing is decided without it
    ├── EngineError                   4    500
    │   ├── EngineUnavailable         4    503   unknown, not installed, or its weights are missing
    │   └── Unsupported               2    422   the engine can't do what was asked
    ├── ProvenanceError               5    500   a label could not be written or read back: no file
    ├── StoreError                    6    500
    │   ├── NotFound                  3    404
    │   ├── StoreFull                 6    507
    │   └── StoreDamaged              6    500   the database, a blob or the ledger fails its own check
    ├── TryLater                     16    429   not now: says after how many seconds
    │   ├── Busy                     16    429   the line is too long
    │   ├── QuotaReached             16    429   this person, key or group has had its share
    │   └── Closed                   16    503   an operator closed or slowed a tier or a region
    ├── PaymentNeeded                17    402   the balance doesn't cover it
    └── DataError                     8    500   training data can't be had or is not what was pinned

A refusal is not an error: it is a value (`policy.Refusal`), shown in the same shape with its own exit
code. Every error carries a message id from the catalogue (`danqing.messages`) and the facts to fill it.
"""

from __future__ import annotations


class DanqingError(Exception):
    """Base of the tree. `code` is a message id such as `input.empty`; `facts` fill the message."""

    exit_code = 1
    http_status = 500

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.code
        return f"{self.code} ({', '.join(f'{k}={v}' for k, v in self.facts.items())})"


class InputError(DanqingError):
    exit_code = 2
    http_status = 422


class NotDeclared(InputError):
    exit_code = 9
    http_status = 403


class IdentityError(DanqingError):
    exit_code = 15
    http_status = 403


class NotAuthenticated(IdentityError):
    http_status = 401


class Forbidden(IdentityError):
    pass


class TooManyAttempts(IdentityError):
    """retry_after_s: whole seconds until another attempt is looked at."""

    http_status = 429

    def __init__(self, code: str, *, retry_after_s: int, **facts: object) -> None:
        super().__init__(code, retry_after_s=retry_after_s, **facts)
        self.retry_after_s = retry_after_s


class KeyLost(IdentityError):
    http_status = 500


class PolicyError(DanqingError):
    exit_code = 7
    http_status = 503


class EngineError(DanqingError):
    exit_code = 4


class EngineUnavailable(EngineError):
    http_status = 503


class Unsupported(EngineError):
    exit_code = 2
    http_status = 422


class ProvenanceError(DanqingError):
    exit_code = 5


class StoreError(DanqingError):
    exit_code = 6


class NotFound(StoreError):
    exit_code = 3
    http_status = 404


class StoreFull(StoreError):
    http_status = 507


class StoreDamaged(StoreError):
    pass


class DataError(DanqingError):
    exit_code = 8


class TryLater(DanqingError):
    """retry_after_s: whole seconds from now, worked out and not invented; None when nobody knows."""

    exit_code = 16
    http_status = 429

    def __init__(self, code: str, *, retry_after_s: int | None, **facts: object) -> None:
        super().__init__(code, retry_after_s=retry_after_s, **facts)
        self.retry_after_s = retry_after_s


class Busy(TryLater):
    pass


class QuotaReached(TryLater):
    pass


class Closed(TryLater):
    http_status = 503


class PaymentNeeded(DanqingError):
    exit_code = 17
    http_status = 402
