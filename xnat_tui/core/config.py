"""Reads, checks and writes config.toml. What it may hold is settings.py."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xnat_tui.core.exceptions import ConfigError, InvalidValueError
from xnat_tui.core.paths import config_file, make_private
from xnat_tui.core.settings import Config, Profile, TimeoutSettings, UiSettings

__all__ = ["Config", "KeymapProblem", "Profile", "check_config", "load_config", "save_profile"]

_SECRET_KEY = re.compile(r"pass(word|wd|phrase)?|secret|token|api_?key|credentials?", re.IGNORECASE)
_SECRET_ADVICE = (
    "Remove it: passwords live in the system's keyring, in ~/.netrc, "
    "or in XNAT_USER and XNAT_PASS beside XNAT_HOST."
)


class KeymapProblem(NamedTuple):
    """Something that is wrong with a key map: the id of the action, one sentence, and what to do about it."""

    action_id: str
    message: str
    advice: str = ""


KeymapCheck = Callable[[Mapping[str, str]], Iterable[KeymapProblem]]
"""Gives everything that is wrong with a key map; only the screens know which actions there are."""


def load_config(path: Path | None = None, *, check_keymap: KeymapCheck | None = None) -> Config:
    """Return the configuration; a file that does not exist means all defaults.

    Args:
        path: the file to read, by default `paths.config_file()`.
        check_keymap: judges the key map; None takes it as it is.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or says what it may not; the first such thing.
    """
    file = path or config_file()
    raw = _read(file)
    problems = _problems(raw, file, check_keymap)
    if problems:
        raise problems[0]
    config = Config.model_validate(raw)
    named = {name: profile.model_copy(update={"name": name}) for name, profile in config.profiles.items()}
    return config.model_copy(update={"profiles": named})


def check_config(path: Path | None = None, *, check_keymap: KeymapCheck | None = None) -> list[ConfigError]:
    """Return everything that is wrong with the file, [] when it is good or does not exist."""
    file = path or config_file()
    try:
        return _problems(_read(file), file, check_keymap)
    except ConfigError as error:
        return [error]


def save_profile(
    name: str, profile: Profile, path: Path | None = None, *, make_default: bool = False
) -> None:
    """Write a profile into the file, keeping everything else in it, comments included.

    The file is replaced in one step and readable by its owner only.

    Raises:
        ConfigError: the file there is not TOML, or it cannot be written; it is left as it was.
    """
    import tomlkit

    file = path or config_file()
    _read(file)
    document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
    profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    table = profiles.setdefault(name, tomlkit.table())
    _update_table(table, profile.model_dump(), Profile(url=profile.url).model_dump(exclude={"url"}))
    if make_default:
        document["default_profile"] = name
    _replace(file, tomlkit.dumps(document))


def _update_table(table: Any, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Set what differs from the defaults, remove what no longer does."""
    for key, value in values.items():
        if key in defaults and value == defaults[key]:
            table.pop(key, None)
        elif isinstance(value, Mapping):
            default = defaults.get(key, {})
            table[key] = {name: part for name, part in value.items() if part != default.get(name)}
        elif table.get(key) != value:
            table[key] = value


def _replace(file: Path, text: str) -> None:
    # A link to a file that lives elsewhere, with other dot files perhaps, stays a link.
    target = file.resolve()
    try:
        make_private(target.parent)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as draft:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
        os.replace(draft.name, target)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}.", file=file) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", file=file) from error
    except UnicodeDecodeError as error:
        raise ConfigError("is not UTF-8 text.", file=file) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not valid TOML: {error}.", file=file) from error


def _problems(raw: Mapping[str, Any], file: Path, check_keymap: KeymapCheck | None) -> list[ConfigError]:
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        return [_explain(detail, file) for detail in error.errors(include_url=False)]
    problems = [
        _unknown_key(f"profiles.{name}.name", "name", Profile, file)
        for name, profile in config.profiles.items()
        if profile.name
    ]
    if config.default_profile and config.default_profile not in config.profiles:
        names = list(config.profiles)
        hint = suggestion(config.default_profile, names) or f"Profiles here: {', '.join(names) or 'none'}."
        problems.append(
            ConfigError(
                f"there is no profile {config.default_profile!r}.",
                file=file,
                key="default_profile",
                advice=hint,
            )
        )
    for problem in check_keymap(config.keymap) if check_keymap else ():
        key = f'keymap."{problem.action_id}"'
        problems.append(ConfigError(problem.message, file=file, key=key, advice=problem.advice))
    return problems


def suggestion(word: str, known: list[str]) -> str:
    """Return "Did you mean ...?" for the likeliest of `known`, "" when none is near."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def _explain(detail: ErrorDetails, file: Path) -> ConfigError:
    key = ".".join(str(part) for part in detail["loc"])
    last = str(detail["loc"][-1])
    if detail["type"] == "extra_forbidden":
        if _SECRET_KEY.fullmatch(last):
            return ConfigError(
                "a secret does not belong in this file.", file=file, key=key, advice=_SECRET_ADVICE
            )
        return _unknown_key(key, last, _section_of(detail["loc"]), file)
    if detail["type"] == "value_error" and isinstance(problem := detail["ctx"]["error"], InvalidValueError):
        return ConfigError(problem.message, file=file, key=key, advice=problem.advice)
    wanted = _WANTED.get(detail["type"])
    sentence = f"must be {wanted}, not {_shown(detail['input'])}." if wanted else f"{detail['msg']}."
    return ConfigError("is missing." if detail["type"] == "missing" else sentence, file=file, key=key)


_WANTED = {
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "float_type": "a number",
    "greater_than": "greater than 0",
    "dict_type": "a table",
    "model_type": "a table",
}


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _section_of(location: tuple[int | str, ...]) -> type[BaseModel]:
    match location:
        case ("profiles", _, "timeouts", *_):
            return TimeoutSettings
        case ("profiles", _, *_):
            return Profile
        case ("ui", *_):
            return UiSettings
    return Config


def _unknown_key(key: str, word: str, section: type[BaseModel], file: Path) -> ConfigError:
    known = [name for name, field in section.model_fields.items() if not field.exclude]
    hint = suggestion(word, known) or f"Known here: {', '.join(known)}."
    return ConfigError("is not a key that xnat-tui knows.", file=file, key=key, advice=hint)
