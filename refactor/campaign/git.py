"""The system's git, run such that nothing of a repository's runs and no secret is shown.

Hooks, file system monitors, filters, submodules, LFS and transports that are commands are off, by
settings that git takes from its environment (git-config(1), GIT_CONFIG_COUNT), where no process
list shows them. The user's own settings stay: a proxy, a certificate, a credential helper.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from refactor.errors import RefactorError
from refactor.files.git import KEPT, QUIET, environment, program, run, streamed
from refactor.secret.mask import MASK, mask

_SETTINGS = (
    *QUIET,
    ("core.autocrlf", "false"),
    ("core.attributesFile", os.devnull),
    ("commit.gpgSign", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("push.recurseSubmodules", "no"),
    ("push.gpgSign", "false"),
    ("filter.lfs.smudge", ""),
    ("filter.lfs.process", ""),
    ("filter.lfs.required", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("advice.detachedHead", "false"),
    # A server that goes silent: less than a thousand bytes a second for a minute.
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "60"),
)
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_PROTOCOL_FROM_USER": "1",
}
# The user's ways to reach a server; every other GIT_ variable would point git elsewhere, or make
# it write what it does (GIT_TRACE, GIT_CURL_VERBOSE) with the credentials in it.
_KEPT = (
    *KEPT,
    *("GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"),
)
# The helper reads the password from the environment of the git that asks; only names stand here.
_HELPER = (
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" '
    '"$REFACTOR_GIT_USER" "$REFACTOR_GIT_PASSWORD"; }; f'
)
_TRANSIENT = (
    "could not resolve host",
    "connection",
    "timed out",
    "early eof",
    "the remote end hung up",
    "rpc failed",
    "returned error: 5",
    "returned error: 429",
    "unable to access",
    "cannot lock ref",
    "temporary failure",
)


# Refusals by the server; libcurl's messages for them begin like those for a lost connection.
_FINAL = ("returned error: 400", "returned error: 401", "returned error: 403", "certificate")


# What servers say to a password that they do not take.
_REFUSED = (
    *("authentication failed", "failed to authenticate", "could not read username"),
    *("could not read password", "returned error: 401", "access denied"),
)


class GitError(RefactorError):
    """A git command that failed.

    Attributes:
        transient: whether another time may bring another answer.
        broken: whether it was about a clone alone, which may be at fault.
        refused: whether the server refused the password.
    """

    def __init__(
        self,
        message: str,
        *,
        transient: bool = False,
        broken: bool = False,
        refused: bool = False,
    ) -> None:
        super().__init__(message)
        self.transient = transient
        self.broken = broken
        self.refused = refused


class MovedError(GitError):
    """A branch is not where it was a moment ago."""


class Access(NamedTuple):
    """What git may present to the servers of one address, and to no other.

    Attributes:
        url: scheme, host and port that the password is for.
        user: the user name.
        variable: the environment variable that holds the password.
    """

    url: str = ""
    user: str = ""
    variable: str = ""

    @property
    def secret(self) -> str:
        """The password; "" where there is none."""
        return os.environ.get(self.variable, "") if self.variable else ""


def access(url: str, user: str, variable: str) -> Access:
    """Return the access to the server of an address.

    Args:
        variable: the environment variable that holds the password; "" for no access.
    """
    parts = urlsplit(url)
    if not variable or parts.scheme not in ("http", "https"):
        return Access()
    return Access(f"{parts.scheme}://{parts.netloc}", user, variable)


class Git:
    """Runs git.

    Attributes:
        seconds: that one command may take.
    """

    def __init__(self, access: Access = Access(), seconds: float = 600) -> None:  # noqa: B008 - immutable
        self._git = program()
        if not self._git:
            message = "git is not on the PATH"
            raise RefactorError(message, remedy="install it")
        self._access = access
        self.seconds = seconds

    def __call__(
        self,
        *command: str,
        at: Path | None = None,
        data: bytes = b"",
        env: Mapping[str, str] | None = None,
        settings: Sequence[tuple[str, str]] = (),
        none: Sequence[int] = (),
    ) -> bytes:
        """Return what a git command prints."""
        words, variables = self._call(command, at, settings, env or {})
        try:
            code, output, said = run(words, variables, data, self.seconds)
        except OSError as problem:
            message = f"git cannot be run: {problem.strerror}"
            raise GitError(message) from problem
        if code == 0 or code in none:
            return output
        raise self._error(command, said, code, at)

    def records(self, *command: str, at: Path, most: int) -> Iterator[bytes]:
        """Yield what a git command prints, cut at its NULs, before it has printed all of it.

        Args:
            most: bytes that it may print.
        """
        words, variables = self._call(command, at, (), {})
        stream = streamed(words, variables, self.seconds)
        tail, left = b"", most
        try:
            while True:
                chunk = next(stream)
                left -= len(chunk)
                if left < 0:
                    message = f"git {command[0]} lists more than {most // 1_000_000} MB"
                    raise GitError(message)
                *whole, tail = (tail + chunk).split(b"\0")
                yield from whole
        except StopIteration as end:
            if end.value.code != 0:
                raise self._error(command, end.value.said, end.value.code, at) from None
        finally:
            stream.close()

    def _call(
        self,
        command: Sequence[str],
        at: Path | None,
        settings: Sequence[tuple[str, str]],
        env: Mapping[str, str],
    ) -> tuple[Sequence[str], dict[str, str]]:
        """Return the words and the variables of a call."""
        # Without a clone, git would look for a repository around the working directory, which may
        # be a stranger's, and obey its settings: transports, credential helpers, other addresses.
        place = {} if command[0] == "init" else {"GIT_DIR": str(at or os.devnull)}
        variables = self._environment(settings) | place | dict(env)
        return (self._git, "--no-pager", *command), variables

    def text(self, *command: str, at: Path | None = None) -> str:
        """Return what a git command prints, as text without its last line feed."""
        return os.fsdecode(self(*command, at=at)).removesuffix("\n")

    def _environment(self, settings: Sequence[tuple[str, str]]) -> dict[str, str]:
        pairs = [*_SETTINGS, *settings]
        own = {}
        if self._access.secret:
            own = {
                "REFACTOR_GIT_USER": self._access.user,
                "REFACTOR_GIT_PASSWORD": self._access.secret,
            }
            pairs += [(f"credential.{self._access.url}.helper", value) for value in ("", _HELPER)]
        # Without a terminal to ask at: ssh has to fail, not to wait.
        ssh = {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes"}
        return ssh | environment(_KEPT, pairs) | _ENVIRONMENT | own

    def _error(
        self, command: Sequence[str], said: bytes, code: int | None, at: Path | None
    ) -> GitError:
        verb = next((word for word in command if not word.startswith("-")), "git")
        if code is None:
            return GitError(f"git {verb} takes more than {self.seconds:g} seconds", transient=True)
        told = _told([line.strip() for line in os.fsdecode(said).splitlines()], code)
        heard = os.fsdecode(said).lower()
        final = any(sign in heard for sign in _FINAL)
        transient = not final and any(sign in heard for sign in _TRANSIENT)
        broken = bool(at) and verb not in ("fetch", "push")
        told = f"git {verb}: {self.masked(told)[:500]}"
        refused = any(sign in heard for sign in _REFUSED)
        return GitError(told, transient=transient, broken=broken, refused=refused)

    def masked(self, text: str) -> str:
        """Return a text without the password, as it is and as it looks in a URL."""
        secret = self._access.secret
        text = text.encode("utf-8", "backslashreplace").decode()
        return mask(text.replace(secret, MASK) if secret else text)


def _told(lines: Sequence[str], code: int) -> str:
    """Return what tells a failure best: the server's own words, and why a branch was refused."""
    lines = [line for line in lines if line not in ("", "remote:")]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    refused = next((line for line in lines if line.startswith("! ")), "")
    why = refused[refused.rfind("(") :] if "(" in refused else refused
    first = (fatal or [line for line in lines if line != refused] or [why or f"exit code {code}"])[
        0
    ]
    return f"{first} {why}" if why and why not in first else first
