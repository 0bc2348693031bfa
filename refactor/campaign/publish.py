"""The second half of a run: one repository's branch and pull request, as its plan wants them.

Whatever a run that died left behind is found again: the branch on the remote by who made it, the
pull request on the forge by its branch. So each step looks first and acts then, and none is done
twice.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import msgspec

from refactor.campaign.branches import BranchTarget, Put, place_of, put
from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.cleanup import clear, withdraw
from refactor.campaign.clone import Refs, refs
from refactor.campaign.commit import Branch, is_branch
from refactor.campaign.forge.base import (
    REVIEWER,
    Forge,
    ForgeError,
    PullRequest,
    WantedPull,
    WrittenFields,
)
from refactor.campaign.forge.parts import handed_back
from refactor.campaign.git import GitError, MovedError
from refactor.campaign.limits import held_back
from refactor.campaign.order import Order
from refactor.campaign.owner import tell
from refactor.campaign.owners import reviewers_of
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.texts import Texts, texts
from refactor.campaign.values import Result
from refactor.campaign.waits import others as providers_of
from refactor.campaign.waits import waits_for
from refactor.errors import RefactorError

_NOT_FOUND = 404


class PublishJob(NamedTuple):
    """One repository on its way.

    Attributes:
        session: the run.
        row: where it stands.
        result: its plan.
        order: of the campaign.
        said: its texts.
        place: where its branch goes.
        head: where its branch is there; "" where it is not.
        handed: whether its owner has given the branch and the texts back.
        anew: whether the branch is made again in any case.
    """

    session: CampaignRun
    row: RepositoryRow
    result: Result
    order: Order
    said: Texts
    place: BranchTarget
    head: str
    handed: bool = False
    anew: bool = False


def publish(session: CampaignRun, name: str, order: Order) -> bool:
    """Bring one repository's branch and pull request to what its plan wants."""
    row, result = session.states.row(name), session.states.result(name)
    if result is None or not (result.files or row.number or row.branch):
        return True
    said = _said(session, row, result, order)
    pull = _known(session, row) or _find(session, row, result, said, row.fork)
    if pull and _has_ended(session, row, pull):
        return True
    at = refs(session.git, row.url, result.base, said.branch)
    if at.sha != result.sha:
        return False
    opened = _opened(pull)
    if opened is None and not result.files:
        clear(session, row, result)
        return True
    if opened is None and (held := held_back(session, row)):
        session.move(name, "planned", held)
        return True
    place = place_of(session, row)
    if opened is None and place.fork != row.fork:
        # The state was lost, or it is the first time: the fork may have been here before.
        pull = _find(session, row, result, said, place.fork)
        if pull and _has_ended(session, row, pull):
            return True
        opened = _opened(pull)
    head = at.head if place.url == row.url else _head(session, place, result, said)
    handed = opened is not None and handed_back(opened.body)
    anew = handed or session.may_rebase(row)
    try:
        _bring(PublishJob(session, row, result, order, said, place, head, handed, anew), opened)
    except MovedError:
        return False
    return True


def _said(session: CampaignRun, row: RepositoryRow, result: Result, order: Order) -> Texts:
    """Return the texts; a branch that is there keeps its name, whatever the template says now."""
    said = texts(session.campaign, result, tuple(providers_of(session, row.name, order)), order)
    said = said._replace(branch=row.branch or said.branch)
    if not is_branch(session.git, said.branch) or said.branch == result.base:
        message = f"`{said.branch}` cannot be the name of a branch for it"
        raise RefactorError(message, remedy="check `branch` in the campaign file")
    return said


def _has_ended(session: CampaignRun, row: RepositoryRow, pull: PullRequest) -> bool:
    """Write down that a pull request was merged, or closed by a person; that is final."""
    if pull.state == "open" or _may_follow(session, row, pull):
        return False
    session.move(row.name, pull.state, "", number=pull.number, pull=pull.url)
    return True


def _opened(pull: PullRequest | None) -> PullRequest | None:
    return pull if pull and pull.state == "open" else None


def _may_follow(session: CampaignRun, row: RepositoryRow, pull: PullRequest) -> bool:
    """Say whether there may be a new pull request after one that has ended."""
    return pull.number == row.past or session.may_reopen(row.name)


def _bring(work: PublishJob, pull: PullRequest | None) -> None:
    """Put the branch, and then open or update the pull request."""
    session, row, said = work.session, work.row, work.said
    if pull is not None and not work.result.files:
        withdraw(session, row, work.place, pull, Branch(said.branch, work.head))
        return
    if left := put(session, Put(row, work.place, work.result, said, work.head, work.anew)):
        _leave(work, pull, left)
        return
    if pull is None:
        session.move(row.name, "pushed", branch=said.branch, fork=work.place.fork)
    if session.forge is None:
        session.states.note(row.name, opened=row.opened or time.time())
        return
    _as_made(work, session.forge.ask(lambda forge: _open(forge, work, pull)), pull)


