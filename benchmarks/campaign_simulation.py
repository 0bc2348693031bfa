"""What a campaign over very many repositories takes: requests, hours, workers, storage.

    python -m benchmarks.campaign_simulation [--write]

A model, minute by minute: repositories are planned by workers, then branches are pushed and pull
requests opened by one process, one after the other, under the limits of the forge and of the
campaign file. Its inputs are measured (`INPUTS` says by what) or published by the forge (`FORGES`
says where). `--write` writes docs/campaign-scale.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parent.parent / "docs" / "campaign-scale.md"
SIZES = (10_000, 100_000)
_DAY = 24 * 60
"""Minutes."""


class Inputs(NamedTuple):
    """Measured on two cores; see the page for how.

    Attributes:
        share: of all repositories that get a pull request.
        plan: seconds of a processor to clone and plan one repository.
        asked: seconds to ask a remote where its branches are (git over HTTPS, one round trip).
        pushed: seconds to make and push one branch.
        answered: seconds for one request to the forge.
        state, clone: bytes on disk for one repository, of the state file and of its clone.
    """

    share: float = 0.4
    plan: float = 0.42
    asked: float = 0.3
    pushed: float = 1.5
    answered: float = 0.25
    state: int = 1_843
    clone: int = 2_000_000


MEASURED = Inputs()


class Forge(NamedTuple):
    """Limits as published, and requests as counted by `benchmarks.campaign_calls`.

    Attributes:
        name: the forge's.
        per_hour: requests that it takes within an hour; 0 for no limit.
        writes_minute, writes_hour: requests that make content; 0 for no limit.
        first: reads and writes of a repository whose pull request is opened.
        again: reads of one whose pull request is open and that has not moved.
        before: the same before requests went by the number of the pull request; 0 where they
            were not counted then.
    """

    name: str
    per_hour: int
    writes_minute: int
    writes_hour: int
    first: tuple[int, int]
    again: int
    before: int


FORGES = (
    # docs.github.com, "Rate limits for the REST API": 5,000 an hour for a person's token; about 80
    # requests a minute and 500 an hour that make content.
    Forge("GitHub, a person's token", 5_000, 80, 500, (4, 2), 1, 3),
    # The same: 15,000 an hour for an app of an Enterprise Cloud organisation.
    Forge("GitHub, an Enterprise app", 15_000, 80, 500, (4, 2), 1, 3),
    # docs.gitlab.com, "Rate limits on GitLab.com": 2,000 requests a minute with a token.
    Forge("GitLab.com", 120_000, 0, 0, (3, 1), 1, 4),
    # support.atlassian.com, "API request limits": 1,000 an hour, more with paid seats.
    Forge("Bitbucket Cloud", 1_000, 0, 0, (2, 1), 1, 0),
    # Gitea and Forgejo limit nothing unless their operator does.
    Forge("Gitea", 0, 0, 0, (6, 2), 1, 0),
)


class Campaign(NamedTuple):
    """What the operator says: processes that plan, and `limits.per-hour`, `limits.pause`."""

    workers: int = 8
    per_hour: int = 0
    pause: float = 1.0


class Took(NamedTuple):
    """What a run took."""

    requests: int
    writes: int
    minutes: int
    plan_minutes: float


def first_run(number: int, forge: Forge, campaign: Campaign, given: Inputs = MEASURED) -> Took:
    """Return what it takes to plan everything and open every pull request."""
    pulls = round(number * given.share)
    planned = number * given.plan / campaign.workers / 60
    reads, writes = forge.first
    each = given.asked + given.pushed + (reads + writes) * given.answered + writes * campaign.pause
    minutes = _paced(pulls, each, (reads, writes), forge, campaign)
    return Took(pulls * (reads + writes), pulls * writes, round(planned) + minutes, planned)


def daily_run(
    number: int, forge: Forge, moved: float, requests: int, given: Inputs = MEASURED
) -> Took:
    """Return what a run takes when a share of the repositories has moved since the last one.

    Args:
        number: repositories.
        forge: where they are.
        moved: the share of them whose base has moved.
        requests: reads for each that is open.
        given: measured.
    """
    campaign = Campaign()
    pulls = round(number * given.share)
    # Every remote is asked where its base is; what has moved is planned again.
    planned = number * (given.asked + moved * given.plan) / campaign.workers / 60
    each = given.asked + requests * given.answered
    minutes = _paced(pulls, each, (requests, 0), forge, campaign)
    return Took(pulls * requests, 0, round(planned) + minutes, planned)


def _paced(
    pulls: int, seconds: float, requests: tuple[int, int], forge: Forge, campaign: Campaign
) -> int:
    """Return the minutes that so many pull requests take, one after the other, under all limits."""
    done, minute = 0, 0
    hour: list[int] = []
    while done < pulls:
        room = int(60 / seconds * (minute + 1)) - int(60 / seconds * minute)
        spent = sum(hour[-59:])
        room = min(room, *_limits(spent, requests, forge, campaign), pulls - done)
        done += room
        hour.append(room)
        minute += 1
    return minute


def _limits(
    spent: int, requests: tuple[int, int], forge: Forge, campaign: Campaign
) -> Iterator[int]:
    """Yield how many more pull requests each limit lets through in this minute."""
    reads, writes = requests
    yield 10**9
    if forge.per_hour and reads + writes:
        yield max(0, forge.per_hour // (reads + writes) - spent)
    if writes and forge.writes_minute:
        yield forge.writes_minute // writes
    if writes and forge.writes_hour:
        yield max(0, forge.writes_hour // writes - spent)
    if writes and campaign.per_hour:
        yield max(0, campaign.per_hour - spent)


def hours(minutes: float) -> str:
    """Return a time as hours, or as days where it is more than two."""
    return f"{minutes / 60:.1f} h" if minutes < 2 * _DAY else f"{minutes / _DAY:.1f} d"


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    given = MEASURED
    yield _INTRO.format(**given._asdict(), percent=round(given.share * 100))
    yield "## The first run\n"
    yield "Without a limit of the campaign's own (`limits.per-hour: 0`; by default it is 60), 8 workers.\n"
    yield "| forge | repositories | pull requests | requests | that write | planning | all |"
    yield "| --- | --: | --: | --: | --: | --: | --: |"
    for forge in FORGES:
        for number in SIZES:
            took = first_run(number, forge, Campaign())
            pulls = round(number * given.share)
            cells = (f"{number:,}", f"{pulls:,}", f"{took.requests:,}", f"{took.writes:,}")
            times = (hours(took.plan_minutes), hours(took.minutes))
            yield f"| {forge.name} | {' | '.join((*cells, *times))} |"
    yield "\n## A run a day later, 1 % has moved\n"
    yield "Every pull request is still open: the dearest case. A dash: not counted before it was changed.\n"
    yield "| forge | repositories | requests before | time | requests now | time |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for forge in FORGES:
        for number in SIZES:
            cells = [c for n in (forge.before, forge.again) for c in _day(number, forge, n)]
            yield f"| {forge.name} | {number:,} | {' | '.join(cells)} |"
    yield "\n## Workers\n"
    yield "| workers | planning 10,000 | planning 100,000 |"
    yield "| --: | --: | --: |"
    for workers in (2, 8, 32, 128):
        took = [first_run(n, FORGES[-1], Campaign(workers)).plan_minutes for n in SIZES]
        yield f"| {workers} | {' | '.join(map(hours, took))} |"
    yield "\n## Storage\n"
    yield "| repositories | state file | clones |"
    yield "| --: | --: | --: |"
    for number in SIZES:
        state, clones = number * given.state / 1e9, number * given.clone / 1e9
        yield f"| {number:,} | {state:.1f} GB | {clones:,.0f} GB |"
    yield _END


def _day(number: int, forge: Forge, requests: int) -> tuple[str, str]:
    """Return the requests and the time of a day's run; dashes where requests were not counted."""
    took = daily_run(number, forge, 0.01, requests)
    return (f"{took.requests:,}", hours(took.minutes)) if requests else ("-", "-")


