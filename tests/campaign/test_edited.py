"""What people wrote in a pull request stays; what we wrote is kept up to date; each is told once."""

from __future__ import annotations

from typing import Any

import pytest

from refactor.campaign.forge.parts import BOX, handed_back, joined, marked, within
from tests.campaign.farm import commit, git
from tests.campaign.scene import OLD, Scene

BRANCH = "refactor/services"
NEW_TITLE = "pull-request: {title: 'Other title', body: 'other body', labels: [bot]}\n"


def pull(scene: Scene) -> dict[str, Any]:
    (found,) = scene.forge.pulls()
    return found


def test_what_people_wrote_stays(web: Scene) -> None:
    web.write("pull-request: {labels: [bot]}\n")
    web.do()
    body = pull(web)["body"]
    web.forge.edit(
        1, title="OPS-17: use names", body=f"See OPS-17.\n\n{body}\n- [x] tested", labels="[]"
    )

    assert web.do() == {"shop/web": "open"}
    web.write(NEW_TITLE)
    web.do()

    assert (pull(web)["title"], pull(web)["labels"]) == ("OPS-17: use names", "[]")
    assert pull(web)["body"].startswith("See OPS-17.\n\n")
    assert pull(web)["body"].endswith("\n- [x] tested")
    assert "other body" in pull(web)["body"]
    assert web.row().reason == "edited by hand: title, labels"


@pytest.mark.parametrize("body", ["Mine alone.", ""], ids=["other", "emptied"])
def test_a_body_without_our_part_stays(web: Scene, body: str) -> None:
    web.forge.edit(1, body=body)
    web.write(NEW_TITLE)
    web.do()

    assert (pull(web)["title"], pull(web)["body"]) == ("Other title", body)
    assert web.row().reason == "edited by hand: body"


def test_our_part_that_was_edited_stays(web: Scene) -> None:
    mine = pull(web)["body"].replace("hard-coded address becomes", "of my own becomes")
    web.forge.edit(1, body=mine)
    web.write(NEW_TITLE)
    web.do()

    assert pull(web)["body"] == mine


def test_a_base_that_was_changed_by_hand_stays(web: Scene) -> None:
    git("update-ref", "refs/heads/next", "main", at=web.remote())
    web.forge.edit(1, base="next")

    web.do()

    assert pull(web)["base"] == "next"
    assert web.row().reason == "edited by hand: base"


def test_what_we_wrote_is_brought_up_to_date(web: Scene) -> None:
    web.write(NEW_TITLE)

    web.do()

    assert (pull(web)["title"], pull(web)["labels"]) == ("Other title", '["bot"]')
    assert "other body" in pull(web)["body"]
    assert web.row().reason == ""


def test_after_a_lost_state_a_title_that_differs_is_somebodys(web: Scene) -> None:
    for file in web.root.glob("services.state.db*"):
        file.unlink()
    web.write(NEW_TITLE)
    web.do()

    assert pull(web)["title"] == "Name Services instead of addresses"
    assert "other body" in pull(web)["body"], "the body says by itself that it is ours"


def test_nothing_is_written_where_nothing_has_changed(web: Scene) -> None:
    before = pull(web)
    web.do()

    assert pull(web) == before


def test_a_commit_by_others_is_told_once(web: Scene) -> None:
    commit(web.remote(), {"NOTES": b"mine"}, branch=BRANCH, who="ann <ann@x>")

    for _ in range(3):
        assert web.do() == {"shop/web": "modified by others"}

    assert web.forge.asked("comment") == ["shop/web"]
    assert BOX.strip("*") in pull(web)["comment"]


def test_a_conflict_is_told_once_too(web: Scene) -> None:
    commit(web.remote(), {"NOTES": b"mine"}, branch=BRANCH, who="ann <ann@x>")
    web.do()
    web.forge.edit(1, mergeable=0)
    for _ in range(2):
        web.do()

    assert web.forge.asked("comment") == ["shop/web"] * 2
    assert "conflicts with its base" in pull(web)["comment"]


def test_the_box_hands_the_branch_back(web: Scene) -> None:
    commit(web.remote(), {"NOTES": b"mine"}, branch=BRANCH, who="ann <ann@x>")
    commit(web.remote(), {"config/more.yaml": OLD})
    web.do()
    ticked = pull(web)["body"].replace(f"- [ ] {BOX}", f"- [x] {BOX}")
    web.forge.edit(1, body=ticked, title="Mine")

    assert web.do() == {"shop/web": "open"}
    assert "NOTES" not in git("ls-tree", "--name-only", BRANCH, at=web.remote())
    assert "more.yaml" in git("diff", "--name-only", "main", BRANCH, at=web.remote())
    assert not handed_back(pull(web)["body"])
    assert pull(web)["title"] == "Name Services instead of addresses"
    head = git("rev-parse", BRANCH, at=web.remote())
    web.do()
    assert git("rev-parse", BRANCH, at=web.remote()) == head


def test_a_box_that_is_not_ticked_hands_nothing_back(web: Scene) -> None:
    made = commit(web.remote(), {"NOTES": b"mine"}, branch=BRANCH, who="ann <ann@x>")

    web.do()

    assert git("rev-parse", BRANCH, at=web.remote()) == made


OURS = marked("one\n\n- [ ] " + BOX + ": more")
OTHER = marked("two\n\n- [ ] " + BOX + ": more")
EDITED = OURS.replace("one", "mine")


@pytest.mark.parametrize(
    ("now", "wanted", "after"),
    [
        pytest.param(OURS, OURS, OURS, id="same"),
        pytest.param(OURS, OTHER, OTHER, id="ours"),
        pytest.param(f"a\n{OURS}b", OTHER, f"a\n{OTHER.rstrip()}\nb", id="around"),
        pytest.param(f"a\n{OURS}b".replace("\n", "\r\n"), OTHER, f"a\n{OTHER.rstrip()}\nb", id="crlf"),
        pytest.param(OURS.replace("[ ]", "[x]"), OTHER, OTHER, id="ticked"),
        pytest.param(OURS.replace("[ ]", "[x]"), OURS, OURS, id="ticked-and-same"),
        pytest.param(EDITED, OTHER, None, id="edited"),
        pytest.param("mine", OTHER, None, id="none"),
        pytest.param(OURS.replace("[//]: # (refactor: end)", ""), OTHER, None, id="no-end"),
    ],
)  # fmt: skip
def test_our_part_of_a_body(now: str, wanted: str, after: str | None) -> None:
    assert joined(now, wanted) == after


def test_a_body_that_is_too_long_keeps_its_marks() -> None:
    cut = within(marked("- line\n" * 2000), 5000)

    assert len(cut) <= 5000
    assert joined(cut, OTHER) == OTHER
