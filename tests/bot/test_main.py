"""The operator's commands: `ask`, `check`, `sync`, `backup`, `restore`, and how they end. `test_process` has the bot itself."""

import asyncio
import re
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import yarl
from discord import http

from bot.__main__ import main
from bot.checkup import check
from bot.invitation import PERMISSIONS, install_link
from bot.journal import Journal
from tests.discord_server.process import BotProcess
from tests.discord_server.server import DiscordServer
from tests.engines import ADDED, CountingModel, configure, open_engine, write
from tests.index.test_cli import ROOT, Done

WEAVERS = "The weavers of Aldmouth walked out on Monday."

Run = Callable[..., Done]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    made = configure(tmp_path)
    write(tmp_path / "articles", "weavers", f"{WEAVERS} They want a fifth day of rest.", title="Out")
    return made


@pytest.fixture
def run(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`python -m bot …` in this process, with the stand-in for the model and without a token."""
    monkeypatch.chdir(config.parent)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setattr("index.engine.EmbeddingModel", lambda *_: CountingModel())

    def ran(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["bot", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        told = capsys.readouterr()
        return Done(int(end.value.code or 0), told.out, told.err)

    return ran


@pytest.fixture
def indexed(config: Path) -> Path:
    engine = open_engine(config)
    try:
        engine.reindex(now=ADDED)
    finally:
        engine.close()
    return config


@pytest.mark.usefixtures("indexed")
def test_ask_shows_the_card(run: Run) -> None:
    done = run("ask", "when did the weavers walk out?")
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"[1] **{WEAVERS}**" in done.stdout
    assert "Harbour Post" in done.stdout


def test_a_question_that_can_not_be_asked_is_one_sentence(run: Run, indexed: Path) -> None:
    done = run("ask", "?!")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("The question has no words")


def test_without_a_command_and_a_token_it_is_said_where_to_put_one(run: Run) -> None:
    done = run()
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no token; set DISCORD_TOKEN")


def test_mistakes_in_the_settings_come_before_the_token(run: Run, config: Path) -> None:
    config.write_text("[bot]\nthread = 2\nhttp = 'everywhere'\n")
    done = run()
    assert done.exit_code == 1
    assert "2 mistakes" in done.stderr
    assert "did you mean threads?" in done.stderr


def test_the_configuration_is_named_after_the_command(run: Run) -> None:
    done = run("--config", "bot.toml", "check")
    assert done.exit_code == 2
    assert "Give --config after “check”" in done.stderr
    assert run("check", "--config", "none.toml").stdout.startswith("✗   file")


# check


def test_check_says_of_each_thing_what_to_do(run: Run) -> None:
    done = run("check")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ok", "file"],
        ["✗", "token"],
        ["ok", "corpus"],
        ["✗", "generation"],
        ["ok", "model"],
        ["ok", "reranker"],
    ]
    assert "set DISCORD_TOKEN" in lines[1]
    assert lines[2].endswith("articles: 1 for everybody, 0 of servers")
    assert "python -m index reindex" in lines[3]
    assert "not exported yet" in lines[4]
    assert lines[5].endswith("none, as [reranking] model says")


def generation(run: Run) -> str:
    """What `check` says of the generation."""
    return next(line for line in run("check").stdout.splitlines() if line.startswith("ok  generation"))


def test_check_tells_what_changed_since_the_last_reindex(run: Run, indexed: Path) -> None:
    articles = indexed.parent / "articles"
    assert generation(run).endswith("with articles: 1, passages: 1")
    write(articles, "weavers", f"{WEAVERS} They want two days of rest.", title="Out")
    assert "since then 0 new, 1 changed, 0 gone, so run “python -m index reindex”" in generation(run)
    write(articles, "bakers", "The bakers signed a contract on June 4.")
    (articles / "weavers.md").unlink()
    assert "since then 1 new, 0 changed, 1 gone, so run “python -m index reindex”" in generation(run)


def test_a_broken_file_that_is_gone_hides_no_new_one_from_check(run: Run, config: Path) -> None:
    articles = config.parent / "articles"
    (articles / "broken.md").write_bytes(b"\xff")
    assert run("check").exit_code == 1
    with closing(open_engine(config)) as engine:
        assert len(engine.reindex(now=ADDED).failures) == 1
    assert generation(run).endswith("; files that can't be indexed: 1, which “python -m index reindex” names")
    (articles / "broken.md").unlink()
    write(articles, "bakers", "The bakers signed a contract on June 4.")
    assert generation(run).endswith("; since then 1 new, 0 changed, 0 gone, so run “python -m index reindex”")


def test_check_finds_models_in_folders_beside_the_settings(
    run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (config.parent / "mine").mkdir()
    for name in ("config.json", "model.safetensors", "model.onnx", "tokenizer.json"):
        (config.parent / "mine" / name).write_text("{}")
    config.write_text(config.read_text().replace('"none"', '"mine"') + '[embedding]\nmodel = "mine"\n')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    lines = run("check", "--config", str(config)).stdout.splitlines()
    assert [line.split()[:3] for line in lines[4:]] == [
        ["ok", "model", lines[4].split()[2]],
        ["ok", "reranker", "mine"],
    ]
    assert lines[4].split()[2].startswith("mine@")


def test_check_names_a_reranker_that_is_not_there(run: Run, config: Path) -> None:
    config.write_text(config.read_text().replace('"none"', '"no-such-model-of-anybody"'))
    done = run("check")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[5].startswith(
        "✗   reranker   [reranking] model “no-such-model-of-anybody” is not inst"
    )


def test_check_names_an_empty_corpus_and_a_model_that_is_not_there(run: Run, config: Path) -> None:
    (config.parent / "articles" / "weavers.md").unlink()
    config.write_text(config.read_text() + '[embedding]\nmodel = "no-such-model-of-anybody"\n')
    told = run("check").stdout
    assert "has no articles; add some" in told
    assert "“no-such-model-of-anybody” is not installed" in told


async def test_check_asks_discord_whether_it_knows_the_token(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as discord:
        monkeypatch.setattr(http.Route, "BASE", f"{discord.url}/api/v10")
        (config.parent / "token").write_text(discord.token)
        (config.parent / "token").chmod(0o644)
        config.write_text(config.read_text() + '[bot]\ntoken_file = "token"\n')
        known = (await asyncio.to_thread(lambda: list(check(config, {}))))[1]
        assert known.fine
        assert "it is picket's" in known.told
        assert install_link(discord.world.bot.id) in known.told
        assert "others on this machine can read (chmod 600)" in known.told
        assert discord.token not in known.told
        unknown = (await asyncio.to_thread(lambda: list(check(config, {"DISCORD_TOKEN": "another"}))))[1]
        assert not unknown.fine
        assert "Discord doesn't know that from DISCORD_TOKEN" in unknown.told
    away = (await asyncio.to_thread(lambda: list(check(config, {"DISCORD_TOKEN": "another"}))))[1]
    assert away.fine
    assert "not tried, since Discord can't be reached" in away.told


def test_the_install_link_asks_for_what_is_needed_and_nothing_more() -> None:
    link = yarl.URL(install_link(7))
    assert link.query["client_id"] == "7"
    assert set(link.query["scope"].split()) == {"bot", "applications.commands"}
    assert int(link.query["permissions"]) == PERMISSIONS.value == 1 << 10 | 1 << 11 | 1 << 16 | 1 << 38


def test_the_readme_says_the_permissions_that_are_asked_for() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"\b\d{12,}\b", text)) == {str(PERMISSIONS.value)}
    names = [name.replace("_", " ") for name, given in PERMISSIONS if given]
    assert not [
        name for name in names if name not in " ".join(text.lower().replace("view channels", "read messages").split())
    ]


# backup and restore


@pytest.mark.usefixtures("indexed")
def test_what_was_backed_up_is_back_after_a_restore(run: Run, config: Path, tmp_path: Path) -> None:
    article = config.parent / "articles" / "weavers.md"
    before = article.read_bytes()
    create_journal(config)
    done = run("backup", "kept.picket")
    assert done.exit_code == 0, done.stderr
    assert "1 article," in done.stdout
    assert run("backup", "kept.picket").exit_code == 1
    article.unlink()
    done = run("restore", "kept.picket")
    assert done.exit_code == 0, done.stderr
    assert article.read_bytes() == before
    assert "python -m index reindex" in done.stdout


def create_journal(config: Path) -> None:
    """People's data, as the bot's first start makes them."""
    Journal.open(config.parent / "var" / "bot.db", now=ADDED).close()


def test_a_file_that_is_no_backup_is_refused(run: Run, config: Path) -> None:
    done = run("restore", "bot.toml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


# sync


async def test_sync_tells_the_commands_though_nothing_changed(config: Path) -> None:
    async with DiscordServer() as discord:
        for _ in range(2):
            async with BotProcess(discord, config, command="sync") as process:
                assert await process.ended(60) == 0
        assert len(discord.asked("PUT", "/commands")) == 2
        discord.faults.fail("PUT", "/commands$", 403)
        async with BotProcess(discord, config, command="sync") as process:
            assert await process.ended(60) == 1
            assert len(process.said) == 1
            assert process.said[0].startswith("Discord did not take the commands")
        assert discord.gateway.identifies == []
