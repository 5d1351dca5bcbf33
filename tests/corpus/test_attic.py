"""What was replaced or removed can be put back, byte for byte, and a change in one collection touches no other."""

import hashlib
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.article import make_article
from corpus.attic import Attic, Undoing
from corpus.errors import StoreError
from corpus.extract import draft_from_record
from corpus.files import ArticleFolder, Catalogue
from corpus.keep import keep
from corpus.obtain import Obtained

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
GUILD = "guild:7"


def add(folder: ArticleFolder, name: str, text: str, collection: str = GUILD) -> str:
    return folder.write(make_article(id=name, text=text, added=NOW, collection=collection))


def state(folder: ArticleFolder, collection: str = GUILD) -> dict[str, str]:
    """Path → SHA-256, as a generation remembers them."""
    return {
        one.path: hashlib.sha256(folder.read_bytes(one.path)).hexdigest()
        for one in folder.stamps()
        if one.collection == collection
    }


def test_a_collection_becomes_what_it_was_and_that_can_be_undone(folder: ArticleFolder, attic: Attic) -> None:
    add(folder, "mill", "The millers struck.")
    add(folder, "dock", "The dockers struck.")
    before = state(folder)
    for path in before:
        attic.keep(folder, path, GUILD)
    add(folder, "mill", "The millers settled.")
    folder.remove("guild-7/dock.md")
    add(folder, "rail", "The railway workers struck.")
    after = state(folder)
    undoing = attic.undoing(folder, GUILD, before)
    assert undoing == Undoing(
        (("guild-7/dock.md", before["guild-7/dock.md"]), ("guild-7/mill.md", before["guild-7/mill.md"])),
        ("guild-7/rail.md",),
        (),
    )
    attic.undo(folder, GUILD, undoing)
    assert state(folder) == before
    attic.undo(folder, GUILD, attic.undoing(folder, GUILD, after))
    assert state(folder) == after


def test_no_other_collection_is_touched(folder: ArticleFolder, attic: Attic) -> None:
    add(folder, "mill", "The millers struck.")
    add(folder, "mill", "Ours.", "public")
    add(folder, "mill", "Theirs.", "guild:8")
    others = state(folder, "public"), state(folder, "guild:8")
    attic.undo(folder, GUILD, attic.undoing(folder, GUILD, {}))
    assert state(folder) == {}
    assert (state(folder, "public"), state(folder, "guild:8")) == others


def test_a_version_that_is_not_kept_is_named_and_the_file_stays(folder: ArticleFolder, attic: Attic) -> None:
    path = add(folder, "mill", "The millers struck.")
    now = state(folder)
    undoing = attic.undoing(folder, GUILD, {path: "0" * 64})
    assert undoing == Undoing((), (), (path,))
    attic.undo(folder, GUILD, undoing)
    assert state(folder) == now
    with pytest.raises(StoreError, match="can't be put back"):
        attic.version(GUILD, "0" * 64)


def test_an_altered_version_is_not_put_back(folder: ArticleFolder, attic: Attic, tmp_path: Path) -> None:
    digest = attic.keep(folder, add(folder, "mill", "The millers struck."), GUILD)
    (tmp_path / "attic" / "guild-7" / f"{digest}.md").write_bytes(b"forged")
    with pytest.raises(StoreError, match="was altered"):
        attic.version(GUILD, digest)


def test_what_an_update_replaces_is_kept(folder: ArticleFolder, attic: Attic) -> None:
    before = state(folder)
    for text in ("The millers struck.", "The millers settled."):
        found = Obtained("here", draft_from_record({"id": "mill", "text": text}), identified=True)
        (kept,) = keep([found], Catalogue(folder), now=NOW, collection=GUILD, attic=attic)
        if kept.status == "added":
            before = state(folder)
    assert kept.status == "updated"
    attic.undo(folder, GUILD, attic.undoing(folder, GUILD, before))
    assert state(folder) == before


def test_versions_that_no_generation_names_are_pruned(folder: ArticleFolder, attic: Attic) -> None:
    mine = attic.keep(folder, add(folder, "mill", "The millers struck."), GUILD)
    other = attic.keep(folder, add(folder, "dock", "The dockers struck."), GUILD)
    theirs = attic.keep(folder, add(folder, "dock", "The dockers struck.", "guild:8"), "guild:8")
    assert attic.prune(GUILD, {mine}) == 1
    assert attic.version(GUILD, mine)
    assert attic.version("guild:8", theirs)
    with pytest.raises(StoreError):
        attic.version(GUILD, other)


def test_what_was_put_aside_of_late_is_kept_though_nothing_names_it(
    folder: ArticleFolder, attic: Attic, tmp_path: Path
) -> None:
    digests = [attic.keep(folder, add(folder, name, f"The {name} struck."), GUILD) for name in ("mill", "dock", "rail")]
    for digest in digests[:2]:
        os.utime(tmp_path / "attic" / "guild-7" / f"{digest}.md", (0, 0))
    attic.keep(folder, "guild-7/dock.md", GUILD)  # put aside once more
    assert attic.collections() == [GUILD]
    assert attic.prune(GUILD, (), before=datetime.now(UTC) - timedelta(days=1)) == 1
    for digest in digests[1:]:
        assert attic.version(GUILD, digest)
    with pytest.raises(StoreError):
        attic.version(GUILD, digests[0])
    assert attic.prune(GUILD, ()) == 2
    assert attic.collections() == []
    assert attic.prune(GUILD, ()) == 0


