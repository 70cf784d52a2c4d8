"""Messages through Apprise, which knows mail, chat and a hundred other services by their addresses (URLs).

The addresses hold passwords: they are given in, used, and never put into a message.
"""

from __future__ import annotations

import logging
from importlib.util import find_spec

from handrail.base.errors import NotAllowed


def check_ready() -> None:
    """Raise NotAllowed where Apprise is not installed."""
    if find_spec("apprise") is None:
        raise NotAllowed("Apprise is not installed.", "pip install 'handrail[notify]'")


def send(addresses: str, title: str, text: str) -> str:
    """Send a plain text to addresses with white space between. Gives why it could not be, else an empty text."""
    import apprise

    log = logging.getLogger("apprise")
    log.addHandler(logging.NullHandler())
    log.propagate = False  # what it logs may have addresses in it
    post = apprise.Apprise()
    for address in addresses.split():
        if not post.add(address):
            return "its address is none that Apprise knows"
    try:
        sent = post.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # noqa: BLE001 - a hundred services, each with errors of its own
        return f"the service failed ({type(error).__name__})"
    return "" if sent else "the service did not take it"