_INTRO = """# Campaigns on paper: 10,000 and 100,000 repositories

By `python -m benchmarks.campaign_simulation --write`: a model, not a measurement. It takes these
inputs:

| input | value | from |
| --- | --: | --- |
| repositories that get a pull request | {percent} % | assumed |
| planning one repository | {plan} s of a processor | measured: 100 repositories, 42.3 s |
| asking a remote for its branches | {asked} s | assumed: one round trip of git over HTTPS |
| making and pushing a branch | {pushed} s | assumed |
| one request to the forge | {answered} s | assumed |
| state file | {state:,} bytes a repository | measured: `benchmarks.campaign_calls`, of very small repositories |
| a clone (bare, shallow, no large files) | {clone:,} bytes | assumed |
| requests for a pull request | see the program | counted: `benchmarks.campaign_calls`, on the stand-ins of the tests |
| limits of each forge | see the program | published by each forge |

An assumed value is a round number to put your own in place of.
"""
_END = """
## What this says, and what was changed because of it

* **The limit on content, not the planning, decides on GitHub.** 500 requests an hour that make
  content are 250 pull requests an hour with a label on each. Leave out labels, and it is twice that.
  A campaign of 100,000 repositories is one for several apps, or for weeks: use `limits.open` and
  `--only` to let owners keep pace.
* **A day's rerun was too dear.** Every open pull request was looked for by its branch, and then read
  again before it was compared: three requests on GitHub and four on GitLab. It is read once now, by
  its number, and read again only before something is written.
* **A run unpacked every plan, report and file several times** to learn who waits for whom. The state
  keeps an outline of each plan beside it now; the plan itself is unpacked once, when it is published.
* **Clones are what fills a disk.** They can be removed between runs (`--cache`): a repository that
  has not moved is not cloned again.
* **The leader is one process.** Where it takes more than a day, split the campaign by owner: each
  part has a file, a state and a lock of its own.
"""


if __name__ == "__main__":
    text = "\n".join(page())
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, "utf-8")
    else:
        print(text)
