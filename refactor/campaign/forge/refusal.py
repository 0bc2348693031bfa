"""What a forge answered instead of what was asked, as one kind of error.

Sources of the rules on waiting: GitHub's "Rate limits for the REST API", GitLab's "User and IP rate
limits", RFC 9110 on Retry-After.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import quote

import requests

from refactor.campaign.forge.base import ForgeError
from refactor.secret.mask import MASK, mask

_MINUTE = 60.0
"""Seconds: what GitHub asks for after a secondary limit that names no time."""
_LENGTH = 300
_RATE = ("rate limit", "rate_limited", "abuse detection")
_KEYS = ("message", "error_description", "error", "errors")
_STRANGE = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError)


class Answer(NamedTuple):
    """A refusal as HTTP has it.

    Attributes:
        status: HTTP's.
        headers: with their names in lower case.
        data: its body, parsed where it is JSON.
    """

    status: int
    headers: Mapping[str, str]
    data: object


class Speaker(NamedTuple):
    """Who is spoken to, and what must not be repeated.

    Attributes:
        name: the forge's, for messages.
        token: of the API.
    """

    name: str
    token: str

    def __repr__(self) -> str:
        return f"Speaker({self.name})"

    def error(self, message: str, *, wait: float | None = None) -> ForgeError:
        """Return an error that says something in the forge's name, without secrets."""
        return ForgeError(f"{self.name}: {self._clean(message)}", wait=wait)

    def refused(self, answer: Answer) -> ForgeError:
        """Return the error for an answer whose status was not asked for."""
        told = said(answer.data)
        limited = _is_limit(answer, told.lower())
        message = f"{self._clean(told or 'no reason given')} ({answer.status})"
        wait = _wait(answer, limited=limited)
        return ForgeError(
            f"{self.name}: {message}", status=answer.status, wait=wait, limited=limited
        )

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Make one kind of error of what a client raises within."""
        try:
            yield
        except requests.exceptions.SSLError as error:
            message = f"no secure connection: {error}"
            raise self.error(message) from None
        except requests.Timeout:
            message = "no answer in time"
            raise self.error(message, wait=0.0) from None
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            # What these say is about objects in memory.
            message = "no connection"
            raise self.error(message, wait=0.0) from None
        except (requests.RequestException, ValueError, TypeError, *_STRANGE) as error:
            message = f"unexpected answer: {type(error).__name__}: {error}"
            raise self.error(message) from None

    def _clean(self, text: str) -> str:
        forms = (self.token, repr(self.token)[1:-1], quote(self.token), quote(self.token, safe=""))
        for secret in filter(None, forms):
            text = text.replace(secret, MASK)
        text = "".join(sign if sign.isprintable() else " " for sign in mask(text))
        text = " ".join(text.split())
        return text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"


def said(data: object) -> str:
    """Return what the body of a refusal says, whatever its shape."""
    match data:
        case bytes():
            return said(data.decode("utf-8", "replace"))
        case str():
            return "" if data.lstrip().startswith("<") else data.strip()
        case list():
            return "; ".join(filter(None, map(said, data)))
        case dict():
            known = [said(data[key]) for key in _KEYS if key in data]
            # GitLab: {"title": ["is too long"]}; GitHub: {"resource": "Label", "code": "invalid"}.
            return ": ".join(filter(None, known)) or " ".join(
                f"{k} {said(v)}" for k, v in data.items()
            )
        case _:
            return "" if data is None else str(data)


def parsed(text: str) -> object:
    """Return what a body holds: parsed JSON, else the text."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found


def _is_limit(answer: Answer, told: str) -> bool:
    if answer.status == 429:
        return True
    # GitHub says 403 for its limits, and 400 stands for an error of GraphQL.
    spent = answer.headers.get("x-ratelimit-remaining") == "0"
    later = "retry-after" in answer.headers
    named = any(word in told for word in _RATE)
    return (answer.status == 403 and (spent or later or named)) or (answer.status == 400 and named)


def _wait(answer: Answer, *, limited: bool) -> float | None:
    """Return seconds to wait; 0 where the forge names no time."""
    if not limited and answer.status != 408 and answer.status < 500:
        return None
    headers = answer.headers
    now = _date(headers.get("date")) or time.time()
    if (after := headers.get("retry-after")) is not None:
        seconds = _number(after)
        if seconds is None and (at := _date(after)):
            seconds = at - now
        if seconds is not None:
            return max(0.0, seconds)
    if not limited:
        return 0.0
    spent = headers.get("x-ratelimit-remaining") == "0"
    reset = headers.get("ratelimit-reset") or (headers.get("x-ratelimit-reset") if spent else None)
    at = _number(reset)
    return max(1.0, at - now) if at else _MINUTE


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() and len(text) < 16 else None


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text or "").timestamp()
    except (ValueError, OverflowError):
        return None
