"""The sentences of an office's template: Jinja with nothing in reach but the figures that are given.

What a template may write is checked when it is read: names that are given and what they hold, loops over lists, ifs,
a few filters; no calls, no assignments, no attributes of Python's own. The sandbox behind it is the second wall.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from jinja2 import (
    StrictUndefined,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    nodes,
)
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gkevents.schemes.faults import nearest
from gkevents.words import N_, Message, message

TEXT_MAX: Final = 1_000_000
"""So many characters one block of sentences may come to."""
_NESTED_MAX: Final = 2
_FILTERS: Final = ("default", "first", "join", "last", "length")
_TESTS: Final = ("defined", "none", "even", "odd")
_LOOP: Final = dict.fromkeys(("index", "index0", "first", "last", "length", "revindex", "revindex0"))

Shape = Mapping[str, Any]
"""What is given: a mapping of names to None (a single value), a mapping (what it holds), or a list of one shape."""


class Wrong(NamedTuple):
    """What is wrong with a block: the line within it (from 1), the word it is about if there is one, and why."""

    line: int
    word: str
    why: Message


class SentenceWrongError(Exception):
    """A block of sentences cannot be said."""

    def __init__(self, wrong: Wrong) -> None:
        """Keep what is wrong."""
        super().__init__(wrong)
        self.wrong = wrong


class _Walled(ImmutableSandboxedEnvironment):
    """An environment in which an attribute is a key of what was given, and nothing else."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as Jinja has it
        """What a mapping holds under a key, or what a loop tells of itself."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as Jinja has it
        """The same by a key in brackets, or the place of an entry in a list."""
        if isinstance(obj, list) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj, name=str(argument))
        return self.getattr(obj, argument)


def _plain(value: Any) -> Any:  # noqa: ANN401 - as Jinja has it
    """A value as it goes into a sentence: a text or a number; nothing where there is none."""
    if value is None:
        return ""
    if isinstance(value, (str, Undefined)) or type(value) is int:
        return value
    raise TemplateRuntimeError("not a single value")


def _walled() -> _Walled:
    walled = _Walled(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_plain, autoescape=False, cache_size=0
    )
    walled.globals.clear()
    walled.filters = {name: walled.filters[name] for name in _FILTERS}
    walled.tests = {name: walled.tests[name] for name in _TESTS}
    return walled


def checked(text: str, given: Shape) -> list[Wrong]:
    """What is wrong with a block of sentences, all of it where it can be read at all."""
    walled = _walled()
    try:
        wrong = _beyond(walled, text)
        if wrong is not None:
            return [wrong]
        tree = walled.parse(text)
    except TemplateSyntaxError as error:
        return [Wrong(error.lineno, "", _unreadable(error.message or ""))]
    checker = _Checker()
    checker.visit(tree, given, 0)
    return checker.found


_TOKENS_MAX: Final = 120
_BRACKETS_MAX: Final = 12
_BLOCKS_MAX: Final = 12
_DIGITS_MAX: Final = 18


def _beyond(walled: _Walled, text: str) -> Wrong | None:
    """Where a block is longer or nested deeper than anybody writes; so it is read before it is parsed."""
    tokens = brackets = blocks = 0
    first = False
    for line, kind, value in walled.lex(text):
        if kind in ("variable_begin", "block_begin"):
            tokens, brackets, first = 0, 0, kind == "block_begin"
        elif kind in ("name", "operator", "string", "integer", "float"):
            tokens += 1
            brackets += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(value, 0)
            if first:
                blocks += {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(value, 0)
            first = False
        if kind in ("integer", "float") and len(value) > _DIGITS_MAX:
            return Wrong(line, value[:_DIGITS_MAX], message(_LONG_NUMBER, most=_DIGITS_MAX))
        if tokens > _TOKENS_MAX or brackets > _BRACKETS_MAX or blocks > _BLOCKS_MAX:
            return Wrong(line, "", message(_TOO_DEEP))
    return None


def checked_condition(text: str, given: Shape) -> list[Wrong]:
    """What is wrong with a condition."""
    return checked(_condition(text), given)


def said(text: str, given: Mapping[str, Any]) -> str:
    """The text that a block of sentences comes to. Raises SentenceWrongError."""
    try:
        template = _walled().from_string(text)
        pieces, length = [], 0
        for piece in template.generate(given):
            pieces.append(piece)
            length += len(piece)
            if length > TEXT_MAX:
                raise SentenceWrongError(Wrong(1, "", message(_TOO_LONG, most=TEXT_MAX)))
    except UndefinedError as error:
        raise SentenceWrongError(_missing(error)) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise SentenceWrongError(Wrong(_line_of(error), "", message(_UNSAID))) from error
    return "".join(pieces)


def holds(text: str, given: Mapping[str, Any]) -> bool:
    """Whether a condition holds. Raises SentenceWrongError."""
    return bool(said(_condition(text), given))


def _condition(text: str) -> str:
    return f"{{% if {text} %}}1{{% endif %}}"


def _line_of(error: BaseException) -> int:
    """The line of the template at which it came to a stop."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _missing(error: UndefinedError) -> Wrong:
    """What a sentence names that is not there, by the word it is written with where that can be told."""
    words = re.findall("'([^' ]+)'", str(error))
    word = words[-1] if words else ""
    why = message(_NOT_THERE_WORD, word=word) if word else message(_NOT_THERE)
    return Wrong(_line_of(error), word, why)


