"""Who wrote a commit, by the policy of the range's base; people who are new in the range keep what they bring."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from handrail.app.names import person_of
from handrail.base.value import dataclass
from handrail.model.people import Config

if TYPE_CHECKING:
    from handrail.store.range import Commit

_PERSON = re.compile(r"(?P<name>[^<]*)<(?P<email>[^<>]*)>")
_NO_REPLY = re.compile(r"(?:[0-9]+\+)?(?P<login>[A-Za-z0-9-]+)@users\.noreply\.github\.com")
_REVIEWS = frozenset({"reviewed-by", "acked-by", "approved-by"})
EVERYBODY = "true"


@dataclass(frozen=True, slots=True)
class Author:
    """A name and an address, as a commit has them."""

    name: str
    email: str


def policy(base: Config | None, present: Config) -> Config:
    """Give the rules for a commit: those of the base, with the people and teams that the base has not got.

    A new person cannot take a key or an address that belongs to somebody already, nor join a team that is there. With
    no base at all, the present rules hold.
    """
    if base is None:
        return present
    taken = {address.lower() for person in base.people.values() for address in person.email}
    logins = {person.github.lower() for person in base.people.values() if person.github}
    fresh = {
        key: replace(
            person,
            email=tuple(address for address in person.email if address.lower() not in taken),
            github="" if person.github.lower() in logins else person.github,
        )
        for key, person in present.people.items()
        if key not in base.people and key not in base.teams
    }
    teams = {key: names for key, names in present.teams.items() if key not in base.teams and key not in base.people}
    return replace(base, people={**base.people, **fresh}, teams={**base.teams, **teams})


def person_for(config: Config, author: Author) -> str:
    """Give the key of whoever has an address; a host's private address counts by the login in it."""
    match = _NO_REPLY.fullmatch(author.email.strip())
    addresses = {address.lower() for person in config.people.values() for address in person.email}
    if match and author.email.strip().lower() not in addresses:
        login = match["login"].lower()
        for person in config.people.values():
            if person.github.lower() == login:
                return person.key
    return person_of(config, author)


def authors_of(commit: Commit, config: Config) -> tuple[str, ...]:
    """Give the author and the co-authors of a commit, as the workspace calls them."""
    people = [person_for(config, Author(commit.author, commit.email))]
    people += _trailer_people(commit, frozenset({"co-authored-by"}), config)
    return tuple(dict.fromkeys(people))


def reviewers_of(commit: Commit, config: Config) -> tuple[str, ...]:
    """Give who reviewed a commit by its trailers (`Reviewed-by`, `Acked-by`, `Approved-by`)."""
    return tuple(dict.fromkeys(_trailer_people(commit, _REVIEWS, config)))


def acts_for_others(config: Config, person: str) -> bool:
    """Tell whether somebody may write events in the name of others (`on_behalf:`)."""
    return EVERYBODY in config.on_behalf or any(person in config.members(name) for name in config.on_behalf)


def named_people(config: Config, texts: Iterable[str]) -> tuple[str, ...]:
    """Give the people whom texts name: keys, logins, or addresses."""
    found = []
    for text in texts:
        word = text.strip().removeprefix("@")
        match = next(
            (key for key, one in config.people.items() if one.github and one.github.lower() == word.lower()), word
        )
        found.append(
            word if word in config.people else person_for(config, Author(match, word)) if "@" in word else match
        )
    return tuple(found)


def _trailer_people(commit: Commit, keys: frozenset[str], config: Config) -> list[str]:
    matches = (_PERSON.match(value) for key, value in commit.trailers if key.lower() in keys)
    return [person_for(config, Author(match["name"].strip(), match["email"].strip())) for match in matches if match]
