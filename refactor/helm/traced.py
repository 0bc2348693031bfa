"""What is known of an address's way through a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal as OneOf
from typing import NamedTuple

from refactor.helm.objects import Identity, Object
from refactor.helm.planting import StandIn
from refactor.helm.sentinels import is_evaluated, roots
from refactor.helm.uses import FieldUse
from refactor.helm.workloads import FieldReader, readers

Tpl = OneOf["yes", "no", "some", "unknown"]
"""Whether a value passes through `tpl`: on all its ways, on none, on some; or it is not known."""


class Use(NamedTuple):
    """A field that an address reaches.

    Attributes:
        object: the field's object.
        path: the field (see `objects.leaves`).
        source: the template the object comes from.
        whole: the field is all of the value that holds the address; False where the template
            builds it into something else, or takes it apart.
        quoted: the rendered YAML quotes the field.
        with_port: the address's port stands in the same field.
        tpl: the value was passed through `tpl` on its way here; None where that is not known, or
            the address stands in a template.
        roots: which of `.` and `$` is the chart's root where a template's text is evaluated.
        readers: the workloads that read the field.
    """

    object: Identity
    path: str
    source: str
    whole: bool = False
    quoted: bool = False
    with_port: bool = False
    tpl: bool | None = None
    roots: str = ""
    readers: tuple[FieldReader, ...] = ()


class PortUse(NamedTuple):
    """A field that an address's port reaches; attributes as in `Use`."""

    object: Identity
    path: str
    source: str
    readers: tuple[FieldReader, ...] = ()


class Trace(NamedTuple):
    """What became of one candidate.

    Attributes:
        uses: the fields that its host reaches; none where the chart does not use it, so installed.
        ports: the fields that its port reaches, with the host or apart.
        tpl: whether the host passes through `tpl`. On "some" ways only, a template in its place
            would be wrong on the others.
        split: host and port, one value here, are taken apart there.
        conditions: another value makes other objects: a template asks what the value is.
        hidden: it reaches no field that shows it, and may be in one that is encoded or hashed.
        problem: why it (or its port) could not be asked, most often in Helm's words; else "".
    """

    uses: tuple[Use, ...] = ()
    ports: tuple[PortUse, ...] = ()
    tpl: Tpl = "unknown"
    split: bool = False
    conditions: bool = False
    hidden: bool = False
    problem: str = ""


class Traced(NamedTuple):
    """What became of all candidates in one case.

    Attributes:
        traces: by candidate key.
        derived: fields (objects, with path "") that differ and hold no stand-in, such as checksums
            of what does; without those that vary by themselves.
        renders: how many renders it took.
        error: why the chart does not render as it is, in Helm's words; "" where it does.
        notes: what was not rendered as the repository has it.
    """

    traces: dict[str, Trace]
    derived: frozenset[tuple[Identity, str]] = frozenset()
    renders: int = 0
    error: str = ""
    notes: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What a render with stand-ins holds.

    Attributes:
        objects: all of it.
        places: the fields that hold each stand-in.
        quoted: the texts that the rendered YAML quotes.
    """

    objects: tuple[Object, ...]
    places: Mapping[str, list[FieldUse]]
    quoted: set[str]


def read(reading: Reading, stand: StandIn, whole: str) -> Trace:
    """Return what a render says of one candidate."""
    uses = tuple(
        Use(
            place.object,
            place.path,
            place.source,
            whole=place.text == whole,
            quoted=place.text in reading.quoted,
            with_port=bool(stand.port) and stand.port in place.text,
            roots=roots(place.text, stand.host),
            readers=readers(reading.objects, place.object, place.path),
        )
        for place in reading.places.get(stand.host, ())
    )
    ports = tuple(
        PortUse(
            place.object,
            place.path.replace(stand.port, stand.port_before),
            place.source,
            readers(reading.objects, place.object, place.path),
        )
        for place in reading.places.get(stand.port, ())
    )
    together = bool(stand.port) and stand.port in whole
    return Trace(uses, ports, split=together and any(not use.with_port for use in uses))


def with_tpl(found: Trace, host: str, places: Mapping[str, list[FieldUse]]) -> Trace:
    """Return a trace with what a render with templates says of `tpl`."""
    said = {(p.object, p.path): is_evaluated(p.text, host) for p in places.get(host, ())}
    uses = tuple(use._replace(tpl=said.get((use.object, use.path))) for use in found.uses)
    answers = {use.tpl for use in uses}
    if not answers or None in answers:
        return found._replace(uses=uses)
    tpl: Tpl = "some" if len(answers) > 1 else "yes" if True in answers else "no"
    return found._replace(uses=uses, tpl=tpl)


def without_tpl(found: Trace) -> Trace:
    """Return a trace in a chart that passes nothing through `tpl`."""
    uses = tuple(use._replace(tpl=False) for use in found.uses)
    return found._replace(uses=uses, tpl="no")
