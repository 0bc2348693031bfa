"""A session of `requests` that speaks to one server only, and whose every error is one kind."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from refactor.campaign.forge.base import ForgeError
from refactor.campaign.forge.refusal import Answer, Speaker, parsed

TIMEOUT = (10.0, 30.0)
"""Seconds for a connection, and for each silence of the server after it."""


class Wire(requests.Session):
    """Requests to a forge.

    The token goes to the server of the first address alone: a redirect, or the address of another
    page, that leads elsewhere is an error (`requests` itself would take `PRIVATE-TOKEN` along).

    Args:
        speaker: the forge, for errors.
        url: of the forge.
        token: the header that carries the token, and its value.
        pause: seconds between two writes.
    """

    def __init__(
        self, speaker: Speaker, url: str, token: tuple[str, str], pause: float = 0
    ) -> None:
        super().__init__()
        self._speaker = speaker
        self._origin = _origin(url)
        self._token = token
        self._pause = pause
        self._written = float("-inf")
        # Without it, ~/.netrc would be asked.
        self.auth = self._authorized

    def _authorized(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        name, value = self._token
        request.headers[name] = value
        return request

    def request(self, method: Any, url: Any, *args: Any, **named: Any) -> requests.Response:
        """Return an answer that is no refusal."""
        with self._speaker.asked():
            self._stay(str(url))
            self._wait(str(method))
            answer = super().request(method, url, *args, **named | {"timeout": TIMEOUT})
        if answer.ok:
            return answer
        headers = {name.lower(): value for name, value in answer.headers.items()}
        data = parsed(answer.text) or answer.reason
        raise self._speaker.refused(Answer(answer.status_code, headers, data))

    def _wait(self, method: str) -> None:
        """Keep the pause between this write and the last one; reads go at once."""
        if method.upper() in ("GET", "HEAD"):
            return
        time.sleep(max(0.0, self._written + self._pause - time.monotonic()))
        self._written = time.monotonic()

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where an answer sends us: on the same server, with the same method."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        try:
            self._stay(urljoin(resp.url, target))
            # What 301 to 303 make of a write is a read, which would pass for its success.
            if resp.request.method not in ("GET", "HEAD") and resp.status_code < 304:
                message = f"a write was redirected to {target}"
                raise self._speaker.error(message)
        except ForgeError:
            resp.close()
            raise
        return target

    def _stay(self, url: str) -> None:
        if _origin(url) != self._origin:
            message = f"leads to another server, {_shown(url)}; is `forge.url` its own address?"
            raise self._speaker.error(message)


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    return parts.scheme, parts.hostname or "", port


def _shown(url: str) -> str:
    scheme, host, port = _origin(url)
    return f"{scheme}://{host}:{port}"