def _unreadable(why: str) -> Message:
    """What Jinja stumbled over, in the words of this house where it has any."""
    if why.startswith("Unexpected end of template"):
        return message(_OPEN)
    tag = re.match("Encountered unknown tag '([^']*)'", why)
    if tag is not None:
        return message(_TAG, word=tag[1])
    return message(_SYNTAX, why=why)


_SYNTAX: Final = N_("this cannot be read as a sentence ({why})")
_OPEN: Final = N_("something that begins here does not end: if wants {{% endif %}}, for wants {{% endfor %}}")
_TAG: Final = N_('"{word}" does not belong here; is an if or for closed twice, or never opened?')
_NOT_THERE: Final = N_("what this names is not there this time; ask whether there is with {{% if … %}} first")
_NOT_THERE_WORD: Final = N_('there is no "{word}" this time; ask whether there is with {{% if … %}} first')
_LONG_NUMBER: Final = N_("a number in a sentence has at most {most} digits")
_TOO_DEEP: Final = N_("this is too long or nested too deeply: say it in several sentences")
_TOO_LONG: Final = N_("this comes to more than {most} characters")
_UNSAID: Final = N_(
    "this cannot be said: a text is compared with a number, or several things stand where a single one is wanted"
)
_NOT_ALLOWED: Final = N_('"{word}" is not allowed in a sentence; a sentence may use names, if, for and these: {known}')
_NO_NAME: Final = N_('nothing named "{word}" is given here; given are: {known}')
_NO_NAME_NEAR: Final = N_('nothing named "{word}" is given here; did you mean "{near}"?')
_NO_KEY: Final = N_('"{of}" holds nothing named "{word}"; it holds: {known}')
_NO_KEY_NEAR: Final = N_('"{of}" holds nothing named "{word}"; did you mean "{near}"?')
_NOT_A_LIST: Final = N_('"{word}" is no list: nothing can be said for each of it')
_LOOPS: Final = N_("a loop in a loop goes over what the outer one holds, and there is no third")
_NOT_SINGLE: Final = N_('"{word}" holds several things: say which of them, or go through them with for')

_UNKNOWN: Final = object()
"""The shape of what cannot be told before it is said."""


