"""The review server of one company, as a forge: JSON over HTTP, no forks, no drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from refactor.api import (
    ForgeError,
    ForgeKind,
    Group,
    Health,
    PullRequest,
    Repository,
    WantedPullRequest,
)


class Review:
    """The server at an address."""

    def __init__(self, url: str, token: str, pause: float) -> None:
        self._url, self._token = url.rstrip("/"), token

    def repositories(self, group: Group) -> Iterator[Repository]:
        for name in self._ask("GET", f"groups/{group.name}"):
            yield Repository(name, self.clone_url(name))

    def clone_url(self, name: str) -> str:
        return str(self._ask("GET", f"repos/{name}")["clone"])

    def may_push(self, name: str) -> bool:
        return True

    def fork(self, name: str) -> str:
        raise ForgeError("the review server has no forks")

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        found = self._ask("GET", f"repos/{name}/reviews?{urlencode({'head': head, 'base': base})}")
        return PullRequest(**found[-1]) if found else None

    def create(self, name: str, wanted: WantedPullRequest) -> PullRequest:
        return PullRequest(**self._ask("POST", f"repos/{name}/reviews", _told(wanted)))

    def update(
        self, name: str, found: PullRequest, wanted: WantedPullRequest, *, fresh: bool = False
    ) -> PullRequest:
        path = f"repos/{name}/reviews/{found.number}"
        return PullRequest(**self._ask("PATCH", path, _told(wanted)))

    def get(self, name: str, number: int) -> PullRequest:
        return PullRequest(**self._ask("GET", f"repos/{name}/reviews/{number}"))

    def health(self, name: str, number: int) -> Health:
        return Health(self.get(name, number), "none", "none")

    def search(self, text: str, owner: str) -> set[str]:
        raise ForgeError("the review server does not search")

    def merge(self, name: str, found: PullRequest) -> None:
        self._ask("PATCH", f"repos/{name}/reviews/{found.number}", {"state": "merged"})

    def comment(self, name: str, number: int, text: str) -> None:
        self._ask("PATCH", f"repos/{name}/reviews/{number}", {"comment": text})

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        told = {"state": "closed", "comment": comment}
        self._ask("PATCH", f"repos/{name}/reviews/{found.number}", told)

    def _ask(self, method: str, path: str, told: dict[str, str] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = json.dumps(told).encode() if told else None
        try:
            with urlopen(Request(f"{self._url}/{path}", data, headers, method=method)) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise ForgeError(f"{method} {path}: {error.reason}", status=error.code) from error
        except URLError as error:
            raise ForgeError(f"no answer: {error.reason}", wait=60.0) from error


def _told(wanted: WantedPullRequest) -> dict[str, str]:
    return {key: getattr(wanted, key) for key in ("head", "base", "title", "body")}


REVIEW = ForgeKind(Review, user="review")
