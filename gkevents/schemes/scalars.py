"""The single values of a scheme file, each checked as the text it is, and the base of everything with keys.

Numbers stay the text that was written, so that 0.1 is exactly one tenth for ever.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gkevents.schemes.model import limit_parts
from gkevents.terms import exact, exact_share

_CODE: Final = re.compile(r"[^\W_][\w.-]{0,31}")
_SLUG_MAX: Final = 60
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""What no text is written with: it could only hide something, on a screen or in a document."""
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_SOURCE: Final = re.compile(r"previous|parent|target|mean|[1-9] years?")
_THRESHOLD: Final = re.compile(r"(>=|<=|>|<|=)\s*[0-9]+(\.[0-9]+)?\s*%?")


def _text(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty-text", "no value")
    if _CONTROL.search(value):
        raise PydanticCustomError("control-characters", "control characters")
    return value


def _number(value: str) -> str:
    try:
        negative = exact(value) < 0
    except ValueError:
        raise PydanticCustomError("not-a-number", "not a number") from None
    if negative:
        raise PydanticCustomError("negative", "negative")
    return value


def _share(value: str) -> str:
    try:
        negative = exact_share(value) < 0
    except ValueError:
        raise PydanticCustomError("not-a-share", "not a share") from None
    if negative:
        raise PydanticCustomError("negative", "negative")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise PydanticCustomError("not-whole", "not a whole number")
    return int(value)


def _truth(value: object) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError("not-true-or-false", "not true or false")
    return value == "true"


def _day(value: str) -> str:
    try:
        written = dt.date.fromisoformat(value).isoformat()
    except ValueError:
        written = ""
    if written != value:
        raise PydanticCustomError("not-a-day", "not a day")
    return value


def _limit(value: str) -> str:
    try:
        limit_parts(value)
    except ValueError:
        raise PydanticCustomError("not-a-limit", "not a limit") from None
    return value


def _threshold(value: str) -> str:
    if not _THRESHOLD.fullmatch(value):
        raise PydanticCustomError("not-a-threshold", "not a threshold")
    return value


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise PydanticCustomError("not-a-code", "not a code")
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value) or len(value) > _SLUG_MAX:
        raise PydanticCustomError("not-an-id", "not an id")
    return value


def _reference(value: str) -> str:
    """A line to compare a figure with: a number, or where it comes from, whole or a share of it ("50% of mean")."""
    share, of, source = value.rpartition(" of ")
    written = share if _SOURCE.fullmatch(source) and of else "1" if _SOURCE.fullmatch(value) else value
    try:
        negative = exact_share(written) < 0
    except ValueError:
        raise PydanticCustomError("not-a-reference", "not a reference") from None
    if negative:
        raise PydanticCustomError("negative", "negative")
    return value


def _step(value: str) -> str:
    if value == "once":
        return value
    try:
        sound = exact_share(value) > 0
    except ValueError:
        sound = False
    if not sound:
        raise PydanticCustomError("not-a-step", "not a step")
    return value


def _floor(value: str) -> str:
    return value if value == "none" else _number(value)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


_NUMERIC: Final = {"type": ["number", "string"], "minimum": 0}

Text = Annotated[str, AfterValidator(_text)]
Number = Annotated[str, AfterValidator(_number), WithJsonSchema({**_NUMERIC, "pattern": r"^[0-9]+(\.[0-9]+)?$"})]
Share = Annotated[
    str, AfterValidator(_share), WithJsonSchema({**_NUMERIC, "pattern": r"^[0-9]+(\.[0-9]+)?( ?%|/[0-9.]+)?$"})
]
Whole = Annotated[int, BeforeValidator(_whole)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Limit = Annotated[str, AfterValidator(_limit)]
Threshold = Annotated[str, AfterValidator(_threshold)]
Code = Annotated[str, AfterValidator(_code), WithJsonSchema({"type": "string", "maxLength": 32})]
Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema({"type": "string", "pattern": f"^{_SLUG.pattern}$"})]

Reference = Annotated[
    str,
    AfterValidator(_reference),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"enum": ["previous", "3 years", "parent", "target", "mean"]},
                {
                    "type": "string",
                    "pattern": rf"^([0-9.]+ ?%?|[0-9.]+/[0-9.]+|([0-9./]+ ?%? of )?({_SOURCE.pattern}))$",
                },
            ]
        }
    ),
]
Step = Annotated[
    str,
    AfterValidator(_step),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {"const": "once"},
                {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?( ?%|/[0-9.]+)?$"},
            ]
        }
    ),
]
Floor = Annotated[
    str,
    AfterValidator(_floor),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"const": "none"}]}),
]
Texts = Annotated[
    list[Text],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
    Field(min_length=1),
]


class Part(BaseModel):
    """Anything with keys in a file. Keys it does not know are faults; an optional key without a value is as if absent.

    The validation context, where one is given, notes the known keys of each mapping (by its identity), so that a
    fault can name the nearest.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    @cache
    def keys(cls) -> dict[str, bool]:
        """The known keys as they are written, and whether each is required."""
        return {field.alias or name: field.is_required() for name, field in cls.model_fields.items()}

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 - pydantic hands over what it was given
        if not isinstance(data, dict):
            return data
        if info.context is not None:
            info.context[id(data)] = tuple(cls.keys())
        return {key: value for key, value in data.items() if value is not None or cls.keys().get(key, True)}


class Sparse(Part):
    """A part whose absent keys are left out of the content too: which of them are there is what it says."""


def plain(value: object) -> Any:  # noqa: ANN401 - plain JSON types
    """A value of the models in plain JSON types, keys as they are written, every optional key filled."""
    if isinstance(value, Part):
        held = {field.alias or name: plain(getattr(value, name)) for name, field in type(value).model_fields.items()}
        return {key: part for key, part in held.items() if part is not None} if isinstance(value, Sparse) else held
    return [plain(part) for part in value] if isinstance(value, list) else value
