"""Addresses of web pages in texts, and the UTM parameters that say where a reader came from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import quote, urlsplit

PARAMETERS = ("source", "medium", "campaign", "term", "content")
"""Without `utm_`, in the order in which they are appended."""

_ADDRESS = re.compile(r"(?i)(?<![\w@])https?://[^\s<>\"'`|\\^{}]+")
_TAIL = ".,;:!?…*_~·'\"»«“”’‘›‹。，、！？；："
"""What ends a sentence, or marks a word, and not an address."""
_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「"}


def _without_tail(address: str) -> str:
    """Without the punctuation of the sentence around it; (a bracket that it opens is its own)."""
    while address:
        last = address[-1]
        opening = _PAIRS.get(last)
        unmatched = opening is not None and address.count(last) > address.count(opening)
        if last not in _TAIL and not unmatched:
            return address
        address = address[:-1]
    return address


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where each http(s) address of a text begins and ends."""
    for found in _ADDRESS.finditer(text):
        address = _without_tail(found[0])
        yield found.start(), found.start() + len(address)


def host_of(address: str) -> str:
    """In small letters and as domain registries write it; empty when there is none."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    return plain_host(host)


def plain_host(host: str) -> str:
    """`müller.example` as `xn--mller-kva.example`."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def leads_to(address: str, domains: Collection[str]) -> bool:
    """Whether its host is one of `domains`, or below one."""
    host = host_of(address)
    plain = (plain_host(domain.lower()) for domain in domains)
    return any(host == one or host.endswith(f".{one}") for one in plain)


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """The address with the UTM parameters that it does not have; nothing else of it changes."""
    rest, hash_sign, fragment = address.partition("#")
    base, _, query = rest.partition("?")
    known = {part.partition("=")[0].lower() for part in query.split("&")}
    added = [
        f"utm_{name}={quote(parameters[name], safe='')}"
        for name in PARAMETERS
        if parameters.get(name) and f"utm_{name}" not in known
    ]
    if not added:
        return address
    joint = "" if not query or query.endswith("&") else "&"
    return f"{base}?{query}{joint}{'&'.join(added)}{hash_sign}{fragment}"


def tagged(text: str, parameters: Mapping[str, str], domains: Collection[str]) -> str:
    """The text, with the parameters in each address that leads to one of `domains`."""
    if "://" not in text or not parameters:
        return text
    pieces, done = [], 0
    for begin, end in addresses(text):
        address = text[begin:end]
        if leads_to(address, domains):
            pieces += [text[done:begin], with_parameters(address, parameters)]
            done = end
    return "".join([*pieces, text[done:]])
