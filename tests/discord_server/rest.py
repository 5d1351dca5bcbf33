"""The routes of REST v10 that a bot like Picket calls; each reads or changes the world and answers as Discord does."""

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_server.faults import Faults, Request
from tests.discord_server.gateway import Gateway
from tests.discord_server.interactions import Interaction
from tests.discord_server.limits import EPHEMERAL, LOADING, message_faults, modal_faults
from tests.discord_server.world import Channel, Payload, World, snowflake, timestamp

API = "/api/v10"
_LIFETIME = 15 * 60  # seconds for which an interaction's token holds, by Discord's documentation
_FIRST = 3  # seconds within which it must be acknowledged, from the same
_REQUEST = web.RequestKey("request", Request)

Route = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DiscordError(Exception):
    """An answer that is an error, with Discord's code for it."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "code": code, **more}


class Rest:
    """The application behind /api/v10 and the files behind /attachments; `requests` has all that came, oldest first."""

    def __init__(self, world: World, gateway: Gateway, faults: Faults, token: str) -> None:
        self.requests: list[Request] = []
        self.commands: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}
        self._world, self._gateway, self._faults, self._token = world, gateway, faults, token

    def application(self, gateway_url: Callable[[], str]) -> web.Application:
        made = web.Application(middlewares=[self._middleware], client_max_size=32 << 20)

        async def gateway_bot(_: web.Request) -> web.Response:
            limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
            return web.json_response({"url": gateway_url(), "shards": 1, "session_start_limit": limit})

        me, app = f"{API}/users/@me", f"{API}/applications/{{app}}"
        messages, hook = f"{API}/channels/{{channel}}/messages", f"{API}/webhooks/{{app}}/{{token}}"
        made.add_routes(
            [
                web.get("/gateway", self._gateway.serve),
                web.get(f"{API}/gateway/bot", gateway_bot),
                web.get(me, self._me),
                web.post(f"{me}/channels", self._open_direct),
                web.get(f"{API}/users/{{user}}", self._user),
                web.get(f"{API}/oauth2/applications/@me", self._application),
                web.get(f"{API}/applications/@me", self._application),
                web.get(f"{app}/commands", self._list_commands),
                web.put(f"{app}/commands", self._replace_commands),
                web.put(f"{app}/guilds/{{guild}}/commands", self._replace_commands),
                web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._callback),
                web.post(hook, self._follow_up),
                web.get(f"{hook}/messages/{{message}}", self._hooked),
                web.patch(f"{hook}/messages/{{message}}", self._edit_hooked),
                web.delete(f"{hook}/messages/{{message}}", self._delete_hooked),
                web.get(f"{API}/channels/{{channel}}", self._channel_shown),
                web.post(f"{API}/channels/{{channel}}/typing", self._typing),
                web.post(messages, self._send),
                web.get(f"{messages}/{{message}}", self._message_shown),
                web.patch(f"{messages}/{{message}}", self._edit),
                web.delete(f"{messages}/{{message}}", self._delete),
                web.get(f"{API}/guilds/{{guild}}", self._guild_shown),
                web.get(f"{API}/guilds/{{guild}}/members/{{user}}", self._member_shown),
                web.get("/attachments/{owner}/{id}/{name}", self._file),
            ]
        )
        return made

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Route) -> web.StreamResponse:
        """Records, lets wait, fails on purpose, checks the token, answers, and wakes who waits for something to happen."""
        if request.path == "/gateway":
            return await handler(request)
        at = time.monotonic()
        body, files = await _read(request)
        told = Request(request.method, request.path.removeprefix(API), dict(request.query), body, files, at)
        request[_REQUEST] = told
        self.requests.append(told)
        response = await self._answer(request, told, handler)
        told.status = response.status
        if response.content_type == "application/json":
            response.headers["Content-Type"] = response.content_type  # as Discord sends it, without a charset
        async with self._gateway.changed:
            self._gateway.changed.notify_all()
        return response

    async def _answer(self, request: web.Request, told: Request, route: Route) -> web.StreamResponse:
        async with self._gateway.changed:  # so that a test sees a request that is held
            self._gateway.changed.notify_all()
        await self._faults.wait(told)
        if fault := self._faults.met_by(told):
            return web.json_response(fault.body, status=fault.status, headers=fault.headers)
        open_ = told.path.startswith(("/interactions/", "/webhooks/", "/attachments/"))
        if not open_ and request.headers.get("Authorization") != f"Bot {self._token}":
            return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        try:
            return await route(request)
        except DiscordError as error:
            return web.json_response(error.body, status=error.status)
        except web.HTTPNotFound:
            return web.json_response({"message": "404: Not Found", "code": 0}, status=404)

    async def _me(self, _: web.Request) -> web.Response:
        more = {"verified": True, "mfa_enabled": False, "email": None, "flags": 0, "locale": "en-GB"}
        return web.json_response(self._world.bot.payload() | more)

    async def _user(self, request: web.Request) -> web.Response:
        user = self._world.users.get(int(request.match_info["user"]))
        if user is None:
            raise DiscordError(404, 10013, "Unknown User")
        return web.json_response(user.payload())

    async def _application(self, _: web.Request) -> web.Response:
        bot = self._world.bot
        told = {
            "id": str(bot.id),
            "name": bot.name,
            "description": "",
            "icon": None,
            "verify_key": "0" * 64,
            "flags": 0,
        }
        more = {
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": bot.payload(),
            "team": None,
            "summary": "",
        }
        return web.json_response(told | more)

    async def _list_commands(self, _: web.Request) -> web.Response:
        return web.json_response(self.commands)

    async def _replace_commands(self, request: web.Request) -> web.Response:
        given: Any = request[_REQUEST].body["list"]
        known = {(one["name"], one["type"]): one["id"] for one in self.commands}
        app, version = str(self._world.bot.id), str(snowflake())
        made = [
            {"description": "", "default_member_permissions": None, "nsfw": False, **one}
            | {"id": known.get((one["name"], one["type"]), str(snowflake())), "application_id": app, "version": version}
            for one in given
        ]
        if "guild" not in request.match_info:
            self.commands = made
        return web.json_response(made)

    async def _callback(self, request: web.Request) -> web.Response:
        now = time.monotonic()
        one = self._interaction(request.match_info["token"], code=10062, message="Unknown interaction")
        if request.match_info["id"] != str(one.id) or (one.acknowledged_at is None and now - one.sent_at > _FIRST):
            raise DiscordError(404, 10062, "Unknown interaction")
        if one.acknowledged_at is not None:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        callback = request[_REQUEST].body
        kind, data = callback["type"], callback.get("data") or {}
        faults = modal_faults(data) if kind == 9 else message_faults(data) if kind in (4, 7) else []
        if kind == 8 and (len(data["choices"]) > 25 or any(len(item["name"]) > 100 for item in data["choices"])):
            faults.append("the choices")
        _check(faults)
        one.acknowledged_at, one.callback = request[_REQUEST].at, callback
        bot, channel = self._world.bot, one.channel
        told: Payload = {"id": str(one.id), "type": one.payload["type"]}
        resource: Payload = {"type": kind}
        if kind in (4, 5):
            flags = (data.get("flags") or 0) | (LOADING if kind == 5 else 0)
            one.original = self._world.message(channel, bot, data | {"flags": flags})
        elif kind in (6, 7):
            one.original = one.payload["message"]
            if kind == 7:
                _edited(one.payload["message"], data)
        if kind in (4, 5, 7):
            assert one.original is not None
            resource["message"] = one.original
            told |= {
                "response_message_id": one.original["id"],
                "response_message_loading": kind == 5,
                "response_message_ephemeral": bool(one.original["flags"] & EPHEMERAL),
            }
        return web.json_response({"interaction": told, "resource": resource})

    async def _follow_up(self, request: web.Request) -> web.Response:
        one = self._acknowledged(request)
        data = request[_REQUEST].body
        _check(message_faults(data))
        if one.original is not None and one.original["flags"] & LOADING:  # the first takes the place of “thinking”
            _edited(one.original, data)
            return web.json_response(one.original)
        made = self._world.message(one.channel, self._world.bot, data)
        one.followups.append(made)
        return web.json_response(made)

    async def _hooked(self, request: web.Request) -> web.Response:
        return web.json_response(self._hooked_message(request))

    async def _edit_hooked(self, request: web.Request) -> web.Response:
        message, data = self._hooked_message(request), request[_REQUEST].body
        _check(message_faults(message | data))
        _edited(message, data)
        return web.json_response(message)

    async def _delete_hooked(self, request: web.Request) -> web.Response:
        message, one = self._hooked_message(request), self._acknowledged(request)
        if message is one.original:
            one.original = None
        else:
            one.followups.remove(message)
        self._world.messages.pop(int(message["id"]), None)
        return web.Response(status=204)

    async def _channel_shown(self, request: web.Request) -> web.Response:
        return web.json_response(self._channel(request).payload())

    async def _typing(self, request: web.Request) -> web.Response:
        self._channel(request)
        return web.Response(status=204)

    async def _send(self, request: web.Request) -> web.Response:
        channel, data = self._channel(request), request[_REQUEST].body
        _check(message_faults(data))
        if (reference := data.get("message_reference")) and int(reference["message_id"]) not in self._world.messages:
            if reference.get("fail_if_not_exists", True):
                raise DiscordError(400, 50035, "Invalid Form Body", errors={"message_reference": "Unknown message"})
            data.pop("message_reference")
        made = self._world.message(channel, self._world.bot, data)
        await self._gateway.dispatch("MESSAGE_CREATE", made)
        return web.json_response(made)

    async def _message_shown(self, request: web.Request) -> web.Response:
        return web.json_response(self._message(request))

    async def _edit(self, request: web.Request) -> web.Response:
        message, data = self._message(request), request[_REQUEST].body
        if message["author"]["id"] != str(self._world.bot.id):
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        _check(message_faults(message | data))
        _edited(message, data)
        return web.json_response(message)

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        del self._world.messages[int(message["id"])]
        told: Payload = {key: message[key] for key in ("id", "channel_id", "guild_id") if key in message}
        await self._gateway.dispatch("MESSAGE_DELETE", told)
        return web.Response(status=204)

    async def _open_direct(self, request: web.Request) -> web.Response:
        user = self._world.users[int(request[_REQUEST].body["recipient_id"])]
        return web.json_response(self._world.direct_channel(user).payload())

    async def _guild_shown(self, request: web.Request) -> web.Response:
        guild = self._world.guilds.get(int(request.match_info["guild"]))
        if guild is None or not guild.installed:
            raise DiscordError(404, 10004, "Unknown Guild")
        return web.json_response(guild.payload(self._world.bot))

    async def _member_shown(self, request: web.Request) -> web.Response:
        guild = self._world.guilds.get(int(request.match_info["guild"]))
        if guild is None or not guild.installed:
            raise DiscordError(403, 50001, "Missing Access")
        user = self._world.users.get(int(request.match_info["user"]))
        if user is None or user not in guild.members:
            raise DiscordError(404, 10007, "Unknown Member")
        return web.json_response(guild.member(user) | {"user": user.payload()})

    async def _file(self, request: web.Request) -> web.Response:
        content = self._world.files.get(request.path)
        if content is None:
            raise DiscordError(404, 0, "This content is no longer available.")
        return web.Response(body=content)

    def _interaction(self, token: str, *, code: int = 10015, message: str = "Unknown Webhook") -> Interaction:
        one = self.interactions.get(token)
        if one is None or one.expired or time.monotonic() - one.sent_at > _LIFETIME:
            raise DiscordError(404, code, message)
        return one

    def _acknowledged(self, request: web.Request) -> Interaction:
        one = self._interaction(request.match_info["token"])
        if one.acknowledged_at is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        return one

    def _hooked_message(self, request: web.Request) -> Payload:
        one, name = self._acknowledged(request), request.match_info["message"]
        if name == "@original":
            found = one.original
        else:
            known = [*one.followups, *([one.original] if one.original else [])]
            found = next((message for message in known if message["id"] == name), None)
        if found is None:
            raise DiscordError(404, 10008, "Unknown Message")
        return found

    def _channel(self, request: web.Request) -> Channel:
        found = self._world.channel(int(request.match_info["channel"]))
        if found is None:
            raise DiscordError(404, 10003, "Unknown Channel")
        if found.guild is not None and not found.guild.installed:
            raise DiscordError(403, 50001, "Missing Access")
        return found

    def _message(self, request: web.Request) -> Payload:
        found = self._world.messages.get(int(request.match_info["message"]))
        if found is None or found["channel_id"] != str(self._channel(request).id) or found["flags"] & EPHEMERAL:
            raise DiscordError(404, 10008, "Unknown Message")
        return found


def _check(faults: list[str]) -> None:
    if faults:
        raise DiscordError(400, 50035, "Invalid Form Body", errors=dict.fromkeys(faults, "refused"))


def _edited(message: Payload, data: Payload) -> None:
    """Changes what an edit names. Whether a message is ephemeral stays; nobody thinks any more."""
    for key in ("content", "embeds", "components", "attachments"):
        if data.get(key) is not None:
            message[key] = data[key]
    kept = message["flags"] & EPHEMERAL
    message["flags"] = (data.get("flags") or message["flags"]) & ~LOADING & ~EPHEMERAL | kept
    message["edited_timestamp"] = timestamp()


async def _read(request: web.Request) -> tuple[Payload, dict[str, bytes]]:
    """The JSON of a request, and the files beside it where it has parts; a list stands under “list”."""
    files: dict[str, bytes] = {}
    text = ""
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content = bytes(await part.read(decode=True))
            if part.name == "payload_json":
                text = content.decode()
            else:
                files[part.filename or ""] = content
    elif request.can_read_body:
        text = await request.text()
    body = json.loads(text) if text else {}
    return body if isinstance(body, dict) else {"list": body}, files
