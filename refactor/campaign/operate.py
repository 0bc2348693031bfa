"""What an operator does to pull requests that are open: merge, comment on, look at, adopt."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.forge.base import ForgeError, Health
from refactor.campaign.order import Order
from refactor.campaign.owner import say
from refactor.campaign.planning import order_of
from refactor.campaign.publish import publish
from refactor.campaign.retries import Steady
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.waits import waits_for
from refactor.errors import RefactorError

_NOT_FOUND = 404


class Merging(NamedTuple):
    """What may be merged.

    Attributes:
        most: pull requests in one run; 0 for any number.
        unchecked: whether one without any check counts as green.
    """

    most: int = 0
    unchecked: bool = False


def merge_all(session: CampaignRun, wanted: Merging, each: Callable[..., None]) -> None:
    """Merge what is approved and green, providers before those that wait for them."""
    _forge(session)
    order, chosen = order_of(session), {row.name for row in session.chosen()}
    merged: list[str] = []

    def one(name: str) -> None:
        if wanted.most and len(merged) >= wanted.most:
            return
        if why := _merge(session, name, order, wanted):
            session.tell("left", repository=name, reason=why)
        else:
            merged.append(name)

    known = [row.name for row in session.states.rows() if row.name not in order.names]
    names = [n for n in (*order.names, *known) if n in chosen]
    each(session, [n for n in names if session.states.row(n).state == "open"], one)


def _merge(session: CampaignRun, name: str, order: Order, wanted: Merging) -> str:
    """Merge one pull request, or say why it is left."""
    row = session.states.row(name)
    if waits := waits_for(session, name, order):
        return waits
    if row.drafted:
        # What it waited for was merged a moment ago: it is made ready first.
        publish(session, name, order)
        row = session.states.row(name)
    found = look(session, row)
    if why := _held(row, found, wanted):
        return why
    _forge(session).ask(lambda forge: forge.merge(name, found.pull))
    session.move(name, "merged", "by `refactor campaign merge`")
    return ""


def _held(row: RepositoryRow, found: Health, wanted: Merging) -> str:
    """Say what keeps a pull request from being merged; "" for nothing."""
    green = ("passed", "none") if wanted.unchecked else ("passed",)
    checks = {"none": "it has no checks (--unchecked merges it)", "running": "checks are running"}
    tests = {
        f"it is {found.pull.state}": found.pull.state != "open",
        "others have pushed to its branch": found.pull.head != row.head,
        "it is a draft": found.pull.draft,
        f"reviews: {found.review}": found.review != "approved",
        checks.get(found.checks, f"checks: {found.checks}"): found.checks not in green,
        "it conflicts with its base": found.pull.mergeable is False,
    }
    return next((why for why, held in tests.items() if held), "")


def look(session: CampaignRun, row: RepositoryRow) -> Health:
    """Ask the forge what reviews and checks say of a pull request, and write it down."""
    found = _forge(session).ask(lambda forge: forge.health(row.name, row.number))
    mergeable = {True: "yes", False: "conflict", None: ""}[found.pull.mergeable]
    told = {"review": found.review, "checks": found.checks, "mergeable": mergeable}
    session.states.note(row.name, **told, refreshed=time.time())
    if found.pull.state in ("merged", "closed"):
        session.move(row.name, found.pull.state, "")
    return found


def refresh(session: CampaignRun, each: Callable[..., None]) -> None:
    """Ask the forge for every pull request that is open."""
    _forge(session)
    names = [row.name for row in _up(session)]
    each(session, names, lambda name: (look(session, session.states.row(name)), None)[1])


def comment_all(session: CampaignRun, text: str, each: Callable[..., None]) -> None:
    """Say a text to every open pull request; the same text is said to each once."""
    forge = _forge(session)
    mark = f"said-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def one(name: str) -> None:
        row = session.states.row(name)
        found = forge.ask(lambda asked: asked.get(name, row.number))
        if found.state == "open" and say(session, name, found, mark, text):
            session.tell("commented", repository=name, url=row.pull)

    each(session, [row.name for row in _up(session)], one)


def adopt(session: CampaignRun, name: str, number: int) -> None:
    """Take in a pull request that is open already, with the commits that its branch has.

    The branch is left as it is until its owner hands it back, or `rebase --take-back` names it.
    """
    forge = _forge(session)
    rows = {row.name: row for row in session.states.rows() if row.selected}
    where = f"{name}#{number}"
    if name not in rows:
        message = "is not a repository of this campaign"
        raise RefactorError(message, where=where, remedy="run `refactor campaign plan` first")
    try:
        found = forge.ask(lambda asked: asked.get(name, number))
    except ForgeError as error:
        raise RefactorError(error.message, where=where) from error
    if found.state != "open" or rows[name].number not in (0, number):
        other = f"is {found.state}" if found.state != "open" else "the campaign has another one"
        raise RefactorError(other, where=where)
    known = {"number": number, "pull": found.url, "branch": found.branch, "fork": found.fork}
    reason = f"adopted with the commits on {found.branch}"
    session.move(name, "modified by others", reason, head="", digest="", past=0, **known)


def _up(session: CampaignRun) -> Iterator[RepositoryRow]:
    states = ("open", "modified by others")
    yield from (r for r in session.chosen() if r.state in states and r.number)


def _forge(session: CampaignRun) -> Steady:
    if session.forge is None:
        message = "needs a forge with pull requests: set `forge.kind`"
        raise RefactorError(message, where=str(session.loaded.path))
    return session.forge
