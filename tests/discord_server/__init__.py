"""Stands in for Discord on loopback: REST v10 and a gateway, enough for a bot in a process of its own.

`server.DiscordServer` is the whole of it, `process.BotProcess` the bot that is led to it by `launch`. `world` knows people,
servers and messages, `gateway` connections and sessions, `rest` the routes, `interactions` what a person did and what
became of it, `faults` what goes wrong on purpose, `limits` what Discord refuses.
"""
