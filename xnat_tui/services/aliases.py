"""Second names of parameters: `session` for `session_id`, so that calls may use whichever reads better."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def aliases(**parameters: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take some parameters under a second name as well.

    `@aliases(session="session_id")` accepts `session=...` wherever `session_id=...` is accepted. Type
    checkers see the function's own names only.

    Calling the function raises TypeError when a value is given under both names, or when one that is needed
    is given under neither.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        unknown = set(parameters.values()) - set(signature.parameters)
        if unknown:
            raise TypeError(f"{function.__qualname__} has no parameter {', '.join(sorted(unknown))}.")

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            positional = list(signature.parameters)[: len(args)]
            named = _rename(function.__qualname__, parameters, positional, kwargs)
            _check_needed(function.__qualname__, signature, parameters, {*positional, *named})
            return function(*args, **named)  # type: ignore[arg-type]

        return call

    return decorate


def _rename(
    function: str, parameters: Mapping[str, str], positional: list[str], kwargs: Mapping[str, object]
) -> dict[str, object]:
    """Return the keyword arguments under the function's own names."""
    named: dict[str, object] = {}
    for given, value in kwargs.items():
        name = parameters.get(given, given)
        if name in named or name in positional or (name != given and name in kwargs):
            other = next((alias for alias, meant in parameters.items() if meant == name), given)
            raise TypeError(f"{function}() got {name} twice; {other} means the same.")
        named[name] = value
    return named


def _check_needed(
    function: str, signature: inspect.Signature, parameters: Mapping[str, str], given: set[str]
) -> None:
    for name, parameter in signature.parameters.items():
        if parameter.default is parameter.empty and name not in given:
            names = [name, *(alias for alias, meant in parameters.items() if meant == name)]
            raise TypeError(f"{function}() needs {' or '.join(names)}.")