class _Checker:
    """Goes through a parsed block and puts down what is wrong in it."""

    def __init__(self) -> None:
        self.found: list[Wrong] = []

    def visit(self, node: nodes.Node, names: Shape, depth: int) -> None:
        """Look at a node with these names given, inside so many loops."""
        if isinstance(node, nodes.For):
            self._loop(node, names, depth)
        elif isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    self._single(part, names)
        elif isinstance(node, nodes.Expr):
            self._shape(node, names)
        elif isinstance(node, (nodes.Template, nodes.If)):
            for child in node.iter_child_nodes():
                self.visit(child, names, depth)
        else:
            self._refuse(node, type(node).__name__.lower())

    def _single(self, node: nodes.Expr, names: Shape) -> None:
        shape = self._shape(node, names)
        if isinstance(shape, (Mapping, list)):
            self._put(node, _called(node), message(_NOT_SINGLE, word=_called(node)))

    def _loop(self, node: nodes.For, names: Shape, depth: int) -> None:
        shape = self._shape(node.iter, names)
        if node.recursive or depth >= _NESTED_MAX or not isinstance(node.target, nodes.Name):
            self._put(node, "", message(_LOOPS))
            return
        if depth and _root(node.iter) not in names.get("loop", {}).get("\0", ()):
            self._put(node, "", message(_LOOPS))
        if not isinstance(shape, list) and shape is not _UNKNOWN:
            self._put(node, _called(node.iter), message(_NOT_A_LIST, word=_called(node.iter)))
        each = shape[0] if isinstance(shape, list) else _UNKNOWN
        inner = {**names, node.target.name: each, "loop": {**_LOOP, "\0": (node.target.name,)}}
        if node.test is not None:
            self._shape(node.test, inner)
        for child in node.body:
            self.visit(child, inner, depth + 1)
        for child in node.else_:
            self.visit(child, names, depth)

    def _shape(self, node: nodes.Node, names: Shape) -> Any:  # noqa: ANN401 - a shape
        """The shape of an expression, as far as it can be told."""
        found: Any = None
        match node:
            case nodes.Name():
                found = self._given(node, node.name, names, "")
            case nodes.Getattr():
                found = self._held(node, node.attr, names)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                found = self._held(node, key, names)
            case nodes.Getitem(arg=nodes.Const(value=int())):
                shape = self._shape(node.node, names)
                found = shape[0] if isinstance(shape, list) else _UNKNOWN
            case nodes.Filter():
                found = self._filtered(node, names)
            case _:
                self._put_together(node, names)
        return found

    def _put_together(self, node: nodes.Node, names: Shape) -> None:
        """What is made of several expressions, each looked at."""
        if isinstance(node, nodes.Test):
            self._known(node, node.name, _TESTS)
        elif not isinstance(node, _PLAIN):
            self._refuse(node, _WORDS.get(type(node).__name__, type(node).__name__.lower()))
            return
        for child in node.iter_child_nodes():
            self._shape(child, names)

    def _held(self, node: nodes.Getattr | nodes.Getitem, key: str, names: Shape) -> Any:  # noqa: ANN401 - a shape
        shape = self._shape(node.node, names)
        if shape is _UNKNOWN:
            return _UNKNOWN
        return self._given(node, key, shape if isinstance(shape, Mapping) else {}, _called(node.node))

    def _given(self, node: nodes.Node, word: str, shape: Shape, of: str) -> Any:  # noqa: ANN401 - a shape
        if word in shape and word != "\0":
            return shape[word]
        known = [name for name in shape if name != "\0"]
        near = nearest(word, known)
        template = (_NO_KEY_NEAR if of else _NO_NAME_NEAR) if near else (_NO_KEY if of else _NO_NAME)
        self._put(node, word, message(template, word=word, of=of, near=near, known=", ".join(known)))
        return _UNKNOWN

    def _filtered(self, node: nodes.Filter, names: Shape) -> Any:  # noqa: ANN401 - a shape
        shapes = [self._shape(child, names) for child in node.iter_child_nodes()]
        self._known(node, node.name, _FILTERS)
        if node.name in ("first", "last") and shapes and isinstance(shapes[0], list):
            return shapes[0][0]
        return _UNKNOWN if node.name in ("first", "last", "default") else None

    def _known(self, node: nodes.Node, word: str, known: tuple[str, ...]) -> None:
        if word not in known:
            self._put(node, word, message(_NOT_ALLOWED, word=word, known=", ".join((*_FILTERS, *_TESTS))))

    def _refuse(self, node: nodes.Node, word: str) -> None:
        self._put(node, "", message(_NOT_ALLOWED, word=word, known=", ".join((*_FILTERS, *_TESTS))))

    def _put(self, node: nodes.Node, word: str, why: Message) -> None:
        self.found.append(Wrong(node.lineno, word, why))


_PLAIN: Final = (
    nodes.Const, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat,
    nodes.List, nodes.Tuple,
)  # fmt: skip
"""What expressions may be made of beside names, what those hold, filters and tests."""
_WORDS: Final = {"Call": "(…)", "Slice": "[:]", "Mul": "*", "Pow": "**", "Add": "+", "Sub": "-", "Mod": "%", "Div": "/"}


def _called(node: nodes.Node) -> str:
    """An expression as it was written, as far as it is names."""
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_called(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "…"


def _root(node: nodes.Node) -> str:
    """The name that an expression begins with."""
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else ""
