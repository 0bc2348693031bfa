"""`refactor campaign` as a user runs it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaign_kills import on_disk
from refactor.campaign.lock import BusyError, locked
from tests.campaign.conftest import ROOT, Ran, standing
from tests.campaign.disk_forge import DiskForge
from tests.campaign.farm import branches, campaign_file, farm, git

Campaign = Callable[..., Ran]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return campaign_file(tmp_path, farm(tmp_path, [2, 3, 4]))


def test_from_plan_to_close(campaign: Campaign, file: Path) -> None:
    planned = campaign("plan", file)
    assert (planned.code, planned.states()) == (
        0,
        {
            "shop/svc-0002": "planned",
            "shop/svc-0003": "nothing to do",
            "shop/svc-0004": "needs review",
        },
    )
    assert planned.events[0]["event"] == "start"
    assert planned.events[-1] == {
        "event": "end",
        "at": planned.events[-1]["at"],
        "states": {"planned": 1, "nothing to do": 1, "needs review": 1},
        "failures": 0,
    }

    ran = campaign("run", file)
    assert (ran.code, ran.states()) == (0, {"shop/svc-0002": "pushed"})
    assert branches(file.parent / "shop/svc-0002.git") == ["main", "refactor/services"]

    told = json.loads(campaign("status", file, "--format", "json").out)
    assert told["states"] == {"needs review": 1, "pushed": 1, "nothing to do": 1}
    latest, *before = [change["state"] for change in told["latest"]]
    assert (latest, sorted(before)) == ("pushed", ["needs review", "nothing to do", "planned"])
    assert "| `shop/svc-0002` | 1 | 0 |" in campaign("status", file, "--format", "markdown").out
    table = campaign("status", file, NO_COLOR="1", COLUMNS="120").out
    assert "shop/svc-0004" in table
    assert "1 unknown-address" in table

    assert campaign("close", file).states() == {"shop/svc-0002": "closed"}
    assert branches(file.parent / "shop/svc-0002.git") == ["main"]


def test_retry_begins_anew_what_it_names(campaign: Campaign, file: Path) -> None:
    campaign("run", file)
    campaign("close", file)

    assert campaign("retry", file).states() == {}
    assert campaign("retry", file, "shop/svc-*").states()["shop/svc-0002"] == "pushed"


def test_for_people_it_says_a_line_each(campaign: Campaign, file: Path) -> None:
    ran = campaign("run", file, "--patch-dir", str(file.parent / "patches"), json_lines=False)

    assert ran.code == 0
    assert f"shop/svc-0002: wrote {file.parent}/patches/shop-svc-0002.patch" in ran.out
    assert ran.out.splitlines()[-1] == "1 needs review, 1 nothing to do, 1 planned"
    assert branches(file.parent / "shop/svc-0002.git") == ["main"]


def test_a_repository_that_failed_is_exit_code_1(campaign: Campaign, file: Path) -> None:
    (file.parent / "shop" / "svc-0003.git").rename(file.parent / "gone")

    ran = campaign("run", file, json_lines=False)
    again = campaign("run", file, json_lines=False)

    assert (ran.code, again.code) == (1, 1)
    assert ran.out.splitlines()[-1] == "1 failed, 1 needs review, 1 pushed"
    assert again.out == "1 failed, 1 needs review, 1 pushed\n"
    assert again.err == f"`refactor campaign status {file}` tells why\n"
    assert standing(file)["shop/svc-0002"][0] == "pushed"
    assert "does not appear to be a git repository" in standing(file, "failure")["shop/svc-0003"][1]


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("limts: {}\n", ":7: unknown setting `limts`; did you mean `limits`?"),
        ("forge: {kind: github, token: NO_SUCH_TOKEN}\n", "forge: github needs a token; put it into the environment, as NO_SUCH_TOKEN"),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_exit_code_2_and_one_line(
    campaign: Campaign, file: Path, extra: str, told: str
) -> None:
    file.write_text(file.read_text() + extra)

    ran = campaign("run", file)

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert told in ran.err


def test_status_before_anything_says_so(campaign: Campaign, file: Path) -> None:
    ran = campaign("status", file)

    assert (ran.code, "nothing has been planned yet; run `refactor campaign plan`" in ran.err) == (
        2,
        True,
    )


def test_two_runs_of_one_campaign_do_not_meet(campaign: Campaign, file: Path) -> None:
    with locked(file.with_suffix(".lock")):
        ran = campaign("run", file)
        with pytest.raises(BusyError), locked(file.with_suffix(".lock")):
            pass

    assert ran.code == 75
    assert "another run of this campaign is under way" in ran.err


def test_repositories_come_from_standard_input(file: Path) -> None:
    text = file.read_text().replace("file: repositories.txt", "file: '-'")
    file.write_text(text)
    ran = command(file, "plan", input=f"{file.parent}/shop/svc-0003.git # one\n\n")

    assert ran.returncode == 0
    assert list(standing(file)) == ["shop/svc-0003"]


def test_the_live_table_shows_what_fits_and_ends_by_hand(file: Path) -> None:
    command(file, "plan")
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 8, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "refactor", "campaign", "status", str(file), "--watch"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}, stdin=writer, stdout=writer, stderr=writer,
    )  # fmt: skip
    os.close(writer)
    seen = b""
    while b"planned, 1 nothing to do" not in seen:
        seen += os.read(reader, 10_000)
    process.send_signal(signal.SIGINT)
    with suppress(OSError):  # Linux says so at the end of a terminal
        while os.read(reader, 10_000):  # a terminal that nobody reads holds up what is written
            pass

    assert process.wait() == 0
    os.close(reader)
    assert b"shop/svc-0004" in seen
    assert b"1 more; 3 repositories" in seen


def test_a_run_that_is_told_to_end_ends_as_by_hand(file: Path) -> None:
    """SIGTERM is what a CronJob, or a runner that is cancelled, gets first."""
    words = ["campaign", "plan", str(file), "--json-lines", "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "refactor", *words, "--cache", str(file.parent / "cache")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert '"start"' in process.stdout.readline()
    process.terminate()
    _, said = process.communicate(timeout=120)

    assert process.returncode == 143
    assert said == "refactor: stopped; run it again to go on from here\n"
    assert command(file, "plan").returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("plan", "--scheduler", "tcp://h:1"), "--scheduler is for --executor dask"),
        (("plan", "--executor", "dask"), "Dask's scheduler has to be named"),
        (("retry", "--patch-dir", "patches"), "No such option '--patch-dir'"),
        (("run", "--only", "svc-*"), "`svc-*` matches no repository of the campaign"),
        (("retry", "x"), "NAMES: `x` matches no repository of the campaign"),
        (("status", "--output", "x"), "a table goes to the terminal"),
        (("status", "--watch", "--format", "json"), "--watch is for the table"),
    ],
)
def test_what_makes_no_sense_is_refused(
    campaign: Campaign, file: Path, words: tuple[str, ...], told: str
) -> None:
    ran = campaign(words[0], file, *words[1:])

    assert (ran.code, told in ran.err) == (2, True), ran.err


def test_help_says_what_to_do() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "refactor", "campaign", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert [
        name
        for name in ("plan", "run", "status", "close", "retry")
        if f"  {name} " not in ran.stdout
    ] == []


def test_interrupted_it_says_how_to_go_on(file: Path) -> None:
    process = start(file, "run")
    assert process.stdout is not None
    next(iter(process.stdout))
    time.sleep(0.2)  # while the process forks its workers, Python itself drops an interrupt
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()

    assert process.returncode == 130
    assert said.strip().endswith("refactor: stopped; run it again to go on from here")
    assert command(file, "run").returncode == 0


def test_workers_end_with_the_process_that_leads(file: Path) -> None:
    process = start(file, "run")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "planned":
            break
    process.kill()
    # Every worker holds the other ends of these pipes: they end when the last of them has.
    process.communicate()

    assert command(file, "run").returncode == 0


def test_killed_at_random_moments_each_has_one_pull_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T", "token")

    found = on_disk(tmp_path, 10, 4, int(time.time()))

    assert found.faults == []
    assert (found.changed, found.kills.total()) == (6, 4)


def test_a_group_of_the_forge_is_listed_by_its_filters(tmp_path: Path) -> None:
    for path in farm(tmp_path, [2, 12, 22, 32]):
        archived, topics = path.stem == "svc-0012", [] if path.stem == "svc-0022" else ["k8s"]
        (path / "about.json").write_text(
            json.dumps({"archived": archived, "topics": topics, "language": "Python"})
        )
    file = campaign_file(
        tmp_path, [], "forge: {kind: gitea, url: 'http://forge.example', token: T}\n"
    )
    listed = "groups: [{name: shop, names: ['shop/svc-*'], topics: [k8s], languages: [python]}], exclude: ['*/svc-0032']"
    file.write_text(file.read_text().replace("file: repositories.txt", listed))

    ran = subprocess.run(
        [sys.executable, "-m", "tests.campaign.disk_forge", str(tmp_path), "campaign", "run", str(file), "--cache", str(tmp_path / "cache")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "T": "token"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert [pull["repository"] for pull in DiskForge(tmp_path).pulls()] == ["shop/svc-0002"]
    assert (
        git("rev-list", "--count", "main..refactor/services", at=tmp_path / "shop/svc-0002.git")
        == "1"
    )


def words(file: Path, name: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "refactor",
        "campaign",
        name,
        str(file),
        "--json-lines",
        "--cache",
        str(file.parent / "cache"),
        "--workers",
        "2",
    ]


def command(file: Path, name: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words(file, name),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def start(file: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words(file, name),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
