"""A campaign of many repositories at some moment, without the work: for its picture."""

from __future__ import annotations

import random
from pathlib import Path

from refactor.campaign.state import States
from refactor.campaign.values import ChangedFile, Repository, Result, State

TEAMS = (
    "shop",
    "billing",
    "search",
    "platform",
    "data",
    "mobile",
    "identity",
    "logistics",
    "ads",
    "support",
    "risk",
    "media",
)
_STATES: list[tuple[State, str, int]] = [
    ("merged", "", 46),
    ("open", "", 18),
    ("nothing to do", "", 14),
    ("needs review", "2 unknown-address, 1 no-port", 6),
    ("needs review", "1 ambiguous", 3),
    ("planned", "waits: 60 pull requests are open", 5),
    ("modified by others", "others have pushed to refactor/services", 2),
    ("failed", "git ls-remote: fatal: could not read Username for 'https://git.example': terminal prompts disabled", 2),
    ("failed", "holds 1841 MB of files, the limit is 1000", 1),
    ("closed", "", 2),
    ("pushed", "", 1),
]  # fmt: skip


def many(file: Path, number: int) -> None:
    """Write the state of a campaign over so many repositories beside its file."""
    luck = random.Random(7)
    names = [
        f"{TEAMS[n % len(TEAMS)]}/{luck.choice(('api', 'web', 'worker', 'batch', 'gateway'))}-{n:04}"
        for n in range(number)
    ]
    repositories = [Repository(name, f"https://git.example/{name}.git") for name in names]
    file.write_text("name: services\nrepositories: {list: [a/b]}\n")
    states = States(file.with_suffix(".state.db"))
    states.select(repositories)
    for index, name in enumerate(names):
        state, reason, _ = luck.choices(_STATES, [weight for *_, weight in _STATES])[0]
        states.keep(_result(name, state, luck), "key")
        pull = (
            f"https://git.example/{name}/pulls/{index + 1}"
            if state in ("open", "merged", "closed")
            else ""
        )
        states.move(
            name,
            state,
            reason,
            number=index + 1 if pull else 0,
            pull=pull,
            branch="refactor/services",
        )
    states.close()


def _result(name: str, state: str, luck: random.Random) -> Result:
    idle = state == "nothing to do"
    human = 3 if state == "needs review" else luck.choice((0, 0, 1))
    services = [
        f"{team}/{kind}"
        for team in TEAMS
        for kind in ("orders", "redis", "postgres", "kafka", "auth")
    ]
    heavy = [1 / (1 + place) for place in range(len(services))]
    team = name.partition("/")[0]
    needs = (f"{luck.choice(TEAMS)}/ledger",) if luck.random() < 0.03 else ()
    return Result(
        name, "main", "0" * 40,
        files=() if idle else (ChangedFile(b"values.yaml", b"100644", b"x"),),
        found=0 if idle else 9 + human, edited=0 if idle else luck.randint(1, 9), human=human,
        reasons={"unknown-address": human} if human else {},
        human_places=tuple(f"config/values.yaml:{n + 3}:9: 10.99.{n}.7:80 (unknown-address): nobody owns this address" for n in range(human)),
        provides=(f"{team}/ledger",) if luck.random() < 0.006 else (),
        needs=needs, uses=() if idle else tuple(sorted(set(luck.choices(services, heavy, k=4)))),
    )  # fmt: skip
