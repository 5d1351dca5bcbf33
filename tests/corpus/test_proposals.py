"""A preview says what would become of each article, survives a restart, and is confirmed once, whole or again."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.article import GIVEN, make_article
from corpus.attic import Attic
from corpus.errors import ArticleError, StoreError
from corpus.extract import draft_from_record, draft_from_text
from corpus.files import ArticleFolder, Catalogue
from corpus.keep import Corrections, Kept, keep
from corpus.obtain import Obtained
from corpus.proposals import LIFETIME, Proposal, Proposals

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
GUILD = "guild:7"
TEXT = "Millers walk out\n\nBy A Reporter | May 2, 2031\n\nThe millers of Corvale walked out on Friday. Nobody named a date."


@pytest.fixture
def proposals(tmp_path: Path) -> Proposals:
    return Proposals(tmp_path / "proposals")


def found(text: str = TEXT, name: str = "millers") -> Obtained:
    return Obtained(f"{name}.txt", draft_from_text(text.encode(), name=name), name=name)


def propose(proposals: Proposals, folder: ArticleFolder, *items: Obtained) -> Proposal:
    return proposals.propose(items or (found(),), folder, collection=GUILD, now=NOW)


def test_nothing_is_added_before_it_is_confirmed_and_then_it_is(
    proposals: Proposals, folder: ArticleFolder, attic: Attic
) -> None:
    made = propose(proposals, folder, found(), Obtained("bad.txt", failure="bad.txt has no text; add some."))
    assert folder.stamps() == []
    assert [one.kept.status for one in made.items] == ["added", "failed"]
    again = Proposals(proposals._directory).read(made.token, NOW + timedelta(hours=3))  # as after a restart
    assert again == made
    (kept,) = proposals.confirm(again, folder, attic, now=NOW)
    assert (kept.status, kept.id) == ("added", "millers")
    assert [one.path for one in folder.stamps()] == ["guild-7/millers.md"]
    with pytest.raises(StoreError, match="no longer there"):
        proposals.read(made.token, NOW)


def test_a_correction_is_kept_with_its_evidence(proposals: Proposals, folder: ArticleFolder, attic: Attic) -> None:
    made = propose(proposals, folder)
    made = proposals.correct(made, Corrections("Mills stand still", "Harbour Post", date(2031, 5, 3), ""))
    assert proposals.read(made.token, NOW) == made
    proposals.confirm(made, folder, attic, now=NOW)
    article = folder.read("guild-7/millers.md")
    assert (article.title, article.outlet, article.published) == ("Mills stand still", "Harbour Post", date(2031, 5, 3))
    assert article.evidence == GIVEN
    assert article.given == ("title", "outlet", "published")


def test_a_date_given_by_hand_can_be_corrected_again(proposals: Proposals, folder: ArticleFolder, attic: Attic) -> None:
    for day in (3, 4):
        made = propose(proposals, folder, found(TEXT + f" Version {day}.", name="x"))
        if day == 4:  # found by its address, not by its text
            made = proposals.propose(
                [Obtained("x", make_article(id="millers", text="New words.", added=NOW), identified=True)],
                folder,
                collection=GUILD,
                now=NOW,
            )
        made = proposals.correct(made, Corrections("T", "", date(2031, 5, day), ""))
        proposals.confirm(made, folder, attic, now=NOW)
    days = {folder.read(one.path).published for one in folder.stamps()}
    assert days == {date(2031, 5, 3), date(2031, 5, 4)}


def test_a_note_on_the_day_goes_with_the_day_that_was_corrected(proposals: Proposals, folder: ArticleFolder) -> None:
    made = propose(proposals, folder)
    assert made.items[0].kept.note == "date from by-line: By A Reporter | May 2, 2031"
    made = proposals.correct(made, Corrections(outlet="Paper"))
    assert made.items[0].kept.note == "date from by-line: By A Reporter | May 2, 2031"
    made = proposals.correct(made, Corrections(published=date(2031, 5, 3)))
    assert (made.items[0].kept.note, proposals.read(made.token, NOW).items[0].kept.note) == ("", "")


def test_several_articles_are_not_corrected_at_once(proposals: Proposals, folder: ArticleFolder) -> None:
    made = propose(proposals, folder, found(), found(TEXT + " More.", name="other"))
    with pytest.raises(ArticleError, match="holds 2 articles"):
        proposals.correct(made, Corrections("T", "", "", ""))
    assert proposals.read(made.token, NOW) == made


def test_a_bad_correction_changes_nothing(proposals: Proposals, folder: ArticleFolder) -> None:
    made = propose(proposals, folder)
    with pytest.raises(ArticleError, match="not an http"):
        proposals.correct(made, Corrections(url="javascript:alert(1)"))
    assert proposals.read(made.token, NOW) == made


def numbered(line: int, **fields: object) -> Obtained:
    draft = draft_from_record(fields)
    return Obtained(f"all.jsonl:{line}", draft, identified=draft.id is not None)


def test_what_replaces_another_of_the_same_upload_is_previewed_so_and_added_so(
    proposals: Proposals, folder: ArticleFolder, attic: Attic
) -> None:
    items = [
        numbered(1, id="a", text="The millers walked out."),
        numbered(2, id="a", text="The bakers walked out."),
        numbered(3, text="The carters walked out.", url="https://a.example/1"),
        numbered(4, text="The carters came back.", url="https://a.example/1#top"),
    ]
    made = propose(proposals, folder, *items)
    told = ["added", "updated", "added", "updated"]
    assert [one.kept.status for one in made.items] == told
    assert [one.kept.note for one in made.items][1::2] == ["the same id as before", "the same address as before"]
    assert [one.status for one in proposals.confirm(made, folder, attic, now=NOW)] == told
    kept = {folder.read(one.path).text for one in folder.stamps()}
    assert kept == {made.items[1].article.text, made.items[3].article.text}  # type: ignore[union-attr]
    straight = ArticleFolder(folder.directory.parent / "straight")
    straight.prepare()
    assert [one.status for one in keep(items, Catalogue(straight), now=NOW, collection=GUILD)] == told


def test_one_text_twice_in_an_upload_is_there_already_the_second_time(
    proposals: Proposals, folder: ArticleFolder, attic: Attic
) -> None:
    made = propose(proposals, folder, found(name="one"), found(name="two"))
    assert [(one.kept.status, one.article is None) for one in made.items] == [("added", False), ("unchanged", True)]
    assert made.items[1].kept.note == "the same text as “one”"
    assert [one.status for one in proposals.confirm(made, folder, attic, now=NOW)] == ["added"]


def test_two_files_of_one_name_are_shown_with_the_ids_that_they_get(
    proposals: Proposals, folder: ArticleFolder, attic: Attic
) -> None:
    made = propose(proposals, folder, found(), found(TEXT + " More."))
    kept = proposals.confirm(made, folder, attic, now=NOW)
    assert [one.id for one in kept] == [one.kept.id for one in made.items]
    assert len({one.id for one in kept}) == 2


def test_an_id_that_went_to_another_article_meanwhile_is_not_gone_by(
    proposals: Proposals, folder: ArticleFolder, attic: Attic
) -> None:
    first = Obtained("a.txt", draft_from_text(f"url: https://a.example/1\n\n{TEXT}".encode(), name="a"), name="a")
    second = Obtained("b.txt", draft_from_text(f"url: https://a.example/1\n\n{TEXT} X.".encode(), name="b"), name="b")
    made = propose(proposals, folder, first, second)
    assert [one.kept.id for one in made.items] == ["a", "a"]
    folder.write(make_article(id="a", text="Somebody else's.", added=NOW, collection=GUILD))
    proposals.confirm(made, folder, attic, now=NOW)
    found = {folder.read(one.path).text for one in folder.stamps()}
    assert found == {"Somebody else's.", made.items[1].article.text}  # type: ignore[union-attr]


def test_confirming_after_a_kill_in_the_middle_adds_the_rest(
    proposals: Proposals, folder: ArticleFolder, attic: Attic, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = propose(proposals, folder, found(), found(TEXT + " More.", name="other"))
    folder.write(folder_article := made.addable[0].article)  # type: ignore[arg-type]
    assert folder_article is not None
    statuses = [one.status for one in proposals.confirm(made, folder, attic, now=NOW)]
    assert sorted(statuses)[0] == "added"
    assert len(folder.stamps()) == 2


def test_what_was_added_before_an_error_is_told_and_is_all_there(
    proposals: Proposals, folder: ArticleFolder, attic: Attic
) -> None:
    made = propose(proposals, folder, *(found(f"{TEXT} Number {one}.", name=f"a{one:02d}") for one in range(30)))
    (folder.directory / "guild-7" / "a12.md").mkdir(parents=True)  # nothing can be written there
    told: list[Kept] = []
    with pytest.raises(StoreError, match="a12"):
        proposals.confirm(made, folder, attic, now=NOW, told=told)
    assert sorted(one.id for one in told) == [Path(one.path).stem for one in folder.stamps()]
    assert len(told) >= 12
    (folder.directory / "guild-7" / "a12.md").rmdir()
    rest = proposals.confirm(proposals.read(made.token, NOW), folder, attic, now=NOW)
    assert {one.id for one in rest if one.status == "added"} == {f"a{one:02d}" for one in range(30)} - {
        one.id for one in told
    }


@pytest.mark.parametrize("token", ["", "../secret", "a/b", "x" * 300, "ключ", "a\x00b", "nobody"])
def test_a_forged_token_finds_nothing(proposals: Proposals, token: str) -> None:
    with pytest.raises(StoreError, match="no longer there"):
        proposals.read(token, NOW)


def test_an_old_proposal_is_refused_and_forgotten(proposals: Proposals, folder: ArticleFolder) -> None:
    made = propose(proposals, folder)
    with pytest.raises(StoreError, match="too old"):
        proposals.read(made.token, NOW + LIFETIME + timedelta(seconds=1))
    assert proposals.expire(datetime.now(UTC) + LIFETIME + timedelta(hours=1)) == 1
    with pytest.raises(StoreError, match="no longer there"):
        proposals.read(made.token, NOW)


def test_a_damaged_proposal_is_as_none(proposals: Proposals, folder: ArticleFolder, tmp_path: Path) -> None:
    made = propose(proposals, folder)
    (tmp_path / "proposals" / f"{made.token}.json").write_text('{"collection": 5}')
    with pytest.raises(StoreError, match="no longer there"):
        proposals.read(made.token, NOW)


def test_those_of_a_server_are_forgotten_with_it(proposals: Proposals, folder: ArticleFolder) -> None:
    mine = propose(proposals, folder)
    other = proposals.propose([found()], folder, collection="guild:8", now=NOW)
    proposals.forget(GUILD)
    with pytest.raises(StoreError):
        proposals.read(mine.token, NOW)
    assert proposals.read(other.token, NOW) == other


def test_a_correction_knows_the_file_that_it_corrects_and_one_of_before_knows_none(
    proposals: Proposals, tmp_path: Path
) -> None:
    article = make_article(id="millers", text="The millers struck.", added=NOW, collection=GUILD)
    made = proposals.revise(article, "0" * 64, now=NOW)
    fixed = proposals.correct(made, Corrections("T", "", "", ""))
    assert [one.revises for one in proposals.read(made.token, NOW).items] == ["0" * 64]
    assert proposals.read(made.token, NOW) == fixed
    place = tmp_path / "proposals" / f"{made.token}.json"
    fields = json.loads(place.read_text("utf-8"))
    del fields["items"][0]["revises"]
    place.write_text(json.dumps(fields), "utf-8")
    assert [one.revises for one in proposals.read(made.token, NOW).items] == [""]
