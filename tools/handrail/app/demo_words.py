"""Invented names and values for the sample company: customers, hires, articles, notes. Nobody real is meant."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from handrail.base.value import dataclass
from handrail.model.process import Field

FIRST = tuple(
    "Ada Bruno Carla Dmitri Elif Farid Greta Hugo Ilse Jonas Katarina Liam Mina Nils Olga Pedro Qing Rosa Samir "
    "Tilda Umar Vera Wim Ximena Yusuf Zoe Alma Bela Cem Dana".split()
)
LAST = tuple(
    "Abel Brandt Costa Dahl Engel Fontana Grau Haas Ibsen Jung Keller Lopez Marek Novak Olsen Petrov Quist Rossi "
    "Sato Thoma Unger Vogel Wolff Xu Yilmaz Zander Adeyemi Baum Celik Duarte".split()
)
PLACES = tuple(
    "Alder Birch Cedar Dune Elm Fjord Granite Harbour Inlet Juniper Kestrel Larch Meadow North Orchard Pine Quarry "
    "River Sound Tide Upland Valley Willow Yarrow Zephyr Amber Basalt Coral Delta Ember".split()
)
TRADES = tuple(
    "Bakery Logistics Clinics Energy Foods Glass Hotels Insurance Joinery Kitchens Labs Media Nurseries Optics "
    "Printing Robotics Schools Textiles Tools Water".split()
)
TOPICS = (
    "Reading a cash-flow report in five minutes",
    "What changed in the new reporting",
    "Three dashboards that nobody needs",
    "How {customer} closes its month in a day",
    "Colour in charts, without the rainbow",
    "A gentle guide to year-end",
    "Why our exports are now twice as fast",
    "Questions to ask before a migration",
    "Alerts that people do not switch off",
    "Ten years of invoices, one search",
    "From spreadsheet to report at {customer}",
    "What we learnt from our last outage",
)
OUTAGES = (
    "Exports time out",
    "Nobody can sign in with Entra",
    "Reports show yesterday's figures",
    "The import queue stands still",
    "E-mails arrive hours late",
    "Charts are empty in Safari",
    "The API answers 502",
    "PDFs come out without fonts",
)
SERVICES = (
    "Printing",
    "Translations",
    "Film",
    "Cleaning",
    "Payroll software",
    "Penetration tests",
    "Catering",
    "Fonts",
)
POSITIONS = ("Engineer", "Trainer", "Account manager", "Designer", "Accountant", "Support agent", "Data analyst")

NOTES = (
    "quick answer, nothing open",
    "took two calls",
    "they asked for the German version too",
    "as last time, one difference written down",
    "a colleague stood in for me",
    "checked together on the phone",
    "sent with a short explanation",
    "agreed by e-mail",
    "one question left, answered the same day",
    "went through it line by line",
)
REASONS = ("not needed here", "already done in the sale", "they do it themselves", "covered by the framework agreement")
OBSTACLES = (
    "waiting for their legal team",
    "the contact is on holiday",
    "their firewall blocks us",
    "the figures from the bank are missing",
    "nobody answers the phone",
)
SECOND_THOUGHTS = ("an address was wrong", "a page was missing", "they found a mistake", "it has to be signed again")
OBJECTIONS = ("two claims have no source", "the middle part is too long", "the second chart is misleading")
ENDINGS = ("they withdrew", "the position is not filled this year", "bought elsewhere", "no longer needed")


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses invented values. `random` decides, so the same seed chooses the same."""

    random: Random

    def name(self) -> str:
        """Give a person's name."""
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"

    def company(self) -> str:
        """Give a company's name."""
        return f"{self.random.choice(PLACES)} {self.random.choice(TRADES)}"

    def text(self, name: str) -> str:
        """Give a value for a text field, by what its name says it holds."""
        made = {
            "customer": self.company(),
            "vendor": self.company(),
            "name": self.name(),
            "champion": self.name(),
            "contact": f"{self.name()}, office@example.com",
            "working_title": self.random.choice(TOPICS).replace("{customer}", self.company()),
            "what": self.random.choice(OUTAGES),
            "service": self.random.choice(SERVICES),
            "position": self.random.choice(POSITIONS),
            "cause": "a full disk that nobody watched",
            "version": f"{self.random.randint(0, 3)}.{self.random.randint(0, 19)}.{self.random.randint(0, 9)}",
            "private_email": "private@example.com",
        }
        number = self.random.randint(1000, 9999)
        return made.get(name) or f"{name.replace('_', '-')[:12]}-{number}"

    def value(self, field: Field, start: datetime, ahead: tuple[int, int] = (12, 30)) -> str:
        """Give a value for a field of a run that starts at `start`; dates lie so many days `ahead`."""
        if field.choices:
            usual = field.default or field.choices[0]
            return usual if self.random.random() < 0.5 else self.random.choice(field.choices)
        if field.type == "date":
            return _weekday(start + timedelta(days=self.random.randint(*ahead))).date().isoformat()
        if field.type == "number":
            return self._number(field)
        if field.type == "link":
            return f"https://example.org/{field.name.replace('_', '-')}/{self.random.randint(100, 999)}"
        return self.text(field.name)

    def _number(self, field: Field) -> str:
        if field.default and self.random.random() < 0.6:
            return field.default
        least = int(float(field.min)) if field.min else 0
        most = int(float(field.max)) if field.max else 120
        return str(self.random.randint(least, most))

    def link(self, item: str) -> str:
        """Give an address as evidence for an item."""
        return f"https://example.org/{item}/{self.random.randint(100, 9999)}"


def _weekday(moment: datetime) -> datetime:
    return moment + timedelta(days=max(0, 7 - moment.weekday()) if moment.weekday() > 4 else 0)
