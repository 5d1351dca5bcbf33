"""A backup holds everything, a restore brings it back, and no fault, kill or forged file leaves half of either."""

import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backup_archive import CONTENTS, Contents, write_archive
from bot.backups import backup, restore
from bot.errors import BackupError, JournalError
from bot.journal import Journal, Shown
from bot.restore_plan import PLAN
from corpus.article import changed
from corpus.files import ArticleFolder
from index.errors import BusyError
from index.generations import Generations
from tests.engines import configure, write

NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ROOT = Path(__file__).parents[2]
QUIET = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")

# Restores in a child that dies before its nth step (a file opened to be written, renamed, removed; a folder made or
# removed; a sync), for the n on each line of standard input; tells how the child ended.
KILLED = """
import os, shutil, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.backups import restore

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod", "fcntl.flock", "sqlite3.connect"}

def die_before(left):
    def step(*_):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
    def heard(event, facts):
        if event in STEPS or (event == "open" and isinstance(facts[2], int) and facts[2] & (os.O_WRONLY | os.O_RDWR)):
            step()
    sync = os.sync
    os.sync = lambda: (step(), sync())
    sys.addaudithook(heard)

for line in sys.stdin:
    child = os.fork()
    if not child:
        die_before(int(line))
        restore(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime(2031, 5, 20, 13, int(line) % 60, tzinfo=UTC))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Picket:
    """A small installation in a folder of its own: settings, three articles, and people's data."""

    def __init__(self, place: Path, which: str) -> None:
        self.config = configure(place, f"[bot]\nkeep_days = {len(which)}\n")
        self.articles, self.storage = place / "articles", place / "var"
        self.become(which)

    def become(self, which: str) -> None:
        for name in ArticleFolder(self.articles).stamps():
            (self.articles / name.path).unlink()
        write(self.articles, "aldmouth", f"The dockers of Aldmouth walked out, says {which}.")
        write(self.articles, f"only-{which}", f"Only {which} has this report of the harbour.")
        write(self.articles, "corvale", f"The nurses of Corvale met, says {which}.", collection="guild:7")
        self.config.write_text(
            self.config.read_text("utf-8").split("[bot]")[0] + f"[bot]\nkeep_days = {len(which)}\n", "utf-8"
        )
        with closing(Journal.open(self.storage / "bot.db", now=NOON)) as journal:
            journal.set_value("which", which)

    def state(self) -> tuple[str, dict[str, str], str | None]:
        """The settings, the articles by path, and a fact of the journal, as they are once a start has gone well."""
        if (self.storage / PLAN).exists():
            with pytest.raises(JournalError, match="cut short is finished now; start Picket again"):
                Journal.open(self.storage / "bot.db", now=NOON)
        with closing(Journal.open(self.storage / "bot.db", now=NOON)) as journal:
            fact = journal.value("which")
        articles = {
            one.path: (self.articles / one.path).read_text("utf-8") for one in ArticleFolder(self.articles).stamps()
        }
        return self.config.read_text("utf-8"), articles, fact

    def left_over(self) -> list[Path]:
        return list(self.config.parent.rglob(".restoring-*"))


def note(journal: Journal) -> int:
    return journal.note(Shown(7, 1, journal.hashed(1), NOON, "when " * 20, "nothing", 0.1, False, 1))


@pytest.fixture
def picket(tmp_path: Path) -> Picket:
    return Picket(tmp_path / "picket", "old")


@pytest.fixture
def archive(picket: Picket, tmp_path: Path) -> Path:
    """A backup of `picket` while it was “wanted”; now it is “old” again."""
    target = tmp_path / "picket.tar.gz"
    picket.become("wanted")
    backup(picket.config, target, now=NOON)
    picket.become("old")
    return target


def test_a_restore_brings_back_everything_and_keeps_what_it_replaced_aside(picket: Picket, archive: Path) -> None:
    old = picket.state()
    picket.become("wanted")
    wanted = picket.state()
    picket.become("old")
    (picket.articles / "notes.txt").write_text("no article")
    done = restore(picket.config, archive, now=LATER)
    assert picket.state() == wanted != old
    assert (done.articles, done.made_at) == (3, "2031-05-20T12:00:00+00:00")
    assert done.replaced == (
        picket.storage / ".replaced-20310520T130000",
        picket.articles / ".replaced-20310520T130000",
    )
    storage, articles = done.replaced
    assert (storage / "bot.toml").read_text("utf-8") == old[0]
    assert {one.relative_to(articles).as_posix(): one.read_text("utf-8") for one in articles.rglob("*.md")} == old[1]
    with closing(sqlite3.connect(storage / "bot.db")) as connection:
        assert connection.execute("select value from facts where key = 'which'").fetchone() == ("old",)
    assert (picket.articles / "notes.txt").read_text() == "no article"
    assert picket.left_over() == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system than `tmp_path`."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs two file systems")
    with tempfile.TemporaryDirectory(dir=memory) as name:
        yield Path(name)


