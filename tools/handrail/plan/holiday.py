"""Public holidays by country and region, and what to say about a code that is none.

The dates come from the `holidays` library. Importing it costs a fifth of a second, so it is imported only
where a date or a code has to be looked up.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from handrail.base.errors import HandrailError
from handrail.base.words import nearest

DaysOff = Callable[[str, int], frozenset[date]]

KNOWN_YEARS = range(1970, 2101)
"""Outside these years nobody knows the law, so no day is a holiday."""


class CalendarError(HandrailError, ValueError):
    """A calendar in which no working time can be reckoned. The sentence says what is wrong with it."""


def holiday_problem(code: str) -> str:
    """Say in one sentence what is wrong with a country or country-region code, empty where it is fine.

    `code` is `DE`, `DE-BE`, `US-CA` … or empty for no holidays. Give the sentence to a user as it is.
    """
    if not code:
        return ""
    country, dash, region = code.partition("-")
    if country not in _country_codes():
        return f"no holidays are known for `{code}` ({_country_hint(code, country)})"
    regions = _regions(country)
    if region in regions or not dash:
        return ""
    if not regions:
        return f"`{country}` has no regions with holidays of their own (write `{country}`)"
    if region.upper() in regions:
        return f"no holidays are known for `{code}` (did you mean `{country}-{region.upper()}`?)"
    return f"no holidays are known for `{code}` (regions of {country}: {', '.join(sorted(regions, key=_short_first))})"


@lru_cache(maxsize=4096)
def days_off(code: str, year: int) -> frozenset[date]:
    """Give the public holidays of a country or region in one year; `CalendarError` for an unknown code."""
    if not code or year not in KNOWN_YEARS:
        return frozenset()
    problem = holiday_problem(code)
    if problem:
        raise CalendarError(problem, "correct `holidays` in the calendar")
    country, _, region = code.partition("-")
    with warnings.catch_warnings():  # the library warns where it knows some of a country's years only
        warnings.simplefilter("ignore")
        found = _library().country_holidays(country, subdiv=region or None, years=year)
    return frozenset(day for day in found if day.year == year)


def _short_first(region: str) -> tuple[int, str]:
    return (len(region) > 3, region)


def _library() -> Any:
    """Import the library. It fills its own names at run time, so no type checker can see them."""
    return importlib.import_module("holidays")


def _country_hint(code: str, country: str) -> str:
    if country.upper() in _country_codes():
        return f"did you mean `{code.upper()}`?"
    names = {name: codes[1] for name, codes in importlib.import_module("holidays.registry").COUNTRIES.items()}
    match = nearest(code.lower().replace(" ", "_"), names)
    return f"did you mean `{names[match]}`?" if match else "use a country's code: `DE`, `DE-BE`, `US-CA`"


@lru_cache(maxsize=1)
def _country_codes() -> frozenset[str]:
    registry = importlib.import_module("holidays.registry")
    return frozenset(registry.EntityLoader.get_country_codes())


@lru_cache(maxsize=64)
def _regions(country: str) -> frozenset[str]:
    entity = getattr(_library(), country).get_entity()
    return frozenset(entity.subdivisions) | frozenset(entity.subdivisions_aliases)
