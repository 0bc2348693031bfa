"""A row: one fact about one kind of place."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from refactor.model import Reason

Role: TypeAlias = OneOf["dialled", "own", "compared", "policy", "needs-ip", "node", "routed"]
Form: TypeAlias = OneOf["bare", "pair", "url", "ips", "image", "node"]
Texts: TypeAlias = str | tuple[str, ...]

REASON_OF_ROLE: dict[str, Reason] = {
    "own": "kept-field",
    "compared": "compared",
    "policy": "kept-field",
    "needs-ip": "needs-ip",
    "node": "kept-field",
    "routed": "kept-field",
}
"""The reason that reports count for a role; a row may name a narrower one."""


CONDITIONS = ("object", "path", "name", "key", "setting", "call", "command", "flag", "directive")
"""What a row of the settings can say of where a place is; one of these is needed."""


class ObjectIs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which Kubernetes objects a row speaks of.

    Attributes:
        kinds: their `kind`. Default: all.
        groups: the API groups that own these kinds, without the version; `core` for `v1`. Default:
            all.
    """

    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class CallPattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which argument of which Python call a row speaks of.

    Attributes:
        function: names of functions; `app.run` also matches `my.app.run`.
        argument: keywords, "" for a positional argument. Default: any argument.
    """

    function: tuple[str, ...]
    argument: tuple[str, ...] = ()


class PlaceSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What one kind of place is for. Every condition that is stated must hold.

    Attributes:
        id: its own name, shown in reports.
        role: what the place is for: `own`, `compared`, `policy`, `needs-ip`, `node`, `routed` keep
            the address; `dialled` lets it change where a broader row would keep it.
        why: one plain sentence, or clause, for people.
        source: the address of the documentation that says so.
        object: which Kubernetes objects it speaks of: `kinds` and `groups`. Default: any text.
        path: the names that lead to the place, in order: `spec.**.server`. `*` is one name, `**`
            any number, `a|b` either; case, `-` and `_` do not count, list indexes are left out. A
            name with dots stands in single quotes.
        name: the words of the nearest name, in order: `** listen ** host` fits `GRPC_LISTEN_HOST`
            and `listenHost`.
        key: the nearest name, letter for letter.
        setting: the end of a setting's name, nested or flat: `eureka.instance.hostname`.
        seen: what a scanner saw of the text.
        scheme: schemes of the address.
        call: which argument of which Python call: `function` and `argument`.
        file: names of files, or of embedded files, with `*`. Default: any file.
        forms: forms of the address: `bare`, `pair` (with a port), `url`, `ips` (nothing but
            addresses), `image` (a registry and a path), `node` (`name@host`). Default: any form.
        command: a program, and words that follow it: `flask run`.
        flag: the address follows one of these flags.
        directive: the first word of the statement in which the address stands.
    """

    id: str
    why: str
    role: Role | None = None
    source: str = ""
    object: ObjectIs | None = None
    path: Texts = ()
    name: Texts = ()
    key: Texts = ()
    setting: Texts = ()
    seen: Texts = ()
    scheme: Texts = ()
    call: CallPattern | None = None
    file: Texts = ()
    forms: tuple[Form, ...] = ()
    command: Texts = ()
    flag: Texts = ()
    directive: Texts = ()


class PlaceRule(PlaceSetting, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A row of the program's own. Only it may hold patterns: a stranger's could run for ever.

    Attributes:
        reason: the reason that reports count. Default: that of the role.
        before: patterns, one of which is found before the address in its line.
        after: patterns, one of which matches right behind the host.
        line: patterns, one of which is found somewhere in the line.
    """

    reason: Reason | None = None
    before: Texts = ()
    after: Texts = ()
    line: Texts = ()

    @property
    def kept(self) -> Reason | None:
        """The reason that is counted; None where the address may change."""
        return self.reason or REASON_OF_ROLE.get(self.role or "")

    @property
    def is_context(self) -> bool:
        """Whether it speaks of the words around an address in its line."""
        return bool(
            self.command or self.flag or self.directive or self.before or self.after or self.line
        )


class FileRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files in which nothing is edited.

    Attributes:
        id, why, reason, source: as of a `PlaceRule`.
        files: globs: `*` within a name, `**` any folders; they match at any depth.
        fixed: `include` in the settings does not lift it.
    """

    id: str
    why: str
    reason: Reason
    files: tuple[str, ...]
    source: str = ""
    fixed: bool = False


def texts(value: Texts) -> tuple[str, ...]:
    """Return one text, or several, as several."""
    return (value,) if isinstance(value, str) else value
