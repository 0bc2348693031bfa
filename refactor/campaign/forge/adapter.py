"""What is the same on every forge; an adapter adds its requests, and nothing else.

One place decides which parts of a pull request are changed, what is left because a person wrote it,
what can be done without, and what is asked before it is written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, ClassVar, NamedTuple

from refactor.campaign.forge.base import REVIEWER, ForgeError, PullRequest, WantedPull
from refactor.campaign.forge.parts import joined, within
from refactor.campaign.forge.pull_text import DraftMarks, fitted, same, short
from refactor.campaign.forge.pulls import chosen, instead, optional
from refactor.campaign.forge.refusal import Speaker

Fields = dict[str, Any]
"""Some of `title`, `body`, `base` and `draft`, as they are to be."""


class PullChange(NamedTuple):
    """What an open pull request lacks, and what is left as a person wrote it."""

    fields: Fields
    labels: tuple[str, ...]
    edited: tuple[str, ...]


class Adapter(ABC):
    """A forge, but for its requests."""

    title_limit: ClassVar[int] = 255
    body_limit: ClassVar[int] = 65_535
    marks: ClassVar[DraftMarks | None] = None
    """How a draft is marked in the title, where the forge has no other way."""
    has_labels: ClassVar[bool] = True
    people_at_opening: ClassVar[bool] = False
    """Whether reviewers, assignees and labels go with the request that opens it."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def _asked(self) -> AbstractContextManager[None]:
        """Make one kind of error of what a client raises within."""
        return self._speaker.asked()

    @abstractmethod
    def _pulls(self, name: str, head: str, base: str, fork: str) -> Iterable[PullRequest]:
        """Return the pull requests of a branch."""

    @abstractmethod
    def _get(self, name: str, number: int) -> PullRequest:
        """Return one, as it is now."""

    @abstractmethod
    def _open(self, name: str, wanted: WantedPull, notes: list[str]) -> PullRequest:
        """Open one, with title and body as they are to be."""

    @abstractmethod
    def _edit(self, name: str, now: PullRequest, fields: Fields) -> PullRequest:
        """Change some fields of one."""

    @abstractmethod
    def _shut(self, name: str, number: int) -> None:
        """Close one."""

    @abstractmethod
    def _say(self, name: str, number: int, text: str) -> None:
        """Comment on one."""

    @abstractmethod
    def _label(self, name: str, number: int, labels: tuple[str, ...]) -> None:
        """Add labels to one, made where they are missing."""

    @abstractmethod
    def _assign(self, name: str, number: int, people: tuple[str, ...]) -> None:
        """Assign one to people."""

    @abstractmethod
    def _ask(self, name: str, number: int, reviewers: tuple[str, ...]) -> None:
        """Ask for reviews of one."""

    @abstractmethod
    def _auto_merge(self, name: str, pull: PullRequest) -> None:
        """Have one merged once its checks have passed."""

    def _cannot(self, what: str) -> ForgeError:
        """Return the error for something that the forge does not have."""
        return self._speaker.error(f"does not have {what}")

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        """Return the pull request of a branch: the open one, else the latest."""
        with self._asked():
            return chosen(self._pulls(name, head, base, fork), base)

    def get(self, name: str, number: int) -> PullRequest:
        """Return a pull request as it is now."""
        with self._asked():
            return self._get(name, number)

    def create(self, name: str, wanted: WantedPull) -> PullRequest:
        """Open a pull request."""
        notes: list[str] = []
        with self._asked():
            try:
                with self._asked():
                    made = self._open(name, self._fit(wanted), notes)
            except ForgeError as error:
                return instead(self, name, wanted, error)
            if not self.people_at_opening:
                self._people(name, made.number, wanted, notes)
            missing = tuple(x for x in wanted.labels if x not in made.labels)
            if missing and not self.has_labels:
                notes, missing = [*notes, f"labels: {self._cannot('labels').message}"], ()
            return self._finish(name, made, wanted, missing, notes)

    def update(
        self, name: str, found: PullRequest, wanted: WantedPull, *, fresh: bool = False
    ) -> PullRequest:
        """Make an open pull request as wanted; the people of a fresh one are asked too."""
        with self._asked():
            change, notes = self._change(found, wanted), list[str]()
            if change.fields or change.labels or fresh:
                # What was found may be old by now, and what is written is not taken back.
                found = self._get(name, found.number)
                if found.state != "open":
                    return found
                change = self._change(found, wanted)
            if change.fields:
                found = self._edit(name, found, self._titled(found, change.fields))
            if fresh and not self.people_at_opening:
                self._people(name, found.number, wanted, notes)
            made = self._finish(name, found, wanted, change.labels, notes)
            return made._replace(edited=change.edited)

    def comment(self, name: str, number: int, text: str) -> None:
        """Say something to a pull request."""
        with self._asked():
            self._say(name, number, fitted(text, self.body_limit))

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        """Close a pull request, and say why."""
        with self._asked():
            if self._get(name, found.number).state == "open":
                self._shut(name, found.number)
            self._say(name, found.number, fitted(comment, self.body_limit))

    def _fit(self, wanted: WantedPull) -> WantedPull:
        """Return a pull request with title and body as the forge takes them."""
        title = self._short(wanted.title)
        if self.marks:
            title = self.marks.title(title, draft=wanted.draft)
        return wanted._replace(title=title, body=within(wanted.body, self.body_limit))

    def _short(self, title: str) -> str:
        marks = self.marks
        if marks is None:
            return short(title, self.title_limit)
        return short(marks.bare(title), self.title_limit - len(marks.mark))

    def _titled(self, now: PullRequest, fields: Fields) -> Fields:
        """Return fields with the mark of a draft in the title, where the forge has it there."""
        if self.marks is None or not {"title", "draft"} & {*fields}:
            return fields
        title, draft = fields.get("title", now.title), fields.get("draft", now.draft)
        return fields | {"title": self.marks.title(title, draft=draft)}

    def _change(self, now: PullRequest, wanted: WantedPull) -> PullChange:
        """Compare a pull request with what is wanted, and with what we wrote last."""
        before, title = wanted.before, self._short(wanted.title)
        fields, edited = Fields(), list[str]()
        ours = before is None or (
            before.title is not None and same(now.title, self._short(before.title))
        )
        if not same(now.title, title):
            fields, edited = ({"title": title}, []) if ours else ({}, ["title"])
        if now.base != wanted.base:
            if before is None or now.base == before.base:
                fields["base"] = wanted.base
            else:
                edited.append("base")
        body = within(wanted.body, self.body_limit)
        kept = body if before is None else joined(now.body, body)
        if kept is None and not same(now.body, body):
            edited.append("body")
        elif kept is not None and not same(now.body, kept):
            fields["body"] = kept
        if now.draft != wanted.draft:
            fields["draft"] = wanted.draft
        # A label that we gave and that is gone was taken away by a person.
        given = before.labels if before else ()
        gone = tuple(x for x in wanted.labels if x not in now.labels and self.has_labels)
        edited += ["labels"] if any(x in given for x in gone) else []
        return PullChange(fields, tuple(x for x in gone if x not in given), tuple(edited))

    def _people(self, name: str, number: int, wanted: WantedPull, notes: list[str]) -> None:
        """Ask for reviews, all at once, and where one cannot be asked each alone; assign."""
        if wanted.reviewers:
            try:
                with self._asked():
                    self._ask(name, number, wanted.reviewers)
            except ForgeError:
                for one in wanted.reviewers:
                    with optional(notes, REVIEWER + one, once=True), self._asked():
                        self._ask(name, number, (one,))
        if wanted.assignees:
            with optional(notes, "assignees", once=True), self._asked():
                self._assign(name, number, wanted.assignees)

    def _finish(
        self,
        name: str,
        made: PullRequest,
        wanted: WantedPull,
        labels: tuple[str, ...],
        notes: list[str],
    ) -> PullRequest:
        """Add to a pull request what it can do without."""
        if labels:
            with optional(notes, "labels"), self._asked():
                self._label(name, made.number, labels)
                made = made._replace(labels=made.labels | {*labels})
        if wanted.auto_merge and not wanted.draft and not made.auto_merge:
            with optional(notes, "auto-merge"), self._asked():
                self._auto_merge(name, made)
        return made._replace(notes=tuple(notes))
