"""The model of a large campaign, against limits that can be counted by hand, and its page."""

from __future__ import annotations

import pytest

from benchmarks.campaign_simulation import (
    MEASURED,
    PAGE,
    Campaign,
    Forge,
    daily_run,
    first_run,
    page,
)

FREE = Forge("free", 0, 0, 0, (1, 1), 1, 1)
NONE = MEASURED._replace(share=1.0, plan=0, asked=0, pushed=0, answered=0.001)
QUICK = Campaign(pause=0)


@pytest.mark.parametrize(
    ("forge", "campaign", "minutes"),
    [
        pytest.param(FREE, QUICK, 1, id="nothing-limits"),
        pytest.param(FREE, Campaign(pause=1.0), 21, id="pause"),
        pytest.param(FREE._replace(per_hour=1000), QUICK, 61, id="per-hour"),
        pytest.param(FREE._replace(writes_minute=100), QUICK, 10, id="writes-a-minute"),
        pytest.param(FREE._replace(writes_hour=500), QUICK, 61, id="writes-an-hour"),
        pytest.param(FREE, Campaign(pause=0, per_hour=100), 9 * 60 + 1, id="the-campaigns-own"),
    ],
)
def test_a_thousand_pull_requests(forge: Forge, campaign: Campaign, minutes: int) -> None:
    took = first_run(1000, forge, campaign, NONE)

    assert abs(took.minutes - minutes) <= 4
    assert (took.requests, took.writes) == (2000, 1000)


def test_workers_share_the_planning() -> None:
    one, eight = (first_run(1000, FREE, Campaign(workers=n)).plan_minutes for n in (1, 8))

    assert one == pytest.approx(8 * eight)


def test_a_days_rerun_asks_for_each_open_one() -> None:
    assert daily_run(1000, FREE, 0.01, 3).requests == 1200
    assert daily_run(1000, FREE, 0.01, 3).writes == 0


def test_the_page_is_what_the_program_says() -> None:
    assert PAGE.read_text("utf-8") == "\n".join(page())
