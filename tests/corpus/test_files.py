"""The article folder: where files lie, that a kill or a full disk leaves the old or the new, and what the catalogue sees."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article, changed, format_markdown, make_article
from corpus.errors import ArticleError, CorpusError, StoreError
from corpus.files import MAX_FILE_BYTES, ArticleFolder, Catalogue, new_id, plain_id, replace_file

ADDED = datetime(2026, 11, 21, tzinfo=UTC)
HOSTILE = [
    "../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "guild-1/x",
    ".hidden",
    "-rf",
    "CON",
    "a" * 200,
    "罢工 🎬 Ünïón",
    "x;rm -rf $HOME",
    "name.md",
    "a%2fb",
    "~root",
    "*",
]


def article(id: str = "talks", **fields: object) -> Article:  # noqa: A002 - the record's own word
    return make_article(**({"id": id, "text": f"About {id}.", "added": ADDED} | fields))  # type: ignore[arg-type]


def files(place: Path) -> list[str]:
    return sorted(str(item.relative_to(place)) for item in place.rglob("*") if item.is_file())


# --- where articles lie -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("article_id", HOSTILE)
@pytest.mark.parametrize("collection", ["public", "guild:42"])
def test_a_hostile_id_is_kept_and_its_file_stays_inside_the_folder(
    tmp_path: Path, folder: ArticleFolder, article_id: str, collection: str
) -> None:
    made = article(article_id, collection=collection)
    path = folder.write(made)
    (only,) = files(tmp_path)
    assert only == f"articles/{path}"
    assert only.startswith("articles/guild-42/") == (collection != "public")
    assert len(Path(only).name) <= 160
    (stamp,) = folder.stamps()
    assert (stamp.path, stamp.collection) == (path, collection)
    assert folder.read(path) == made


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=200))
def test_any_id_gives_a_visible_file_name_in_its_own_folder(article_id: str) -> None:
    path = ArticleFolder(Path("x")).path_for(article_id, "guild:7")
    folder, _, name = path.partition("/")
    assert folder == "guild-7"
    assert name == Path(name).name
    assert name.endswith(".md")
    assert name[0].isalnum()
    assert len(name.encode()) <= 160


def test_ids_that_look_alike_have_files_of_their_own(folder: ArticleFolder) -> None:
    paths = {folder.path_for(name, "public") for name in ("a/b", "a-b", "a b", "a\\b", "a:b")}
    assert len(paths) == 5


def test_collections_never_mix(folder: ArticleFolder) -> None:
    for collection in ("public", "guild:1", "guild:2"):
        folder.write(article("same", collection=collection, text=f"Known to {collection}."))
    assert [stamp.path for stamp in folder.stamps()] == ["guild-1/same.md", "guild-2/same.md", "same.md"]
    assert [stamp.collection for stamp in folder.stamps()] == ["guild:1", "guild:2", "public"]
    catalogue = Catalogue(folder)
    assert catalogue.problems == []
    assert [entry.collection for entry in catalogue.with_id("same")] == ["public", "guild:1", "guild:2"]
    assert catalogue.with_text("guild:1", "Known to guild:1.") is not None
    assert catalogue.with_text("guild:2", "Known to guild:1.") is None
    assert catalogue.with_text("public", "Known to guild:1.") is None


def test_a_file_can_not_claim_another_collection(folder: ArticleFolder) -> None:
    raw = format_markdown(article("mine")).replace("id: mine", "id: mine\ncollection: public")
    (folder.directory / "guild-5" / "deep").mkdir(parents=True)
    (folder.directory / "guild-5" / "deep" / "mine.md").write_text(raw)
    assert folder.read("guild-5/deep/mine.md").collection == "guild:5"


def test_a_folder_of_any_other_name_is_public(folder: ArticleFolder) -> None:
    for name in ("2023", "guild-x", "guild-", "2023/guild-9"):
        folder.write(article(name.replace("/", "-")), path=f"{name}/a.md")
    assert {stamp.collection for stamp in folder.stamps()} == {"public"}
    assert {folder.read(stamp.path).collection for stamp in folder.stamps()} == {"public"}


def test_only_visible_markdown_files_are_articles(folder: ArticleFolder) -> None:
    folder.write(article("a"))
    for name in (".hidden.md", "notes.txt", ".git/a.md", ".a.md.77.tmp"):
        place = folder.directory / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("x")
    (folder.directory / "folder.md").mkdir()
    (folder.directory / "dangling.md").symlink_to("nowhere")
    (folder.directory / "loop").symlink_to(".")
    (folder.directory / "linked.md").symlink_to("a.md")
    os.mkfifo(folder.directory / "pipe.md")
    assert [stamp.path for stamp in folder.stamps()] == ["a.md", "linked.md"]
    assert [place.name for place in folder.folders()] == ["articles", "folder.md"]


def test_a_folder_that_is_not_there_or_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("nowhere", "file", "file/inner"):
        with pytest.raises(StoreError, match="is no folder of articles; create it or correct"):
            ArticleFolder(tmp_path / name).stamps()
    for name in ("file", "file/inner"):
        with pytest.raises(StoreError, match=r"can't be made \((File exists|Not a directory)\)"):
            ArticleFolder(tmp_path / name).prepare()


def test_a_file_that_can_not_be_read_or_removed_is_told(folder: ArticleFolder) -> None:
    with pytest.raises(StoreError, match=r"gone\.md can't be read \(No such file or directory\)"):
        folder.read("gone.md")
    with pytest.raises(StoreError, match=r"gone\.md can't be removed"):
        folder.remove("gone.md")
    (folder.directory / "latin.md").write_bytes(b"Caf\xe9")
    with pytest.raises(ArticleError, match=r"“latin\.md” is not UTF-8 at byte 3"):
        folder.read("latin.md")
    with (folder.directory / "huge.md").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(ArticleError, match=r"“huge\.md” is larger than 12 MB"):
        folder.read("huge.md")


def test_the_largest_article_that_may_be_added_can_be_read_again(folder: ArticleFolder) -> None:
    made = article(text=("罢工" * 500 + "。\n") * 3_250)
    path = folder.write(made)
    assert (folder.directory / path).stat().st_size > 9_000_000
    assert folder.read(path) == made


def test_names_from_files_become_plain_ids() -> None:
    assert plain_id("../../Talks  resume (final)") == "Talks-resume-final"
    assert plain_id("罢工") == ""
    assert new_id("Talks Resume!", "text", date(2023, 9, 14)) == "2023-09-14-talks-resume-982d9e3e"
    assert new_id("", "罢工", None).startswith("undated-")


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_the_catalogue_finds_by_id_canonical_address_and_text(folder: ArticleFolder) -> None:
    folder.write(article("a", url="http://news.example/talks/?utm_source=x", title="Talks"))
    catalogue = Catalogue(folder)
    entry = catalogue.get("public", "a")
    assert entry is not None
    assert catalogue.with_url("public", "https://NEWS.example/talks#top") == entry
    assert catalogue.with_url("public", "https://news.example/other") is None
    assert catalogue.with_url("guild:1", "https://news.example/talks") is None
    assert catalogue.with_text("public", "About a.") == entry


def test_the_catalogue_lists_the_newest_first_and_the_undated_last(folder: ArticleFolder) -> None:
    for name, day in (("b", None), ("a", None), ("old", date(2007, 11, 5)), ("new", date(2023, 9, 27))):
        folder.write(article(name, published=day))
    assert [entry.id for entry in Catalogue(folder).entries()] == ["new", "old", "a", "b"]


def test_duplicate_ids_and_broken_files_are_problems_that_name_the_files(folder: ArticleFolder) -> None:
    folder.write(article("a"))
    folder.write(article("a", text="Another."), path="copy.md")
    (folder.directory / "broken.md").write_text("---\ntitle: [x\n---\nText.")
    catalogue = Catalogue(folder)
    assert sorted(catalogue.problems) == [
        "The front matter of “broken” is not YAML in line 3 (did not find expected ',' or ']'); correct it.",
        "“a.md” and “copy.md” have the same id “a”; change one of them.",
    ]
    (entry,) = catalogue.entries()
    assert entry.path == "a.md"
    assert catalogue.paths(entry) == ["a.md", "copy.md"]


def test_a_new_article_never_takes_the_file_of_another(folder: ArticleFolder) -> None:
    folder.write(article("named-otherwise"), path="talks.md")
    (folder.directory / "broken.md").write_text("---\nnever ends")
    catalogue = Catalogue(folder)
    assert catalogue.free_path("talks", "public") == "talks.2.md"
    assert catalogue.free_path("broken", "public") == "broken.2.md"
    assert catalogue.free_path("talks", "guild:1") == "guild-1/talks.md"
    catalogue.note(article("talks"), "talks.2.md")
    assert catalogue.free_path("talks", "public") == "talks.3.md"


def test_the_catalogue_follows_what_is_written(folder: ArticleFolder) -> None:
    catalogue = Catalogue(folder)
    first = article("a", url="https://news.example/1")
    catalogue.note(first, "a.md")
    catalogue.note(changed(first, url="https://news.example/2", text="Another text."), "a.md")
    assert catalogue.with_url("public", "https://news.example/1") is None
    assert catalogue.with_text("public", "About a.") is None
    assert len(catalogue.entries()) == 1
    assert catalogue.with_url("public", "https://news.example/2") == catalogue.get("public", "a")


# --- writing ----------------------------------------------------------------------------------------------------------


def test_writing_replaces_the_whole_file_and_leaves_nothing_beside_it(folder: ArticleFolder) -> None:
    folder.write(article(text="Long. " * 500))
    folder.write(article(text="Short."))
    assert files(folder.directory) == ["talks.md"]
    assert folder.read("talks.md").text == "Short."


def test_a_name_of_255_bytes_can_be_written(folder: ArticleFolder) -> None:
    name = "罢" * 84 + ".md"
    (folder.directory / name).write_text("Old.")
    folder.write(article("x"), path=name)
    assert folder.read(name).text == "About x."


def limited(program: str, **limits: int) -> "subprocess.CompletedProcess[str]":
    """Runs a program with resource limits; beyond a file's size the system says so instead of killing."""

    def restrict() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    return subprocess.run(
        [sys.executable, "-c", program], preexec_fn=restrict, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_full_disk_leaves_the_old_article_and_no_rest(folder: ArticleFolder) -> None:
    folder.write(article(text="Old."))
    before = (folder.directory / "talks.md").read_bytes()
    done = limited(
        "from tests.corpus.test_files import *\n"
        f"try: ArticleFolder(Path({str(folder.directory)!r})).write(article(text='New. ' * 5000))\n"
        "except StoreError as error: print(error)",
        RLIMIT_FSIZE=10_000,
    )
    assert done.stderr == ""
    assert "talks.md can't be written (File too large); check the permissions and the free space there." in done.stdout
    assert (folder.directory / "talks.md").read_bytes() == before
    assert files(folder.directory) == ["talks.md"]


IN_A_SMALL_DISK = """
import subprocess, sys
from tests.corpus.test_files import *
place = Path(sys.argv[1])
mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", place], capture_output=True)
if mounted.returncode: sys.exit(77)
folder = ArticleFolder(place)
for number in range(100):
    try: folder.write(article(f"a{number}", text="Wages rose again. " * 200))
    except StoreError as error:
        print(error)
        break
assert all(folder.read(stamp.path).text.startswith("Wages") for stamp in folder.stamps())
print(number == len(folder.stamps()), len(files(place)) == number, number > 5)
subprocess.run(["mount", "-o", "remount,ro", place], check=True)
guilds = article("n", collection="guild:1")
for act, what in ((folder.write, article("a0")), (folder.remove, "a0.md"), (folder.write, guilds)):
    try: act(what)
    except StoreError as error: print(error)
print(folder.read("a0.md").text[:17])
"""


def test_a_small_and_then_a_read_only_file_system_lose_nothing(tmp_path: Path) -> None:
    own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        done = subprocess.run(
            [*own, sys.executable, "-c", IN_A_SMALL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=120
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare here, so no file system of its own can be mounted")
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert done.stderr == ""
    full, counts, written, removed, made, text = done.stdout.splitlines()
    assert "can't be written (No space left on device)" in full
    assert counts == "True True True"
    assert "a0.md can't be written (Read-only file system)" in written
    assert "a0.md can't be removed (Read-only file system)" in removed
    assert "guild-1 can't be made (Read-only file system)" in made
    assert text == "Wages rose again."


def test_foreign_errors_are_mapped(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Not a directory") as caught:
        replace_file(tmp_path / "file" / "inner", b"")
    assert isinstance(caught.value, CorpusError)
    assert isinstance(caught.value.__cause__, OSError)


OLD, NEW = "Old words stay whole. " * 3_000, "New words come whole. " * 9_000
KILLS = 100
# Imports once and forks a writer for every line it reads, since starting Python takes longer than all else.
WRITERS = """
import os, sys
from tests.corpus.test_files import *
folder = ArticleFolder(Path(sys.argv[1]))
old, new = format_markdown(article(text=OLD)).encode(), format_markdown(article(text=NEW)).encode()
for _ in sys.stdin:
    writer = os.fork()
    while not writer:
        replace_file(folder.directory / "talks.md", new)
        replace_file(folder.directory / "talks.md", old)
    print(writer, flush=True)
    os.waitpid(writer, 0)
    print("ended", flush=True)
"""


def test_a_kill_at_any_moment_leaves_the_old_article_or_the_new_one(folder: ArticleFolder) -> None:
    chance = random.Random(20231)
    folder.write(article(text=OLD))
    whole = {article(text=OLD), article(text=NEW)}
    seen: set[Article] = set()
    leftovers = 0
    command = [sys.executable, "-c", WRITERS, str(folder.directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forker:
        assert forker.stdin
        assert forker.stdout
        for _ in range(KILLS):
            forker.stdin.write("\n")
            forker.stdin.flush()
            writer = int(forker.stdout.readline())
            time.sleep(chance.uniform(0, 0.02))  # the moment is what is random; nothing depends on its length
            os.kill(writer, signal.SIGKILL)
            assert forker.stdout.readline() == "ended\n"
            found = folder.read("talks.md")
            assert found in whole
            seen.add(found)
            leftovers += len(files(folder.directory)) > 1
            folder.prepare()
            assert files(folder.directory) == ["talks.md"]
    assert seen == whole
    assert leftovers > 0  # else the kills came at no moment that matters


def test_sweeping_spares_writers_that_are_alive(folder: ArticleFolder) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    alive = folder.directory / f".a.md.{os.getppid()}.tmp"
    dead = folder.directory / "guild-1" / f".a.md.{ended.pid}.tmp"
    foreign = folder.directory / ".notes.tmp"
    dead.parent.mkdir()
    for place in (alive, dead, foreign):
        place.write_text("")
    folder.prepare()
    assert (alive.exists(), dead.exists(), foreign.exists()) == (True, False, True)
