"""Order and cycles in a net of dependencies. Iterative throughout, so that depth is no limit.

A net is a sequence of predecessor lists: `net[3]` holds the numbers of what number 3 waits for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Net = Sequence[Sequence[int]]

_SEARCHED_WHOLE = 200
"""In a knot of up to so many members the shortest cycle is looked for; in a larger one any short one is good."""


def in_order(net: Net) -> list[int]:
    """Give the members so that each stands after all that it waits for; members of cycles are left out.

    Kahn's method (Communications of the ACM 5, 1962).
    """
    followers = successors(net)
    open_links = [len(waits_for) for waits_for in net]
    order = [member for member, count in enumerate(open_links) if not count]
    for member in order:  # grows while it is walked
        for follower in followers[member]:
            open_links[follower] -= 1
            if not open_links[follower]:
                order.append(follower)
    return order


def successors(net: Net) -> list[list[int]]:
    """Turn the net round: who waits for each member."""
    followers: list[list[int]] = [[] for _ in net]
    for member, waits_for in enumerate(net):
        for other in waits_for:
            followers[other].append(member)
    return followers


def knots(net: Net) -> list[list[int]]:
    """Give the groups of members that wait for each other, each in the order of the net, first member first.

    Tarjan's strongly connected components (SIAM Journal on Computing 1, 1972), without recursion; single
    members only where they wait for themselves.
    """
    found: list[list[int]] = []
    number = [0] * len(net)  # 0: not seen yet; beyond the net: its group is found
    low = [0] * len(net)
    path: list[int] = []
    seen = 0
    for root in range(len(net)):
        if number[root]:
            continue
        work = [(root, 0)]
        while work:
            member, link = work.pop()
            if not link:
                seen += 1
                number[member] = low[member] = seen
                path.append(member)
            else:
                low[member] = min(low[member], low[net[member][link - 1]])
            following = _next_link(net[member], link, member, number, low)
            if following < len(net[member]):
                work += [(member, following + 1), (net[member][following], 0)]
            elif low[member] == number[member]:
                found.append(_taken_off(path, member, number))
    return sorted(sorted(knot) for knot in found if len(knot) > 1 or knot[0] in net[knot[0]])


def cycle_in(net: Net, knot: Sequence[int]) -> list[int]:
    """Give a short cycle within a knot: each waits for the one before it, and the first for the last."""
    inside = set(knot)
    best: list[int] = []
    for root in knot if len(knot) <= _SEARCHED_WHOLE else knot[:1]:
        cycle = _cycle_through(net, root, inside, len(best))
        if cycle:
            best = cycle
    first = best.index(min(best))
    return best[first:] + best[:first]


def _next_link(links: Sequence[int], link: int, member: int, number: list[int], low: list[int]) -> int:
    """Pass over links to members that were seen, noting how far back they lead; stop at one that was not."""
    while link < len(links) and number[links[link]]:
        low[member] = min(low[member], number[links[link]])
        link += 1
    return link


def _taken_off(path: list[int], member: int, number: list[int]) -> list[int]:
    start = len(path) - 1
    while path[start] != member:
        start -= 1
    knot = path[start:]
    del path[start:]
    for other in knot:
        number[other] = len(number) + 1
    return knot


def _cycle_through(net: Net, root: int, inside: set[int], shorter_than: int) -> list[int]:
    """Give the shortest cycle through a member by breadth-first search, nothing where it is not short enough."""
    came_from = {root: root}
    queue = deque([(root, 1)])
    while queue:
        member, length = queue.popleft()
        if shorter_than and length >= shorter_than:
            return []
        for other in net[member]:
            if other == root:
                return _walk_back(came_from, member, root)
            if other in inside and other not in came_from:
                came_from[other] = member
                queue.append((other, length + 1))
    return []


def _walk_back(came_from: dict[int, int], member: int, root: int) -> list[int]:
    cycle = [member]
    while member != root:
        member = came_from[member]
        cycle.append(member)
    return cycle