def _leave(work: PublishJob, pull: PullRequest | None, why: str) -> None:
    """Leave a branch alone that others have pushed to, and tell its owner so.

    The pull request is still ours to make ready: it says that it is a draft until something that
    is merged now.
    """
    session, row, waits = work.session, work.row, _waiting(work)
    known: dict[str, Any] = {}
    if pull is not None:
        known = {"number": pull.number, "pull": pull.url}
        tell(session, row.name, pull, "edited", why)
        if pull.mergeable is False:
            tell(session, row.name, pull, "conflict")
    if pull and row.drafted and not waits and session.forge is not None:
        made = session.forge.ask(lambda forge: _open(forge, work, pull))
        known |= {"drafted": 0, "written": _written(work, made)}
    reason = "; ".join(filter(None, (waits if row.drafted else "", why)))
    session.move(row.name, "modified by others", reason, **known)


def _as_made(work: PublishJob, made: PullRequest, before: PullRequest | None) -> None:
    """Write down how the pull request stands, and what of it the forge did not take."""
    session, row = work.session, work.row
    known: dict[str, Any] = {"number": made.number, "pull": made.url}
    if made.state != "open":
        session.move(row.name, made.state, "", **known)
        return
    if _is_fresh(work, before):
        known["opened"] = time.time()
        known["refused"] = "; ".join(note for note in made.notes if note.startswith(REVIEWER))
    refused, waits = known.get("refused", row.refused), _waiting(work)
    others = (note for note in made.notes if not note.startswith(REVIEWER))
    edited = f"edited by hand: {', '.join(made.edited)}" if made.edited else ""
    reason = "; ".join(part for part in (waits, refused, *others, edited) if part)
    known |= {"drafted": int(bool(waits)), "written": _written(work, made)}
    session.move(row.name, "open", reason, branch=work.said.branch, past=0, **known)
    if ended := _ended(work):
        tell(session, row.name, made, "blocked", f"waits for the one of {ended}, which was closed")


def _ended(work: PublishJob) -> str:
    """Return the repository that is waited for in vain; "" where there is none."""
    others = providers_of(work.session, work.row.name, work.order)
    names = (other.repository for other in others if not other.merged)
    return next((n for n in names if work.session.states.row(n).state == "closed"), "")


def _written(work: PublishJob, made: PullRequest) -> str:
    """Return what we wrote last, as the state keeps it; what others wrote is not ours."""
    wanted, before = _wanted(work), _before(work.row)
    failed = any(note.startswith("labels") for note in made.notes)
    labels = before.labels if failed else dict.fromkeys((*before.labels, *wanted.labels))
    written = WrittenFields(
        before.title if "title" in made.edited else wanted.title,
        before.base if "base" in made.edited else wanted.base,
        tuple(labels),
    )
    return msgspec.json.encode(written).decode()


def _before(row: RepositoryRow) -> WrittenFields:
    return msgspec.json.decode(row.written, type=WrittenFields) if row.written else WrittenFields()


def _open(forge: Forge, work: PublishJob, before: PullRequest | None) -> PullRequest:
    """Open or update the pull request; what a request that has failed has made is found first."""
    name, wanted = work.row.name, _wanted(work)
    found = before or forge.find(name, wanted.head, wanted.base, wanted.fork)
    if found and found.state == "open":
        wanted = wanted._replace(draft=_stays_draft(work, found, wanted))
        return forge.update(name, found, wanted, fresh=_is_fresh(work, before))
    if found and not _may_follow(work.session, work.row, found):
        return found
    return forge.create(name, wanted)


def _is_fresh(work: PublishJob, before: PullRequest | None) -> bool:
    """Say whether a pull request is opened now, or was by a run that did not live to see it."""
    return before is None or work.row.state == "pushed"


def _stays_draft(work: PublishJob, found: PullRequest, wanted: WantedPull) -> bool:
    """Say whether an open pull request is a draft: as people left it, but for what it waits for."""
    if not work.row.number or _waiting(work) or work.row.drafted:
        return wanted.draft
    return found.draft


def _wanted(work: PublishJob) -> WantedPull:
    pull, result, said = work.session.campaign.pull_request, work.result, work.said
    return WantedPull(
        head=said.branch,
        base=result.base,
        title=said.title,
        body=said.body,
        draft=pull.draft or bool(_waiting(work)),
        labels=pull.labels,
        reviewers=reviewers_of(pull, result),
        auto_merge=pull.auto_merge,
        fork=work.place.fork,
        assignees=pull.assignees,
        before=None if work.handed else _before(work.row),
    )


def _waiting(work: PublishJob) -> str:
    return waits_for(work.session, work.row.name, work.order)


def _known(session: CampaignRun, row: RepositoryRow) -> PullRequest | None:
    """Return the pull request that is known by its number, if it is open: one request."""
    if session.forge is None or not row.number:
        return None
    try:
        found = session.forge.ask(lambda forge: forge.get(row.name, row.number))
    except ForgeError as error:
        if error.status != _NOT_FOUND:
            raise
        return None
    return found if found.state == "open" else None


def _find(
    session: CampaignRun, row: RepositoryRow, result: Result, said: Texts, fork: str
) -> PullRequest | None:
    if session.forge is None:
        return None
    return session.forge.ask(lambda forge: forge.find(row.name, said.branch, result.base, fork))


def _head(session: CampaignRun, place: BranchTarget, result: Result, said: Texts) -> str:
    """Return where our branch is in a fork; "" where it is not."""
    try:
        at: Refs = refs(session.git, place.url, result.base, said.branch)
    except GitError:
        # It may lack the base; what counts is our own branch.
        at = refs(session.git, place.url, "", said.branch)
    return at.head
