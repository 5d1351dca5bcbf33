"""What is added again: the same id, address or text updates or skips and says which, and nothing that was there is lost."""

import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.article import GIVEN, Article, changed, format_markdown, make_article
from corpus.errors import StoreError
from corpus.extract import Draft, draft_from_html, draft_from_record, draft_from_text
from corpus.files import ArticleFolder, Catalogue
from corpus.keep import Corrections, Kept, keep
from corpus.obtain import Obtained, obtain

FIRST = datetime(2026, 11, 21, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = date(2023, 9, 12)
PROSE = "The stagehands' union and the theatres met. They did not agree on wages."
URL = "https://news.example/theatres"


def draft(text: str = PROSE, **fields: object) -> Draft:
    return draft_from_record({"text": text, **fields})


def item(found: Article | Draft, name: str = "") -> Obtained:
    return Obtained("here", found, identified=isinstance(found, Article) or found.id is not None, name=name)


def keep_all(
    folder: ArticleFolder,
    *found: Article | Draft | Obtained,
    now: datetime = FIRST,
    collection: str = "public",
    **corrections: object,
) -> list[Kept]:
    items = [one if isinstance(one, Obtained) else item(one) for one in found]
    corrected = Corrections(**corrections)  # type: ignore[arg-type]
    return list(keep(items, Catalogue(folder), now=now, collection=collection, corrections=corrected))


def keep_one(folder: ArticleFolder, found: Article | Draft | Obtained, **options: object) -> Kept:
    (kept,) = keep_all(folder, found, **options)  # type: ignore[arg-type]
    return kept


def stored(folder: ArticleFolder) -> dict[str, Article]:
    catalogue = Catalogue(folder)
    assert catalogue.problems == []
    return {f"{entry.collection} {entry.id}": folder.read(entry.path) for entry in catalogue.entries()}


def the_article(folder: ArticleFolder) -> Article:
    (only,) = stored(folder).values()
    return only


# --- new articles -----------------------------------------------------------------------------------------------------


def test_a_new_article_is_added_with_its_own_id(folder: ArticleFolder) -> None:
    kept = keep_one(folder, draft(id="Odd/Id №1", title="Theatres meet", date="2023-09-12"))
    assert (kept.status, kept.id, kept.title, kept.published) == ("added", "Odd/Id №1", "Theatres meet", DAY)
    found = the_article(folder)
    assert (found.id, found.text, found.added, found.published) == ("Odd/Id №1", PROSE, FIRST, DAY)


def test_an_id_comes_from_the_file_name_or_else_from_day_title_and_text(folder: ArticleFolder) -> None:
    named = [item(draft(f"Text {n}.", title="Theatres meet!", date="2023-09-12"), name="my file") for n in (1, 2)]
    unnamed = [item(draft("Text 3.")), item(draft("四。"))]
    ids = [kept.id for kept in keep_all(folder, *named, *unnamed)]
    assert ids[0] == "my-file"
    assert ids[1].startswith("2023-09-12-theatres-meet-")
    assert ids[2].startswith("undated-text-3-")
    assert ids[3].startswith("undated-")
    assert len(stored(folder)) == 4


def test_where_the_date_comes_from_or_that_there_is_none_is_told(folder: ArticleFolder) -> None:
    dated = draft_from_text(b"By Ann Poe | September 13, 2023\n\n" + PROSE.encode(), name="x")
    assert "September 13, 2023" in keep_one(folder, dated).note
    assert keep_one(folder, draft("Another text.")).note == "no date found; add it again with --date"
    conflict = draft_from_text(
        b"title: T\ndate: 2023-09-13\n\nBy Ann Poe | September 3, 2021\n\n" + b"Wages rose.", name="x"
    )
    assert conflict.conflict
    assert keep_one(folder, conflict).note == conflict.conflict


def test_a_failure_is_passed_on_and_does_not_stop_the_others(folder: ArticleFolder) -> None:
    bad = Obtained("bad.txt", failure="bad.txt is bad; mend it.")
    refused = draft("A text.", id=" ", title="x")
    kept = keep_all(folder, bad, draft(id="a\nb"), draft("Another.", id="b"), refused)
    assert [one.status for one in kept] == ["failed", "failed", "added", "added"]
    assert kept[0].note == "bad.txt is bad; mend it."
    assert kept[1].note.startswith(r"here: 'a\nb' can't be an article's id")


def test_an_article_that_was_stored_elsewhere_keeps_when_it_was_added(folder: ArticleFolder) -> None:
    keep_one(folder, make_article(id="a", text=PROSE, added=datetime(2020, 1, 1, tzinfo=UTC)), now=LATER)
    assert the_article(folder).added.year == 2020
    by_hand = make_article(id="b", text="Other.", added=datetime(1970, 1, 1, tzinfo=UTC))
    keep_one(folder, by_hand, now=LATER)
    assert stored(folder)["public b"].added == LATER


# --- again ------------------------------------------------------------------------------------------------------------


def test_the_same_id_again_updates_or_skips_and_says_so(folder: ArticleFolder) -> None:
    keep_one(folder, draft(id="a", date="2023-09-12"))
    same = keep_one(folder, draft(id="a", date="2023-09-12"), now=LATER)
    assert (same.status, same.note) == ("unchanged", "the same id as “a”")
    new = keep_one(folder, draft("They agreed.", id="a"), now=LATER)
    assert (new.status, new.note) == ("updated", "the same id as before")
    found = the_article(folder)
    assert (found.text, found.added, found.published) == ("They agreed.", FIRST, DAY)


@pytest.mark.parametrize(
    "again",
    [
        URL,
        "http://news.example/theatres",
        "https://NEWS.example/theatres/",
        f"{URL}?utm_source=rss&utm_medium=x&fbclid=1",
        f"{URL}#comments",
        "https://news.example:443/theatres",
    ],
)
def test_the_same_canonical_address_again_updates_or_skips(folder: ArticleFolder, again: str) -> None:
    first = keep_one(folder, draft(url=URL, title="Theatres meet", publisher="The Stage Paper"))
    new = keep_one(folder, draft("They agreed after all.", url=again, title="Agreed"), now=LATER)
    assert (new.status, new.id, new.note) == ("updated", first.id, "the same address as before")
    found = the_article(folder)
    assert (found.text, found.title, found.outlet) == ("They agreed after all.", "Agreed", "The Stage Paper")
    assert (found.added, found.url) == (FIRST, URL)
    same = keep_one(folder, draft("They agreed after all.", url=again, title="Agreed"))
    assert (same.status, same.note) == ("unchanged", f"the same address as “{first.id}”")


def test_addresses_that_differ_in_a_fragment_that_names_the_article_are_two(folder: ArticleFolder) -> None:
    records = [draft(f"Story {number}.", url=f"https://news.example/#/story/{number}") for number in (1, 2)]
    assert [kept.status for kept in keep_all(folder, *records)] == ["added", "added"]


@pytest.mark.parametrize("other", ["https://www2.news.example/theatres", f"{URL}?page=2", f"{URL}2"])
def test_another_address_with_another_text_is_another_article(folder: ArticleFolder, other: str) -> None:
    keep_one(folder, draft(url=URL))
    assert keep_one(folder, draft("Other.", url=other)).status == "added"
    assert len(stored(folder)) == 2


def test_the_same_text_again_is_skipped_or_completed(folder: ArticleFolder) -> None:
    first = keep_one(folder, draft(title="Theatres meet"))
    same = keep_one(folder, draft(f"\r\n{PROSE}\r\n\r\nLeave a Reply", title="Theatres meet"))
    assert (same.status, same.note) == ("unchanged", f"the same text as “{first.id}”")
    fuller = keep_one(folder, draft(title="Theatres meet", date="2023-09-12", url=URL))
    assert (fuller.status, fuller.id, fuller.note) == ("updated", first.id, "the same text as before")
    found = the_article(folder)
    assert (found.published, found.url) == (DAY, URL)
    assert keep_one(folder, draft(title="Theatres meet")).status == "unchanged"
    assert the_article(folder) == found


def test_a_title_of_first_words_fills_only_an_empty_place(folder: ArticleFolder) -> None:
    keep_one(folder, draft(title="Theatres meet", publisher="The Stage Paper", url=URL))
    text = draft_from_text(PROSE.encode(), name="again")
    assert text.title == "The stagehands' union and the theatres met."
    assert keep_one(folder, text).status == "unchanged"
    headed = draft_from_text(f"title: Theatres and stagehands meet\n\n{PROSE}".encode(), name="again")
    assert keep_one(folder, headed).status == "updated"
    found = the_article(folder)
    assert (found.title, found.outlet) == ("Theatres and stagehands meet", "The Stage Paper")


def test_a_title_of_first_words_goes_with_the_words(folder: ArticleFolder) -> None:
    keep_one(folder, draft(url=URL))
    keep_one(folder, draft("They agreed after all. The curtain goes up.", url=URL))
    assert the_article(folder).title == "They agreed after all."


@pytest.mark.parametrize(("name", "outlet"), [("", "The Stage Paper"), ("Stage Daily", "Stage Daily")])
def test_a_host_fills_only_an_empty_place(folder: ArticleFolder, name: str, outlet: str) -> None:
    keep_one(folder, draft(title="Theatres meet", publisher="The Stage Paper", url=URL))
    head = f'<title>Theatres meet</title><meta property="og:site_name" content="{name}">'
    lines = "<p>The theatres met the union of the stagehands.</p><p>They did not agree on wages, both sides said.</p>"
    page = f"<html><head>{head}</head><body><article>{lines}</article></body></html>"
    found = draft_from_html(page.encode(), url=f"{URL}?utm_source=x", charset=None)
    assert found.outlet == (name or "news.example")
    assert keep_one(folder, found).status == "updated"
    assert (the_article(folder).outlet, the_article(folder).url) == (outlet, URL)


def test_a_host_is_the_outlet_where_none_is_known(folder: ArticleFolder) -> None:
    page = f"<html><head><title>Theatres meet</title></head><body><article><p>{PROSE}</p></article></body></html>"
    keep_one(folder, draft_from_html(page.encode(), url=URL, charset=None))
    assert the_article(folder).outlet == "news.example"


def test_another_outlets_copy_of_the_same_text_is_skipped(folder: ArticleFolder) -> None:
    first = keep_one(folder, draft(url=URL, title="Theatres meet"))
    before = the_article(folder)
    copy = keep_one(folder, draft(url="https://other.example/copy", title="Wire: theatres", publisher="Other"))
    assert (copy.status, copy.note) == ("unchanged", f"the same text as “{first.id}”")
    assert the_article(folder) == before


def test_articles_with_ids_of_their_own_stay_apart_even_with_one_text(folder: ArticleFolder) -> None:
    kept = keep_all(folder, draft(id="a", url=URL), draft(id="b", url=URL))
    assert [one.status for one in kept] == ["added", "added"]


def test_a_stored_form_added_again_is_taken_whole(folder: ArticleFolder) -> None:
    made = make_article(id="a", text=PROSE, title="T", added=FIRST, tags=("iatse",), url=URL, published=DAY)
    keep_one(folder, made)
    assert keep_one(folder, made).status == "unchanged"
    assert keep_one(folder, changed(made, tags=("aea",))).status == "updated"
    assert keep_one(folder, changed(made, url=None, published=None)).status == "updated"
    found = the_article(folder)
    assert (found.tags, found.url, found.published) == (("iatse",), None, None)


def test_collections_are_looked_at_one_by_one(folder: ArticleFolder) -> None:
    for collection in ("public", "guild:1", "guild:2"):
        assert keep_one(folder, draft(url=URL), collection=collection).status == "added"
        assert keep_one(folder, draft(url=URL), collection=collection).status == "unchanged"
    keep_one(folder, draft("They agreed.", url=URL), collection="guild:1")
    assert sorted((name.split()[0], found.text) for name, found in stored(folder).items()) == [
        ("guild:1", "They agreed."),
        ("guild:2", PROSE),
        ("public", PROSE),
    ]


def test_a_stored_form_goes_into_the_collection_that_was_named(folder: ArticleFolder) -> None:
    keep_one(folder, make_article(id="a", text=PROSE, added=FIRST, collection="public"), collection="guild:9")
    assert list(stored(folder)) == ["guild:9 a"]


def test_an_update_keeps_its_file_wherever_it_lies(folder: ArticleFolder) -> None:
    folder.write(make_article(id="a", text=PROSE, added=FIRST), path="2023/september.md")
    assert keep_one(folder, draft("They agreed.", id="a")).status == "updated"
    assert [stamp.path for stamp in folder.stamps()] == ["2023/september.md"]


def test_a_new_article_never_overwrites_a_file_of_another_name_or_a_broken_one(folder: ArticleFolder) -> None:
    folder.write(make_article(id="otherwise", text="Other.", added=FIRST), path="a.md")
    broken = folder.directory / "b.md"
    broken.write_text("---\nnever ends")
    assert [one.status for one in keep_all(folder, draft("A.", id="a"), draft("B.", id="b"))] == ["added", "added"]
    assert folder.read("a.md").id == "otherwise"
    assert broken.read_text() == "---\nnever ends"
    assert {folder.read(path).id for path in ("a.2.md", "b.2.md")} == {"a", "b"}


def test_articles_whose_names_begin_alike_are_written_side_by_side(folder: ArticleFolder) -> None:
    begins = "the-weavers-and-the-mills-of-aldmouth-met-again-on-the-long-talks-of-day"
    kept = keep_all(folder, *(draft(f"The weavers met {n} times.", id=f"{begins}-{n}") for n in range(200)))
    assert [one.status for one in kept] == ["added"] * 200
    assert {one.id: one.text for one in stored(folder).values()} == {
        f"{begins}-{n}": f"The weavers met {n} times." for n in range(200)
    }


def test_what_comes_twice_in_one_go_is_added_once(folder: ArticleFolder) -> None:
    found = [
        draft("One.", id="a"),
        draft("Two.", id="a"),
        draft("Two.", id="a"),
        draft("Three.", url=URL),
        draft("Four.", url=URL + "?utm_source=x"),
        draft("Five."),
        draft("Five."),
    ]
    kept = keep_all(folder, *found)
    assert [one.status for one in kept] == ["added", "updated", "unchanged", "added", "updated", "added", "unchanged"]
    assert sorted(one.text for one in stored(folder).values()) == ["Five.", "Four.", "Two."]


def test_many_updates_of_one_file_in_one_go_end_with_the_last(folder: ArticleFolder) -> None:
    kept = keep_all(folder, *(draft(f"Version {number}.", id="a") for number in range(100)))
    assert [one.status for one in kept] == ["added"] + ["updated"] * 99
    assert the_article(folder).text == "Version 99."


# --- corrections ------------------------------------------------------------------------------------------------------


def test_corrections_go_before_what_was_found(folder: ArticleFolder) -> None:
    kept = keep_one(
        folder,
        draft(title="x", url=URL, date="2020-01-01"),
        title="T",
        outlet="O",
        published=DAY,
        url="https://a.example/1",
    )
    found = the_article(folder)
    assert (found.title, found.outlet, found.published, found.url) == ("T", "O", DAY, "https://a.example/1")
    assert (found.evidence, kept.note) == (GIVEN, "date given when it was added")


@pytest.mark.parametrize("name", ["title", "outlet", "published", "url"])
@pytest.mark.parametrize("with_url", [True, False])
def test_each_correction_is_taken_when_the_same_is_added_again(
    folder: ArticleFolder, name: str, with_url: bool
) -> None:
    fields = {"title": "Theatres meet", "publisher": "Paper"} | ({"url": URL} if with_url else {})
    keep_one(folder, draft(**fields))
    value = {"title": "T", "outlet": "O", "published": DAY, "url": "https://a.example/1"}[name]
    kept = keep_one(folder, draft(**fields), **{name: value})
    assert kept.status == "updated"
    assert getattr(the_article(folder), name) == value


def test_an_empty_correction_takes_out(folder: ArticleFolder) -> None:
    keep_one(folder, draft(publisher="Wrong", id="a", url=URL))
    keep_one(folder, draft(publisher="Wrong", id="a", url=URL), outlet="", url="")
    assert (the_article(folder).outlet, the_article(folder).url) == ("", None)


def test_a_corrected_date_outlives_what_the_page_says_next_time(folder: ArticleFolder) -> None:
    keep_one(folder, draft(url=URL, date="2020-01-01"), published=DAY)
    keep_one(folder, draft("Edited.", url=URL, date="2020-01-01"))
    found = the_article(folder)
    assert (found.text, found.published, found.evidence) == ("Edited.", DAY, GIVEN)
    keep_one(folder, draft("Edited.", url=URL), published=date(2023, 9, 13))
    assert the_article(folder).published == date(2023, 9, 13)


def test_a_date_that_a_person_took_out_stays_out(folder: ArticleFolder) -> None:
    keep_one(folder, draft(url=URL, date="2020-01-01"), published="")
    assert keep_one(folder, draft(url=URL, date="2020-01-01")).status == "unchanged"
    keep_one(folder, draft("Edited.", url=URL, date="2020-01-01"))
    found = the_article(folder)
    assert (found.text, found.published, found.evidence) == ("Edited.", None, "")
    keep_one(folder, draft("Edited.", url=URL), published=DAY)
    assert the_article(folder).published == DAY


@pytest.mark.parametrize("name", ["title", "outlet"])
@pytest.mark.parametrize("when", ["at first", "afterwards"])
def test_what_a_person_corrected_outlives_what_the_page_says_next_time(
    folder: ArticleFolder, name: str, when: str
) -> None:
    fields = {"title": "Wrong", "publisher": "Wrong", "url": URL}
    if when == "afterwards":
        keep_one(folder, draft(**fields))
    keep_one(folder, draft(**fields), **{name: "Right"})
    assert keep_one(folder, draft(**fields)).status == "unchanged"
    keep_one(folder, draft("Edited.", **fields))
    found = the_article(folder)
    assert (found.text, found.given) == ("Edited.", (name,))
    assert {found.title, found.outlet} == {"Right", "Wrong"}
    assert getattr(found, name) == "Right"
    keep_one(folder, draft("Edited.", **fields), **{name: "Better"})
    assert getattr(the_article(folder), name) == "Better"


def test_corrections_one_after_another_are_all_kept(folder: ArticleFolder) -> None:
    fields = {"title": "Wrong", "publisher": "Wrong", "url": URL}
    keep_one(folder, draft(**fields), title="T")
    keep_one(folder, draft(**fields), outlet="O")
    keep_one(folder, draft(**fields))
    found = the_article(folder)
    assert (found.title, found.outlet, found.given) == ("T", "O", ("title", "outlet"))
    keep_one(folder, draft(url="https://other.example/copy", title="Wire"), title="T2")
    keep_one(folder, draft(**fields))
    assert the_article(folder).title == "T2"


def test_what_nobody_corrected_is_what_the_page_says_next_time(folder: ArticleFolder) -> None:
    keep_one(folder, draft(title="Old", publisher="Old", url=URL), published=DAY)
    keep_one(folder, draft(title="New", publisher="New", url=URL))
    found = the_article(folder)
    assert (found.title, found.outlet, found.published, found.given) == ("New", "New", DAY, ("published",))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "ftp://a.example/", "https://a\x1b[31m"])