def test_a_restore_is_whole_where_the_settings_lie_on_another_file_system(tmp_path: Path, elsewhere: Path) -> None:
    picket = Picket(elsewhere, "wanted")
    config = tmp_path / "etc" / "bot.toml"
    config.parent.mkdir()
    packed = picket.config.read_text("utf-8").replace('directory = "', f'directory = "{elsewhere}/')
    config.write_text(packed, "utf-8")
    backup(config, tmp_path / "picket.tar.gz", now=NOON)
    replaced = packed.replace("keep_days = 6", "keep_days = 3")
    config.write_text(replaced, "utf-8")
    (picket.articles / "aldmouth.md").unlink()
    done = restore(config, tmp_path / "picket.tar.gz", now=LATER)
    assert config.read_text("utf-8") == packed
    assert (done.replaced[0] / "bot.toml").read_text("utf-8") == replaced
    assert (picket.articles / "aldmouth.md").exists()
    assert not (picket.storage / PLAN).exists()
    assert [*tmp_path.rglob(".restoring-*"), *elsewhere.rglob(".restoring-*")] == []


def test_people_data_is_its_owners_alone_after_a_restore_too(picket: Picket, archive: Path) -> None:
    before = os.umask(0o022)
    try:
        restore(picket.config, archive, now=LATER)
    finally:
        os.umask(before)
    assert stat.S_IMODE((picket.storage / "bot.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((picket.articles / "aldmouth.md").stat().st_mode) == 0o644


def test_a_restore_in_the_second_of_one_that_is_not_finished_takes_nothing_from_it(
    picket: Picket, archive: Path
) -> None:
    old = picket.state()
    plan_only = (
        "import os, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\nimport bot.restore_plan\n"
        "from bot.backups import restore\nbot.restore_plan.settle = lambda storage: os._exit(9)\n"
        "restore(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime(2031, 5, 20, 13, tzinfo=UTC))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", plan_only, str(picket.config), str(archive)], cwd=ROOT, env=QUIET, check=False
    )
    assert killed.returncode == 9
    assert (picket.storage / PLAN).exists()
    with pytest.raises(BackupError, match=r"is there already; wait a second and try again\.$"):
        restore(picket.config, archive, now=LATER)
    found = picket.state()
    assert "keep_days = 6" in found[0]
    assert "keep_days = 3" in old[0]
    assert found[2] == "wanted"


def test_after_a_restore_no_id_is_given_that_was_given_before(picket: Picket, archive: Path) -> None:
    given: list[int] = []
    for moment in (LATER, LATER + timedelta(days=1)):
        with closing(Journal.open(picket.storage / "bot.db", now=moment)) as journal:
            given += [note(journal), note(journal)]
        restore(picket.config, archive, now=moment)
    with closing(Journal.open(picket.storage / "bot.db", now=LATER)) as journal:
        given.append(note(journal))
    assert len(set(given)) == len(given)


def test_the_log_of_a_bot_that_was_killed_does_not_get_into_what_is_restored(
    picket: Picket, archive: Path, tmp_path: Path
) -> None:
    killed = tmp_path / "killed"
    with closing(Journal.open(killed / "bot.db", now=NOON)) as journal:
        journal.set_value("which", "only in the log")
        for name in ("bot.db", "bot.db-wal"):
            shutil.copy(killed / name, picket.storage / name)  # as a kill at this moment would leave them
    done = restore(picket.config, archive, now=LATER)
    assert picket.state()[2] == "wanted"
    with closing(Journal.open(done.replaced[0] / "bot.db", now=NOON)) as journal:
        assert journal.value("which") == "only in the log"


def test_a_backup_goes_back_into_an_empty_place_as_its_settings_say(archive: Path, tmp_path: Path) -> None:
    config = tmp_path / "new" / "bot.toml"
    config.parent.mkdir()
    done = restore(config, archive, now=LATER)
    assert done.articles == 3
    assert done.replaced == ()
    assert sorted(one.path for one in ArticleFolder(config.parent / "articles").stamps()) == [
        "aldmouth.md",
        "guild-7/corvale.md",
        "only-wanted.md",
    ]
    with closing(Journal.open(config.parent / "var" / "bot.db", now=NOON)) as journal:
        assert journal.value("which") == "wanted"


def test_a_backup_is_made_while_the_bot_runs_and_reads_nothing_half(picket: Picket, tmp_path: Path) -> None:
    folder = ArticleFolder(picket.articles)
    article = folder.read("aldmouth.md")
    stop = threading.Event()
    with closing(Journal.open(picket.storage / "bot.db", now=NOON)) as journal:

        def work() -> None:
            count = 0
            while not stop.is_set():
                count += 1
                note(journal)
                folder.write(changed(article, text=f"Version {count} of the report on the dockers."))

        thread = threading.Thread(target=work)
        thread.start()
        try:
            done = [backup(picket.config, tmp_path / f"{number}.tar.gz", now=NOON) for number in range(3)]
        finally:
            stop.set()
            thread.join()
    for one in done:
        place = tmp_path / one.file.name.removesuffix(".tar.gz") / "bot.toml"
        place.parent.mkdir()
        restore(place, one.file, now=LATER)
        assert one.articles == 3
        assert one.size == one.file.stat().st_size


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_else_behind(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert sorted(one.name for one in archive.parent.iterdir()) == ["picket", "picket.tar.gz"]


def test_a_file_that_is_there_is_not_overwritten(picket: Picket) -> None:
    before = picket.config.read_bytes()
    with pytest.raises(BackupError, match="is there already; name another file"):
        backup(picket.config, picket.config, now=NOON)
    assert picket.config.read_bytes() == before


def test_an_article_whose_name_is_not_utf_8_is_named_and_there_is_no_backup(picket: Picket, tmp_path: Path) -> None:
    shutil.copy(picket.articles / "aldmouth.md", picket.articles / os.fsdecode(b"caf\xe9.md"))
    target = tmp_path / "one.tar.gz"
    with pytest.raises(BackupError) as refusal:
        backup(picket.config, target, now=NOON)
    assert str(refusal.value) == (
        r"“caf\udce9.md” has a name that is not UTF-8, so there is no backup; rename the file, and back up again."
    )
    assert [one.name for one in tmp_path.iterdir()] == ["picket"]


def test_what_a_disk_does_not_keep_is_told_by_the_file_that_was_named(
    picket: Picket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def altered(stream: IO[bytes], members: Iterable[tuple[str, Path]], made_at: datetime) -> Contents:
        contents = write_archive(stream, members, made_at)
        stream.seek(40)
        stream.write(b"\0\0\0\0")
        return contents

    monkeypatch.setattr("bot.backups.write_archive", altered)
    target = tmp_path / "one.tar.gz"
    with pytest.raises(BackupError) as refusal:
        backup(picket.config, target, now=NOON)
    assert str(refusal.value) == (
        f"There is no {target}, since what was packed can't be read back; check the disk there and try again."
    )
    assert [one.name for one in tmp_path.iterdir()] == ["picket"]


def test_without_people_data_or_a_folder_there_is_no_backup_and_a_sentence(picket: Picket, tmp_path: Path) -> None:
    target = tmp_path / "one.tar.gz"
    with pytest.raises(BackupError) as refusal:
        backup(picket.config, tmp_path / "absent" / "one.tar.gz", now=NOON)
    assert str(refusal.value) == f"There is no folder {tmp_path / 'absent'}; create it, or name another."
    (picket.storage / "bot.db").unlink()
    with pytest.raises(BackupError) as refusal:
        backup(picket.config, target, now=NOON)
    assert str(refusal.value) == (
        f"{picket.storage / 'bot.db'} is not there, which Picket makes when it first connects to Discord; connect it once,"
        f" or copy {picket.config} and {picket.articles} yourself."
    )
    assert not target.exists()
    assert not list(tmp_path.glob(".backup-*"))


def test_a_folder_that_can_not_be_written_is_told_by_the_file_that_was_named(picket: Picket) -> None:
    with pytest.raises(BackupError, match=r"^/proc/one\.tar\.gz can't be read or written"):
        backup(picket.config, Path("/proc/one.tar.gz"), now=NOON)


def test_a_running_bot_and_a_running_reindex_keep_a_restore_out(picket: Picket, archive: Path) -> None:
    old = picket.state()
    with (
        closing(Journal.open(picket.storage / "bot.db", now=NOON)),
        pytest.raises(JournalError, match="in use by the bot"),
    ):
        restore(picket.config, archive, now=LATER)
    with (
        Generations(picket.storage / "index").lock("somebody", NOON),
        pytest.raises(BusyError, match="A reindex is running"),
    ):
        restore(picket.config, archive, now=LATER)
    assert picket.state() == old
    assert picket.left_over() == []


def test_a_bot_that_runs_on_the_storage_used_so_far_keeps_a_restore_elsewhere_out(
    picket: Picket, archive: Path
) -> None:
    picket.config.write_text('[corpus]\ndirectory = "articles"\n[storage]\ndirectory = "other"\n', "utf-8")
    with (
        closing(Journal.open(picket.config.parent / "other" / "bot.db", now=NOON)),
        pytest.raises(JournalError, match="in use by the bot"),
    ):
        restore(picket.config, archive, now=LATER)
    restore(picket.config, archive, now=LATER)
    assert "keep_days = 6" in picket.config.read_text("utf-8")


def test_a_kill_at_any_step_of_a_restore_leaves_all_of_the_old_or_all_of_the_new(picket: Picket, archive: Path) -> None:
    old = picket.state()
    picket.become("wanted")
    wanted = picket.state()
    picket.become("old")
    seen: list[bool] = []
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(picket.config), str(archive)],
        cwd=ROOT,
        env=QUIET,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        status = -signal.SIGKILL
        while status != 0:
            process.stdin.write(f"{len(seen) + 1}\n")
            process.stdin.flush()
            status = int(process.stdout.readline())
            assert status in (0, -signal.SIGKILL)
            found = picket.state()
            assert found in (old, wanted)
            assert not (picket.storage / PLAN).exists()
            seen.append(found == wanted)
            picket.become("old")
        process.stdin.close()
    assert seen[-1]
    assert seen == sorted(seen)  # once the plan is there, the new is what comes of it
    assert seen.count(False) > 10
    assert seen.count(True) > 5


def test_a_disk_that_is_full_stops_a_restore_before_anything_is_touched(picket: Picket, archive: Path) -> None:
    old = picket.state()
    script = (
        "import resource, signal, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
        "from bot.backups import restore\nfrom bot.errors import BotError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: restore(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime(2031, 5, 20, 13, tzinfo=UTC))\n"
        "except BotError as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(picket.config), str(archive)],
        cwd=ROOT,
        env=QUIET,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("BackupError ")
    assert "check the permissions and the free space there." in done.stdout
    assert picket.state() == old
    assert picket.left_over() == []


def repacked(archive: Path, change: Callable[[dict[str, bytes]], None], *, right: bool = True) -> Path:
    """The archive with other members; `right` makes its list of contents true again."""
    members: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            assert stream is not None
            members[member.name] = stream.read()
    change(members)
    listed = members.pop(CONTENTS, None)
    if listed is not None and right:
        table = json.loads(listed)
        table["files"] = {name: hashlib.sha256(raw).hexdigest() for name, raw in members.items()}
        listed = json.dumps(table).encode()
    target = archive.with_name("repacked.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, raw in [*members.items(), *([(CONTENTS, listed)] if listed is not None else [])]:
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return target


def refused(picket: Picket, archive: Path) -> str:
    """The sentence with which a restore is refused; nothing was touched."""
    old = picket.state()
    with pytest.raises(BackupError) as error:
        restore(picket.config, archive, now=LATER)
    assert picket.state() == old
    assert picket.left_over() == []
    assert not list(picket.config.parent.rglob(".replaced-*"))
    return str(error.value)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd.md",
        "articles/../../escaped.md",
        "articles/.hidden/one.md",
        "articles/./one.md",
        "articles//one.md",
        "articles/run.sh",
        "bot.toml.md",
        "articles/a\nb/.x.md",
    ],
)
def test_a_file_that_would_lie_elsewhere_is_refused(picket: Picket, archive: Path, name: str) -> None:
    said = refused(picket, repacked(archive, lambda members: members.update({name: b"x"})))
    assert "is nothing that a backup holds" in said
    assert not (picket.config.parent / "escaped.md").exists()


def test_a_link_or_a_folder_in_a_backup_is_refused(picket: Picket, archive: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
        target = archive.with_name("linked.tar.gz")
        with tarfile.open(target, "w:gz") as tar:
            member = tarfile.TarInfo("articles/one.md")
            member.type, member.linkname = kind, "bot.db"
            tar.addfile(member)
        assert "is nothing that a backup holds" in refused(picket, target)


def test_what_was_changed_added_or_taken_out_is_refused_by_name(picket: Picket, archive: Path) -> None:
    changes: dict[str, Callable[[dict[str, bytes]], object]] = {
        "“articles/aldmouth.md” is not what was packed": lambda members: members.update({"articles/aldmouth.md": b"x"}),
        "“articles/new.md” is not what was packed": lambda members: members.update({"articles/new.md": b"x"}),
        "“articles/only-wanted.md” is not what was packed": lambda members: members.pop("articles/only-wanted.md"),
        "it has no list of contents at its end": lambda members: members.pop(CONTENTS),
        "its list of contents can't be read": lambda members: members.update({CONTENTS: b'{"format": "1"}'}),
    }
    for said, change in changes.items():
        assert said in refused(picket, repacked(archive, lambda members, change=change: change(members), right=False))  # type: ignore[misc]


def test_a_database_that_is_damaged_newer_or_not_there_is_refused(
    picket: Picket, archive: Path, tmp_path: Path
) -> None:
    def damage(members: dict[str, bytes]) -> None:
        members["bot.db"] = members["bot.db"][:4096] + b"\xa5" * 4096 + members["bot.db"][8192:]

    def age(members: dict[str, bytes]) -> None:
        place = tmp_path / "newer.db"
        place.write_bytes(members["bot.db"])
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute("insert into _sqlite_migrations values (99, 'picket', '0099_later', '2032')")
        members["bot.db"] = place.read_bytes()

    assert "damaged" in refused(picket, repacked(archive, damage))
    assert "newer Picket" in refused(picket, repacked(archive, age))
    assert "it has no bot.db" in refused(picket, repacked(archive, lambda members: members.pop("bot.db")))  # type: ignore[arg-type]


def test_settings_that_can_not_be_used_are_refused(picket: Picket, archive: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["bot.toml"] = b"[storage]\ndirectoryy = 1\n"

    assert "The settings in" in refused(picket, repacked(archive, change))


def test_a_backup_of_a_newer_picket_is_refused(picket: Picket, archive: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[CONTENTS] = b'{"format": 2, "anything": []}'

    assert "newer Picket" in refused(picket, repacked(archive, change, right=False))


def test_a_wrong_checksum_at_the_end_is_refused(picket: Picket, archive: Path) -> None:
    raw = archive.read_bytes()
    archive.write_bytes(raw[:-8] + bytes(one ^ 1 for one in raw[-8:]))
    assert "is no whole backup of Picket" in refused(picket, archive)


def test_what_is_no_archive_at_all_is_refused(picket: Picket, tmp_path: Path) -> None:
    for raw in (b"", b"no archive", gzip.compress(b"no tar"), gzip.compress(b"\0" * 10240)):
        (tmp_path / "wrong.tar.gz").write_bytes(raw)
        assert "is no whole backup of Picket" in refused(picket, tmp_path / "wrong.tar.gz")
    for absent in (tmp_path / "absent.tar.gz", tmp_path / "wrong.tar.gz" / "inside.tar.gz"):
        assert refused(picket, absent) == f"{absent} is not there; name another file."


def test_settings_in_a_folder_that_is_not_there_are_no_place_to_restore_to(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError) as refusal:
        restore(tmp_path / "absent" / "bot.toml", archive, now=LATER)
    assert str(refusal.value) == f"There is no folder {tmp_path / 'absent'}; create it, or name another."


@settings(max_examples=25, deadline=None)
@given(part=st.floats(0, 1, exclude_max=True), cut=st.booleans(), bit=st.integers(0, 7))
def test_an_archive_that_is_cut_or_has_a_wrong_bit_is_refused_or_gives_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, part: float, cut: bool, bit: int
) -> None:
    place = tmp_path_factory.mktemp("damaged")
    picket = Picket(place / "picket", "old")
    packed = picket.state()
    backup(picket.config, place / "picket.tar.gz", now=NOON)
    raw = (place / "picket.tar.gz").read_bytes()
    at = int(part * len(raw))
    flipped = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
    (place / "picket.tar.gz").write_bytes(raw[:at] if cut else flipped)
    picket.become("wanted")
    before = picket.state()
    said = ""
    try:
        restore(picket.config, place / "picket.tar.gz", now=LATER)
    except BackupError as error:
        said = str(error)
    # Some bits mean nothing: gzip's head holds a time, and the last byte before its checksum may have bits to spare.
    assert said or not cut
    assert not said or "is no whole backup of Picket" in said
    assert picket.state() == (before if said else packed)


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a file whose size is told wrongly")
def test_what_is_packed_is_as_long_as_what_was_read_whatever_its_size_was() -> None:
    wrong = Path("/proc/version")
    assert wrong.stat().st_size == 0
    packed = io.BytesIO()
    write_archive(packed, [("articles/a.md", wrong)], NOON)
    packed.seek(0)
    with tarfile.open(fileobj=packed) as found:
        member = found.extractfile("articles/a.md")
        assert member is not None
        assert member.read() == wrong.read_bytes() != b""
