"""An office's template of a bulletin: read from YAML, or refused with every fault and its line.

Head, page, the order of the blocks and their sentences are the office's; figures, marks and small print are not.
Nothing in a template is ever run: sentences are Jinja, checked when they are read and said in a sandbox (`sentences`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, ValidationError

from gkevents.aggregates.bulletin import template_digest
from gkevents.reports.bulletin.given import SHAPE
from gkevents.reports.bulletin.sentences import SentenceWrongError, Wrong, checked, checked_condition, holds, said
from gkevents.reports.document import Page
from gkevents.schemes.faults import structure_faults
from gkevents.schemes.scalars import Part, Slug, Text, Truth, Whole
from gkevents.schemes.tree import Fault, Tree, plant
from gkevents.schemes.tree import Path as Place
from gkevents.words import N_, Message, message

SENTENCE_MAX: Final = 20_000
"""So many characters one block of sentences may be written with."""


class PageForm(Part):
    """The page as it is written; what is not said is as GB/T 9704-2012 has it."""

    margin_top: Whole = Field(37, ge=10, le=80)
    margin_left: Whole = Field(28, ge=10, le=60)
    margin_right: Whole = Field(26, ge=10, le=60)
    margin_bottom: Whole = Field(35, ge=10, le=80)
    lines: Whole = Field(22, ge=10, le=60)
    title_size: Whole = Field(22, ge=6, le=72)
    body_size: Whole = Field(16, ge=6, le=48)
    table_size: Whole = Field(10, ge=5, le=32)
    title_fonts: list[Text] = Field(["方正小标宋简体", "小标宋", "宋体", "SimSun"], min_length=1)
    body_fonts: list[Text] = Field(["仿宋_GB2312", "仿宋", "FangSong"], min_length=1)
    heading_fonts: list[Text] = Field(["黑体", "SimHei"], min_length=1)
    subheading_fonts: list[Text] = Field(["楷体_GB2312", "楷体", "KaiTi"], min_length=1)
    red_head: Truth = True
    page_numbers: Literal["outside", "centre", "none"] = "outside"


class BlockForm(Part):
    """One block of the paper: a heading, sentences, a table or a chart; `when` says whether it is there."""

    heading: Text | None = None
    level: Whole = Field(1, ge=1, le=3)
    text: Text | None = None
    table: Literal["scores", "activity", "problems", "rectification", "corrections", "moves", "quarters"] | None = None
    chart: Literal["ranking", "lost", "trend"] | None = None
    when: Text | None = None


class AnnexForm(Part):
    """An annex; `wide`: its pages lie on their side."""

    title: Text
    wide: Truth = False
    when: Text | None = None
    body: list[BlockForm] = Field(min_length=1)


class LimitsForm(Part):
    """How much of each thing a paper holds at most."""

    annex_rows: Whole = Field(5_000, ge=0)
    problem_units: Whole = Field(200, ge=0)
    chart_units: Whole = Field(60, ge=0)


class TemplateForm(Part):
    """A template as it is written."""

    template: Slug
    subject: Text | None = None
    issuer: Text | None = None
    title: Text
    number: Text | None = None
    addressees: Text | None = None
    body: list[BlockForm] = Field(min_length=1)
    annexes: list[AnnexForm] = Field(default=[])
    signed_by: Text | None = None
    signed_on: Text | None = None
    note: Text | None = None
    copies_to: Text | None = None
    printed: Text | None = None
    page: PageForm = PageForm()
    limits: LimitsForm = LimitsForm()


class TemplateFaultyError(ValueError):
    """A template cannot be used: every fault with its line and column."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, in the order of the file."""
        self.faults = tuple(sorted(faults, key=lambda fault: fault[:2]))
        super().__init__("; ".join(f"{fault.line}:{fault.column}" for fault in self.faults))


class Template(NamedTuple):
    """A template that has been read: its name, its full text, the digest of that, and what it says."""

    name: str
    text: str
    digest: str
    form: TemplateForm
    tree: Tree

    def say(self, place: Place, text: str, given: dict[str, Any]) -> str:
        """What sentences at a place of the template come to. Raises TemplateFaultyError."""
        try:
            return said(text, given)
        except SentenceWrongError as error:
            raise TemplateFaultyError([_fault(self.tree, self.text, place, error.wrong)]) from error

    def holds(self, place: Place, text: str | None, given: dict[str, Any]) -> bool:
        """Whether a condition at a place of the template holds; what has none does. Raises TemplateFaultyError."""
        try:
            return text is None or holds(text, given)
        except SentenceWrongError as error:
            raise TemplateFaultyError([_fault(self.tree, self.text, place, error.wrong)]) from error

    def empty(self, place: Place) -> TemplateFaultyError:
        """That a title, which no paper can do without, comes to nothing this time."""
        return TemplateFaultyError([_fault(self.tree, self.text, place, Wrong(1, "", message(_EMPTY)))])

    @property
    def page(self) -> Page:
        """The page furniture."""
        page: Page = self.form.page.model_dump()  # type: ignore[assignment]  # the form has the keys of a Page
        return page