def test_a_corrected_address_that_is_none_is_refused_and_nothing_is_written(folder: ArticleFolder, url: str) -> None:
    kept = keep_one(folder, draft(), url=url)
    assert (kept.status, "url is" in kept.note) == ("failed", True)
    assert stored(folder) == {}


# --- the disk ---------------------------------------------------------------------------------------------------------


def test_an_article_is_told_only_when_its_file_is_whole(folder: ArticleFolder) -> None:
    catalogue = Catalogue(folder)
    for kept in keep((item(draft(f"Text {n}.", id=str(n))) for n in range(300)), catalogue, now=FIRST):
        assert folder.read(f"{kept.id}.md").text == f"Text {kept.id}."


def test_an_article_is_told_while_the_next_ones_are_still_being_obtained(folder: ArticleFolder) -> None:
    """A slow feed shows what has come so far."""
    told: list[str] = []

    def slow() -> Iterator[Obtained]:
        yield item(draft("First.", id="1"))
        end = time.monotonic() + 10
        while not told and time.monotonic() < end:
            yield Obtained("x", failure="x is bad; mend it.")
        assert told[0] == "1"
        yield item(draft("Last.", id="2"))

    told.extend(kept.id for kept in keep(slow(), Catalogue(folder), now=FIRST))
    assert (told[0], told[-1]) == ("1", "2")


