"""Which rights Picket asks for in a server, and the link that brings it there."""

import discord

# As few as its work needs: to be in a channel, to speak there and in threads, and to reply to a message, for which Discord
# wants the history too. Its own messages it may always delete; Components V2 need no Embed Links.
PERMISSIONS = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)
SCOPES = ("bot", "applications.commands")


def install_link(application: int) -> str:
    """The address at which who manages a server adds the application to it."""
    return discord.utils.oauth_url(application, permissions=PERMISSIONS, scopes=SCOPES)
