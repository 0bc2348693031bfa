"""A real Gitea on loopback, over SQLite, in a directory of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.control_plane import free_port
from tests.forge.build import folder

_SETTINGS = """
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
RUN_MODE = prod
[server]
PROTOCOL = http
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
ROOT_URL = {url}/
DISABLE_SSH = true
OFFLINE_MODE = true
STATIC_ROOT_PATH = {share}
[database]
DB_TYPE = sqlite3
PATH = {home}/gitea.db
SQLITE_JOURNAL_MODE = WAL
[security]
INSTALL_LOCK = true
PASSWORD_HASH_ALGO = pbkdf2_v1
[api]
MAX_RESPONSE_ITEMS = 2
[log]
MODE = console
LEVEL = warn
"""
PASSWORD = "not-Secret-1"


class GiteaServer:
    """Gitea, with its command line and its API."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{free_port()}"
        self.tokens: dict[str, str] = {}
        settings = {
            "port": self.url.rpartition(":")[2],
            "url": self.url,
            "home": home,
            "share": folder() / "share",
        }
        (home / "app.ini").write_text(_SETTINGS.format(**settings))

    def program(self, *words: str) -> list[str]:
        return [str(folder() / "gitea"), *words, "--config", str(self.home / "app.ini")]

    @property
    def environment(self) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITEA_"))}
        return {
            **own,
            "GITEA_WORK_DIR": str(self.home),
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def command(self, *words: str) -> str:
        done = subprocess.run(
            self.program(*words),
            env=self.environment,
            cwd=self.home,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def user(self, name: str, *words: str) -> str:
        """Make a user, and return a token that may do all that the user may."""
        account = (
            "--username",
            name,
            "--password",
            PASSWORD,
            "--email",
            f"{name}@shop.example",
            "--must-change-password=false",
        )
        self.command("admin", "user", "create", *account, *words)
        made = self.command(
            "admin", "user", "generate-access-token", "--username", name, "--scopes", "all", "--raw"
        )
        # On a busy machine there are warnings of slow queries around it.
        self.tokens[name] = re.findall(r"^[0-9a-f]{40}$", made, re.MULTILINE)[0]
        return self.tokens[name]

    def ask(self, method: str, path: str, body: Any = None, user: str = "root-user") -> Any:
        """Ask the API, not through the adapter."""
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method=method)
        request.add_header("Content-Type", "application/json")
        if user in self.tokens:
            request.add_header("Authorization", f"token {self.tokens[user]}")
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def is_up(self) -> bool:
        try:
            return bool(self.ask("GET", "/version"))
        except OSError:
            return False

    def remote(self, name: str, user: str = "root-user") -> str:
        """An address for real git, with a password in it: this is a test."""
        return f"{self.url.replace('://', f'://{user}:{self.tokens[user]}@')}/{name}.git"


@contextmanager
def gitea(home: Path) -> Iterator[GiteaServer]:
    """Run Gitea; it ends with the block, and what it kept goes too."""
    server = GiteaServer(home)
    server.command("migrate")
    server.user("root-user", "--admin")
    with (home / "gitea.log").open("wb") as log:
        process = subprocess.Popen(
            server.program("web"), env=server.environment, cwd=home, stdout=log, stderr=log
        )
        try:
            until_up(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    shutil.rmtree(home, ignore_errors=True)


def until_up(server: GiteaServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 240
    while not server.is_up():
        assert process.poll() is None, (server.home / "gitea.log").read_text()
        assert time.monotonic() < end, "Gitea does not answer"
        time.sleep(0.1)