def test_a_folder_that_can_not_be_written_ends_it_and_what_was_told_is_there(
    folder: ArticleFolder, tmp_path: Path
) -> None:
    told: list[str] = []
    inner, away = folder.directory / "guild-7", tmp_path / "away"
    away.mkdir()
    inner.symlink_to(away)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file where the folder was")

    def source() -> Iterable[Obtained]:
        for number in range(200):
            if number == 100:
                in_the_way.replace(inner)  # in one step: else what writes meanwhile makes the folder again
            yield item(draft(f"Text {number}.", id=str(number)))

    folder.write(make_article(id="old", text="Old.", added=FIRST))
    with pytest.raises(StoreError, match=r"can't be (made|written)"):
        told.extend(kept.id for kept in keep(source(), Catalogue(folder), now=FIRST, collection="guild:7"))
    assert told == sorted(told, key=int)  # what other threads wrote at that moment, too
    assert len(told) >= 30
    assert {f"{name}.md" for name in told} <= {place.name for place in away.iterdir()}
    assert folder.read("old.md").text == "Old."


def test_adding_takes_time_in_proportion_to_what_is_added(folder: ArticleFolder, tmp_path: Path) -> None:
    def seconds(records: int) -> float:
        place = tmp_path / f"{records}.jsonl"
        with place.open("w") as stream:
            for number in range(records):
                text = f"Crew {number} of {records} met the studios. " + "They talked about wages, hours and rest. " * 9
                record = {"id": f"{records}/{number}", "text": text, "date": "2023-09-12"}
                stream.write(json.dumps(record) + "\n")
        begun = time.process_time()  # of the processor, since tests share it
        found = obtain(str(place), fetcher=lambda: pytest.fail("nothing is fetched"), today=date(2026, 11, 21))
        assert [kept.status for kept in keep(found, Catalogue(folder), now=FIRST)] == ["added"] * records
        return time.process_time() - begun

    few = seconds(125)
    assert seconds(1_000) < 24 * few + 0.5  # in proportion it is 8 times; were each compared with all others, 64


def test_a_stored_form_with_a_forged_digest_is_cleaned(folder: ArticleFolder, tmp_path: Path) -> None:
    from corpus.article import _digest

    text = f"{PROSE}\n\nLeave a Reply"
    made = make_article(id="a", text=PROSE, added=FIRST)
    forged = _digest("", "", "", "", "", text)
    place = tmp_path / "a.md"
    place.write_text(format_markdown(made).replace(made.digest, forged).replace(PROSE, text))
    (found,) = obtain(str(place), fetcher=lambda: pytest.fail("nothing is fetched"), today=date(2026, 11, 21))
    keep_one(folder, found)
    assert the_article(folder).text == PROSE