def standard_text() -> str:
    """The text of the template that is used where an office has none of its own."""
    return (Path(__file__).parent / "templates" / "standard.yaml").read_text(encoding="utf-8")


def read_template(written: str | bytes) -> Template:
    """A template from its text. Raises TemplateFaultyError with every fault."""
    tree, faults = plant(written)
    text = written.decode("utf-8-sig", "replace") if isinstance(written, bytes) else written.removeprefix("\ufeff")
    if tree is None or not isinstance(tree.data, dict):
        raise TemplateFaultyError(faults or [Fault(1, 1, message(_NO_KEYS))])
    known: dict[int, tuple[str, ...]] = {}
    try:
        form = TemplateForm.model_validate(tree.data, context=known)
    except ValidationError as error:
        raise TemplateFaultyError([*faults, *(fault for _, fault in structure_faults(error, tree, known))]) from error
    faults = [*faults, *_blocks_wrong(form, tree), *_sentences_wrong(form, tree, text)]
    if faults:
        raise TemplateFaultyError(faults)
    return Template(form.template, text, template_digest(text), form, tree)


_NO_KEYS: Final = N_('a template is keys and values, such as "title: …"; see gk bulletin template')
_ONE_OF: Final = N_("A block holds exactly one of these: {forms}")
_IN_BLOCK: Final = N_("In {block}: {why}")
_EMPTY: Final = N_("this comes to nothing this time, and a paper needs a title")
_LONG: Final = N_("this is written with more than {most} characters")


def _blocks(form: TemplateForm) -> Iterator[tuple[Place, BlockForm]]:
    """Every block with its place in the file."""
    for number, block in enumerate(form.body):
        yield ("body", number), block
    for number, annex in enumerate(form.annexes):
        for inner, block in enumerate(annex.body):
            yield ("annexes", number, "body", inner), block


def _blocks_wrong(form: TemplateForm, tree: Tree) -> Iterator[Fault]:
    for place, block in _blocks(form):
        kinds = [name for name in _KINDS if getattr(block, name) is not None]
        if len(kinds) != 1:
            yield Fault(*tree.at(place), message(_ONE_OF, forms=", ".join(_KINDS)))


_KINDS: Final = ("heading", "text", "table", "chart")
_LINES: Final = (
    "issuer", "title", "number", "addressees", "signed_by", "signed_on", "note", "copies_to", "printed",
)  # fmt: skip
"""What of a template is a sentence of one line each."""


def _sentences_wrong(form: TemplateForm, tree: Tree, text: str) -> Iterator[Fault]:
    for place, sentence, is_condition in _sentences(form):
        if len(sentence) > SENTENCE_MAX:
            wrongs = [Wrong(1, "", message(_LONG, most=SENTENCE_MAX))]
        else:
            wrongs = checked_condition(sentence, SHAPE) if is_condition else checked(sentence, SHAPE)
        yield from (_fault(tree, text, place, wrong) for wrong in wrongs)


def _sentences(form: TemplateForm) -> Iterator[tuple[Place, str, bool]]:
    """Every sentence and condition with its place in the file."""
    for name in _LINES:
        if getattr(form, name) is not None:
            yield (name,), getattr(form, name), False
    holders: list[tuple[Place, BlockForm | AnnexForm]] = [*_blocks(form)]
    holders += [(("annexes", number), annex) for number, annex in enumerate(form.annexes)]
    for place, holder in holders:
        for name in ("title", "heading", "text", "when"):
            sentence = getattr(holder, name, None)
            if sentence is not None:
                yield (*place, name), sentence, name == "when"


def _fault(tree: Tree, text: str, place: Place, wrong: Wrong) -> Fault:
    """A fault inside a block: its line in the file, and the column of the word that it is about."""
    mark, lines = tree.at(place), text.splitlines()
    block = lines[mark.line - 1][mark.column - 1 : mark.column] in ("|", ">")
    line = min(mark.line + wrong.line - (0 if block else 1), len(lines))
    written = lines[line - 1]
    start = 0 if block else (mark.column - 1 if line == mark.line else 0)
    found = written.find(wrong.word, start) if wrong.word else -1
    column = found + 1 if found >= 0 else max(start, len(written) - len(written.lstrip())) + 1
    why: Message = message(_IN_BLOCK, block=_named(place), why=wrong.why)
    return Fault(line, column, why)


def _named(place: Place) -> str:
    """A place as it is said: body[3].text, counting from 1."""
    said_so_far = ""
    for step in place:
        if isinstance(step, int):
            said_so_far += f"[{step + 1}]"
        else:
            said_so_far += f".{step}" if said_so_far else step
    return said_so_far