def test_a_change_has_another_mark_where_a_file_became_another(folder: ArticleFolder, attic: Attic) -> None:
    path = add(folder, "mill", "The millers struck.")
    then = state(folder)
    attic.keep(folder, path, GUILD)
    marks = []
    for text in ("The millers settled.", "The millers met."):
        add(folder, "mill", text)
        marks += [attic.undoing(folder, GUILD, then), attic.undoing(folder, GUILD, then)]
    add(folder, "dock", "The dockers struck.")
    marks.append(attic.undoing(folder, GUILD, then))
    assert marks[0] == marks[2]  # the same paths and versions
    first, again, second, _, third = [one.mark for one in marks]
    assert first == again
    assert len({first, second, third}) == 3
    add(folder, "mill", "The millers struck at night.", "guild:8")
    assert attic.undoing(folder, GUILD, then).mark == third


def test_what_is_taken_lies_in_the_attic_alone(folder: ArticleFolder, attic: Attic) -> None:
    path = add(folder, "mill", "The millers struck.")
    before = state(folder)
    raw = folder.read_bytes(path)
    os.utime(folder.directory / path, (0, 0))
    for _ in range(2):  # the second time it is kept already
        attic.take(folder, path, GUILD)
        assert state(folder) == {}
        assert attic.version(GUILD, before[path]) == raw
        assert attic.prune(GUILD, (), before=datetime.now(UTC) - timedelta(days=1)) == 0
        attic.undo(folder, GUILD, attic.undoing(folder, GUILD, before))
        assert state(folder) == before


def test_a_link_is_taken_as_what_it_leads_to(folder: ArticleFolder, attic: Attic, tmp_path: Path) -> None:
    path = add(folder, "mill", "The millers struck.")
    place = folder.directory / path
    raw = place.read_bytes()
    place.rename(tmp_path / "elsewhere.md")
    place.symlink_to(tmp_path / "elsewhere.md")
    attic.take(folder, path, GUILD)
    assert not place.is_symlink()
    assert attic.version(GUILD, hashlib.sha256(raw).hexdigest()) == raw
    assert (tmp_path / "elsewhere.md").read_bytes() == raw


def test_what_is_taken_is_written_by_no_other_name_that_it_has(
    folder: ArticleFolder, attic: Attic, tmp_path: Path
) -> None:
    path = add(folder, "mill", "The millers struck.")
    before, raw = state(folder), folder.read_bytes(path)
    (tmp_path / "elsewhere.md").hardlink_to(folder.directory / path)
    attic.take(folder, path, GUILD)
    assert state(folder) == {}
    (tmp_path / "elsewhere.md").write_bytes(b"altered")
    assert attic.version(GUILD, before[path]) == raw


def test_what_is_taken_is_durable_before_its_name_moves(
    folder: ArticleFolder, attic: Attic, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = add(folder, "mill", "The millers struck.")
    article = (folder.directory / path).stat().st_ino
    order: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        if os.fstat(descriptor).st_ino == article:
            order.append("bytes")

    def renamed(place: Path, target: Path) -> Path:
        order.append("name")
        return rename(place, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    attic.take(folder, path, GUILD)
    assert order == ["bytes", "name"]


def test_where_the_attic_can_t_be_looked_into_nothing_is_taken_and_that_is_told(
    folder: ArticleFolder, tmp_path: Path
) -> None:
    path = add(folder, "mill", "The millers struck.")
    before = state(folder)
    attic = Attic(tmp_path / ("x" * 300))  # a name that no folder can have: like permissions, which root passes by
    with pytest.raises(StoreError):
        attic.take(folder, path, GUILD)
    assert state(folder) == before


def test_where_the_attic_or_the_articles_can_t_be_looked_into_nothing_is_undone_and_that_is_told(
    folder: ArticleFolder, attic: Attic, tmp_path: Path
) -> None:
    path = add(folder, "mill", "The millers struck.")
    before = state(folder)
    attic.take(folder, path, GUILD)
    long = "x" * 300  # a name that no folder can have: like permissions, which root passes by
    with pytest.raises(StoreError, match="can't be looked for"):
        Attic(tmp_path / long).undoing(folder, GUILD, before)
    with pytest.raises(StoreError, match="can't be made"):
        attic.undo(ArticleFolder(tmp_path / long), GUILD, attic.undoing(folder, GUILD, before))
    assert state(folder) == {}


def test_what_is_taken_to_another_disk_is_copied_there(folder: ArticleFolder) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        if Path(elsewhere).stat().st_dev == folder.directory.stat().st_dev:
            pytest.skip("there is one disk")
        path = add(folder, "mill", "The millers struck.")
        before, raw = state(folder), folder.read_bytes(path)
        attic = Attic(Path(elsewhere))
        attic.take(folder, path, GUILD)
        assert state(folder) == {}
        assert attic.version(GUILD, before[path]) == raw


def test_undoing_tells_how_far_it_came(folder: ArticleFolder, attic: Attic) -> None:
    paths = [add(folder, name, f"The {name} struck.") for name in ("dock", "mill")]
    before = state(folder)
    for path in paths:
        attic.take(folder, path, GUILD)
    (folder.directory / paths[1]).mkdir()  # in its way
    done: list[tuple[str, str]] = []
    with pytest.raises(StoreError):
        attic.undo(folder, GUILD, attic.undoing(folder, GUILD, before), done)
    assert done == [("+", paths[0])]
    assert list(state(folder)) == [paths[0]]
