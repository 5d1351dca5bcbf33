"""`python -m tests.discord_server.launch [ARGUMENT…]`: runs `python -m bot ARGUMENT…` with Discord's hosts replaced.

The environment's DISCORD_SERVER says by what. The bot's own code is not touched: only the addresses inside discord.py are.
"""

import os
import runpy
import sys

import yarl
from discord import gateway, http
from discord.asset import Asset


def redirect(url: str) -> None:
    """Leads REST, gateway and pictures to the server at `url`."""
    http.Route.BASE = f"{url}/api/v10"
    Asset.BASE = url
    # A single process connects here first, and again after an invalid session.
    gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1) + "/gateway")


if __name__ == "__main__":
    redirect(os.environ["DISCORD_SERVER"])
    sys.argv[0] = "bot"
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
