"""Takes an address that a stranger names apart into what may be dialled, or refuses it.

Nothing here touches the network. `check_url` judges the text of an address, `is_public` judges a numeric
address, and `canonical_url` says when two addresses mean the same article. Looking names up, and judging what
comes back, is left to `corpus.fetch`. Only the parts found here are ever dialled, so no second parser can
read the same text differently.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import quote

import idna

from corpus.errors import UnsafeAddressError

# Web servers' own ports and their two customary substitutes. Others are left out because a stranger could use
# them to talk to mail, database and administration services; an operator adds one with `FetchLimits.ports`.
PORTS = frozenset({80, 443, 8080, 8443})
ANY_PORT = range(1, 65_536)
MAX_LENGTH = 2_048  # characters; the most that sitemaps.org allows
MAX_HOST = 253  # RFC 1035, 2.3.4: 255 octets on the wire

_DEFAULT_PORTS = {"http": 80, "https": 443}
_WHOLE = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)([^#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")  # RFC 1123, and the underscore that DNS allows
_SAFE = "/%:@!$&'()*+,;=~?[]|"  # stands in a path, a query or a fragment as it was written
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")  # the "ends in a number" rule of the WHATWG URL standard
# Names that never belong to a public site: RFC 6761, 6762, 7686, 8375 and ICANN's reservation of .internal.
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "onion")

# The IANA special-purpose registries for IPv4 and IPv6, without the entries that are globally reachable.
_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carrier-grade NAT; also Alibaba's metadata service
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's metadata service, public by number only
            "169.254.0.0/16",  # link-local; metadata services of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; also Oracle's metadata service
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays, withdrawn
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")  # all that IANA has given out; the rest is loopback, local, multicast or reserved
_CLOSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, withdrawn, hides an IPv4 address
            "3fff::/20",  # documentation
        ),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only network reaches IPv4
_MAPPED = IPv6Network("::ffff:0:0/96")

# Parameters that advertising and newsletter systems add and that never choose the article.
_TRACKING = frozenset(
    {
        "_ga",
        "_gl",
        "__hsfp",
        "__hssc",
        "__hstc",
        "__twitter_impression",
        "_hsenc",
        "_hsmi",
        "at_campaign",
        "at_medium",
        "cmp",
        "cmpid",
        "dclid",
        "emc",
        "fbclid",
        "gad_campaignid",
        "gad_source",
        "gbraid",
        "gclid",
        "gclsrc",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "icid",
        "igsh",
        "igshid",
        "li_fat_id",
        "mbid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "msclkid",
        "ncid",
        "ns_mchannel",
        "ocid",
        "ref_src",
        "ref_url",
        "reflink",
        "s_cid",
        "smid",
        "smtyp",
        "sr_share",
        "srsltid",
        "taid",
        "ttclid",
        "twclid",
        "unlocked_article_code",
        "vero_id",
        "wbraid",
        "wprov",
        "wt.mc_id",
        "xtor",
        "yclid",
    }
)
_TRACKING_STARTS = ("gaa_", "mtm_", "pk_", "utm_")
# Words that may choose what is shown on another site; beside “emc”, the New York Times's letters to readers set them.
_BESIDE_EMC = frozenset({"campaign_id", "instance_id", "nl", "regi_id", "segment_id", "te", "user_id"})


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address whose text is safe; whether its host is public is not known yet.

    `host` is lower-case ASCII without brackets or a closing dot; `target` is path and query, percent-encoded,
    and starts with a slash. There is no fragment.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The host as a number, or None where it is a name."""
        if ":" in self.host:
            return IPv6Address(self.host)
        return IPv4Address(self.host) if _NUMERIC.fullmatch(self.host.rpartition(".")[2]) else None

    @property
    def authority(self) -> str:
        """What the Host header says: brackets around IPv6, the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def shown(url: str) -> str:
    """The address as a message may print it: one line, at most 120 characters, no control characters."""
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in url[:120])
    return text + "…" if len(url) > 120 else text


def check_url(url: str, *, ports: Container[int] = PORTS) -> WebAddress:
    """Take an address apart, or raise `UnsafeAddressError` with the reason.

    Refused: anything but http and https; user names and passwords (they would be sent, and they disguise the
    host); ports outside `ports`; more than 2,048 characters; blanks, control and other unprintable
    characters; backslashes and percent signs before the path (programs disagree on them); zone ids; IPv4 in
    any form but four decimal numbers (2130706433, 0177.0.0.1, 0x7f.1 and 127.1 are all 127.0.0.1 to a
    browser); names without a dot, and names that are local by definition. Full-width digits, ideographic dots
    and international names are normalised by IDNA (UTS 46) first, as a browser would, and one closing dot is
    dropped.
    """
    if len(url) > MAX_LENGTH:
        raise UnsafeAddressError(
            f"{shown(url)} is {len(url):,} characters, over the limit of {MAX_LENGTH:,}; give a shorter one."
        )
    if not url.isprintable() or " " in url:
        raise UnsafeAddressError(
            f"{shown(url)} contains a blank or an unprintable character; give the address without it."
        )
    scheme = _SCHEME.match(url)
    if scheme and scheme[0].lower() not in _DEFAULT_PORTS:
        raise UnsafeAddressError(f"{shown(url)} uses {scheme[0][:20]}:, and only http: and https: are fetched.")
    parts = _WHOLE.match(url)
    if not parts:
        raise UnsafeAddressError(f"{shown(url)} is no web address; give one that starts with https://.")
    authority = parts[2]
    if "@" in authority:
        raise UnsafeAddressError(f"{shown(url)} carries a user name or password; give the address without it.")
    if "\\" in authority or "%" in authority:
        raise UnsafeAddressError(
            f"{shown(url)} has a backslash, a zone or a percent sign in its host; give the plain host name."
        )
    host, port = _split_port(authority, url)
    number = int(port) if port else _DEFAULT_PORTS[parts[1].lower()]
    if number not in ports:
        raise UnsafeAddressError(
            f"{shown(url)} names port {number}, which is not one that articles are fetched from; "
            "leave the port out or have the operator allow it."
        )
    target = parts[3] if parts[3].startswith("/") else "/" + parts[3]
    return WebAddress(parts[1].lower(), _host(host, url), number, quote(target, safe=_SAFE))


def _split_port(authority: str, url: str) -> tuple[str, str]:
    """("[::1]", "80") from "[::1]:80"; the port is empty where none is given."""
    parts = re.fullmatch(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?", authority)
    if not parts:
        raise UnsafeAddressError(f"{shown(url)} has no readable host and port; check its spelling.")
    if not parts[1]:
        raise UnsafeAddressError(f"{shown(url)} names no host; give the whole address of the article.")
    return parts[1], parts[2] or ""


def _host(text: str, url: str) -> str:
    if text.startswith("["):
        try:
            return IPv6Address(text[1:-1]).compressed
        except ValueError as error:
            raise UnsafeAddressError(f"{shown(url)} has a broken IPv6 address as its host.") from error
    host = text.lower()
    if not host.isascii():
        try:
            # The length is bounded first since the work of IDNA grows with it.
            host = idna.encode(text[:MAX_HOST], uts46=True, std3_rules=True).decode("ascii").lower()
        except UnicodeError as error:  # idna.IDNAError is one
            raise UnsafeAddressError(f"{shown(url)} has a host that is no valid international name.") from error
    host = host.removesuffix(".")
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except ValueError as error:
            raise UnsafeAddressError(
                f"{shown(url)} writes a numeric host in an unusual way; write it as four decimal numbers."
            ) from error
    if len(text) > MAX_HOST or len(host) > MAX_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise UnsafeAddressError(f"{shown(url)} has a host that is no valid name; check its spelling.")
    if len(labels) == 1 or any(host == name or host.endswith("." + name) for name in _LOCAL_NAMES):
        raise UnsafeAddressError(f"{shown(url)} names a local host, and only public sites are fetched.")
    return host


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether a host on the open internet can have this address.

    IPv4 in IPv6 counts as the IPv4 address where networks still use the form (mapped, and NAT64's well-known
    prefix); IPv4-compatible, 6to4, Teredo and NAT64's local prefix are dead or private and never public.
    Python's own `is_global` is not used: its tables changed between patch releases of 3.11. A trap that
    remains: a NAT64 prefix of the operator's own network can't be told from any other public prefix.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address.scope_id is not None:
        return False
    if address in _MAPPED or address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_V6 and not any(address in network for network in _CLOSED_V6)


def canonical_url(url: str) -> str:
    """The form in which two addresses of one article are equal; for comparing, not for fetching or showing.

    Scheme and host in lower case, http as https, ports 80 and 443, the fragment, tracking parameters and the
    closing slash of a path dropped. A fragment that begins with / or ! stays: some sites name the article there
    (#/story/1, #!story). "www." stays, and so does the order of parameters: sites exist where they matter.
    Applying it twice changes nothing. It never raises: what is no web address comes back stripped.
    """
    text = url.strip()
    try:
        address = check_url(text, ports=ANY_PORT)
    except UnsafeAddressError:
        return text
    path, _, query = address.target.partition("?")
    parts = [part for part in query.split("&") if part]
    beside = _BESIDE_EMC if "emc" in map(_name, parts) else ()
    kept = "&".join(part for part in parts if not _tracks(part) and _name(part) not in beside)
    port = 443 if address.port == 80 else address.port
    fragment = text.partition("#")[2].rstrip("/")
    names = fragment.startswith(("/", "!")) and fragment != "!"
    target = (path.rstrip("/") or "/") + ("?" + kept if kept else "")
    return WebAddress("https", address.host, port, target).url + ("#" + quote(fragment, safe=_SAFE) if names else "")


def _name(parameter: str) -> str:
    return parameter.partition("=")[0].lower()


def _tracks(parameter: str) -> bool:
    name = _name(parameter)
    is_form = parameter.lower() == "outputtype=amp"  # the copy of the same article for telephones
    return is_form or name in _TRACKING or name.startswith(_TRACKING_STARTS)
