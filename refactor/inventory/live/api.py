"""GET requests to a cluster's API: retried as the server asks, refused in one clear line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

import msgspec

from refactor.errors import RefactorError
from refactor.inventory.live.login import log_in
from refactor.inventory.parts import Part
from refactor.secret.mask import MASK, mask

_CONNECT, _READ = 10, 120  # seconds to wait for a connection, and for each piece of an answer
_ATTEMPTS = 5  # after the first
_BACKOFF = 0.5  # seconds, doubled from one attempt to the next
_LONGEST = 60  # seconds; a server may ask for more
_RETRIED = (429, 500, 502, 503, 504)
_OBJECT = re.compile(r"<?[\w.]*Connection\w*\(.*?\)>?[:,]? ")


class Status(Part, frozen=True):
    """What the API says of a request that it refuses."""

    message: str = ""


_STATUS = msgspec.json.Decoder(Status)


class RefusedError(Exception):
    """The API answered with another status than 200."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Api:
    """A cluster's API.

    Attributes:
        context: the kubeconfig's name for the cluster; "" inside it.
    """

    def __init__(self, context: str = "", kubeconfig: str = "") -> None:
        """Find the credentials; nothing is asked yet.

        Args:
            context: of the kubeconfig; "" for its current one, or the cluster this runs in.
            kubeconfig: a file; "" for those that kubectl would read.

        Raises:
            RefactorError: the credentials cannot be obtained.
        """
        self._asked = (context, kubeconfig)
        self._log_in()
        parts = urlsplit(self._login.configuration.host)
        self.context = self._login.context
        self.server = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def title(self) -> str:
        """What a person calls the cluster."""
        return self.context or self.server

    def _log_in(self) -> None:
        self._login = log_in(*self._asked)  # first: it says so where the client is not installed
        from kubernetes.client import ApiClient
        from urllib3 import disable_warnings
        from urllib3.exceptions import InsecureRequestWarning

        if not self._login.configuration.verify_ssl:
            disable_warnings(InsecureRequestWarning)  # the kubeconfig says so, as to kubectl
        self._pool = ApiClient(configuration=self._login.configuration).rest_client.pool_manager

    def get(self, path: str, **query: str | int) -> bytes:
        """Return the body that the API answers with.

        Credentials that it does not take any more are had anew, once.

        Raises:
            RefusedError: it answers, with another status than 200 or 401.
            RefactorError: it does not answer, or takes no credentials of ours.
        """
        told = urlencode({name: value for name, value in query.items() if value != ""})
        target = f"{path}?{told}" if told else path
        answer = self._ask(target)
        if answer.status == 401:
            self._log_in()
            answer = self._ask(target)
        if answer.status == 401:
            message = (
                "the API rejects the credentials (401): they are expired, or another cluster's"
            )
            raise RefactorError(message, where=self.title, remedy="log in again")
        if answer.status != 200:
            raise RefusedError(answer.status, self._without_credentials(_message(answer.data)))
        data: bytes = answer.data
        return data

    def _without_credentials(self, told: str) -> str:
        """Mask what we sent, should the API, or what stands before it, say it again."""
        sent = (part for _, value in self._credentials() for part in value.split())
        for part in sorted({part for part in sent if len(part) > 8}, key=len, reverse=True):
            told = told.replace(part, MASK)
        return told

    def _ask(self, target: str) -> Any:
        from urllib3 import Retry, Timeout
        from urllib3.exceptions import HTTPError

        retries = Retry(
            total=_ATTEMPTS, connect=2, other=0, redirect=0, status_forcelist=_RETRIED,
            allowed_methods={"GET"}, backoff_factor=_BACKOFF, backoff_max=_LONGEST,
            retry_after_max=_LONGEST, raise_on_status=False, raise_on_redirect=False,
        )  # fmt: skip
        try:
            return self._pool.request(
                "GET", self._login.configuration.host + target, headers=self._headers(),
                retries=retries, timeout=Timeout(connect=_CONNECT, read=_READ), redirect=False,
            )  # fmt: skip
        except HTTPError as error:
            self._unreachable(error)

    def _headers(self) -> Any:
        from urllib3 import HTTPHeaderDict

        headers = HTTPHeaderDict({"Accept": "application/json", "Accept-Encoding": "gzip"})
        headers["User-Agent"] = "kube-refactor"
        for name, value in self._credentials():
            headers.add(name, value)
        return headers

    def _credentials(self) -> Iterator[tuple[str, str]]:
        for setting in self._login.configuration.auth_settings().values():
            if setting["in"] == "header" and setting["value"]:
                yield setting["key"], setting["value"]
        yield from self._login.headers

    def _unreachable(self, error: Exception) -> NoReturn:
        reason = getattr(error, "reason", None) or error
        told = mask(" ".join(_OBJECT.sub("", str(reason)).split()))
        message = f"the API at {self.server} cannot be read ({told})"
        remedy = "check that the context is the right one, and that kubectl reaches it"
        raise RefactorError(message, where=self.title, remedy=remedy) from error


def _message(data: bytes) -> str:
    try:
        told = _STATUS.decode(data).message
    except (msgspec.MsgspecError, ValueError, RecursionError):
        told = "it does not say why"
    return mask(" ".join(told.split()))[:300]
