"""Which provider serves which of our numbers: each exactly one."""

from collections.abc import Iterable, Mapping, Set

from channels.contract import Halves
from gateway.config import Faults, wanted_providers
from gateway.desks import Loaded
from gateway.providers import PROVIDERS
from gateway.settings import PREFIX, Settings


def served(settings: Settings, desks: Iterable[Loaded]) -> dict[str, tuple[Halves, Set[str]]]:
    """By the provider's name: its account and the numbers that it serves. Raises Faults."""
    ours = {number: one.desk.desk for one in desks for number in one.desk.answers_on.sms}
    wished = {name: PROVIDERS[name].numbers(settings) for name in wanted_providers(settings)}
    shares = shared_out(ours, wished)
    return {
        name: (PROVIDERS[name].halves(settings, numbers, settings.reached_at), numbers)
        for name, numbers in shares.items()
    }


def shared_out(ours: Mapping[str, str], wished: Mapping[str, Set[str] | None]) -> dict[str, Set[str]]:
    """The numbers of each provider. `ours`: each with its desk; `wished`: None for those that are left.

    Raises Faults where a number has no provider or two, or no desk.
    """
    chosen = [number for numbers in wished.values() for number in numbers or ()]
    left = ours.keys() - set(chosen)
    takes_rest = [name for name, numbers in wished.items() if numbers is None]
    lines = []
    if len(takes_rest) > 1:
        both = " and ".join(takes_rest)
        lines.append(f"{both}: only one can serve the rest; say which numbers are whose ({PREFIX}…_NUMBERS)")
    if any(chosen.count(number) > 1 for number in chosen):
        lines.append(f"{PREFIX}…_NUMBERS: two providers serve the same number")
    for name, numbers in wished.items():
        if (numbers or set()) - ours.keys():
            lines.append(f"{name}: is to serve a number that no desk answers on")
    if not takes_rest:
        lines += [f"desk {desk}: no provider serves a number of it" for desk in sorted({ours[one] for one in left})]
    if lines:
        raise Faults(lines)
    return {name: frozenset(left if numbers is None else numbers) for name, numbers in wished.items()}
