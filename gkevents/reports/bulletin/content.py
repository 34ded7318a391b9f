"""What a bulletin says: from the scores at hand to its content. Pure: no clock, no store.

`bulletin_content` puts together the figures (`figures`), the corrections of earlier bulletins (`corrections`), the
tables and charts (`tables`, `charts`) and the sentences of the office's template (`template`, `given`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gkevents.reports.bulletin.case import Case
from gkevents.reports.bulletin.charts import CHARTS
from gkevents.reports.bulletin.figures import figures as figures_of
from gkevents.reports.bulletin.gathered import Gathered
from gkevents.reports.bulletin.given import given, why_corrected
from gkevents.reports.bulletin.tables import TABLES, corrected
from gkevents.reports.bulletin.template import AnnexForm, BlockForm, Template
from gkevents.reports.document import FORM, Annex, Block, Content, Document
from gkevents.reports.wording import document_number, flat, numeral, one_line, period_in_full
from gkevents.schemes.tree import Path as Place

KIND: Final = "bulletin"


def bulletin_content(case: Case, template: Template) -> Content:
    """The content of a bulletin. Raises TemplateFaultyError where a sentence of the template cannot be said."""
    gathered = Gathered(case)
    figures = figures_of(gathered)
    paper = _Paper(gathered, figures, template)
    document = paper.document()
    return {
        "form": FORM,
        "kind": KIND,
        "id": case.terms.id,
        "head": _head(case, template, document),
        "figures": figures,
        "document": document,
    }


def _head(case: Case, template: Template, document: Document) -> dict[str, Any]:
    """What a bulletin is, and on what terms it was made."""
    terms, standing = case.terms, case.standing
    period = terms.period
    return {
        "scheme": standing.edition.scheme,
        "year": standing.year,
        "period": {
            "kind": period.kind,
            "number": period.number,
            "since": period.since.isoformat(),
            "until": period.until.isoformat(),
            "text": period_in_full(period),
        },
        "as_of": terms.as_of.isoformat() if terms.as_of is not None else None,
        "known_at": terms.known_at,
        "recorded_at": case.recorded_at,
        "issued_on": terms.issued_on.isoformat(),
        "title": document["title"],
        "number": document["number"],
        "issuer": document["issuer"],
        "edition": standing.edition.digest,
        "editions": [one.edition for one in standing.editions],
        "template": {"name": template.name, "digest": template.digest},
        "program": terms.program,
        "recorded": case.completeness.recorded,
        "applied": case.completeness.applied,
        "simulated": standing.simulated,
        "draft": case.draft,
    }


class _Paper:
    """One paper while it is put together: headings, tables and charts are numbered as they come."""

    def __init__(self, gathered: Gathered, figures: Mapping[str, Any], template: Template) -> None:
        self.gathered, self.figures, self.template = gathered, figures, template
        limits = template.form.limits
        self.given = given(gathered, figures, problem_units=limits.problem_units, annex_rows=limits.annex_rows)
        self.given["subject"] = template.form.subject or self.given["subject"]
        self.headings = [0, 0, 0]
        self.numbered = {"表": 0, "图": 0}

    def document(self) -> Document:
        """The paper."""
        form, options = self.template.form, self.gathered.terms.options
        number = self._line("number") or options.number if options.number is not None else None
        self.given["number"] = document_number(one_line(number)) if number is not None else None
        self.given["issuer"] = one_line(options.issuer or self._line("issuer") or self.given["issuer"] or "") or None
        self.given["addressees"] = one_line(options.addressees or self._line("addressees") or "") or None
        title = self._line("title")
        if title is None:
            raise self.template.empty(("title",))
        body = self._blocks(("body",), form.body)
        annexes = [annex for place, one in enumerate(form.annexes) if (annex := self._annex(place, one)) is not None]
        return {
            "title": title,
            "issuer": self.given["issuer"],
            "number": self.given["number"],
            "addressees": self.given["addressees"],
            "body": body,
            "annexes": annexes,
            "signed_by": self._line("signed_by"),
            "signed_on": self._line("signed_on"),
            "note": self._line("note"),
            "copies_to": self._line("copies_to"),
            "printed": self._line("printed"),
            "small_print": small_print(self.gathered.case),
            "mark": mark(self.gathered.case),
            "page": self.template.page,
        }

    def _line(self, name: str) -> str | None:
        """A line of the template's head or foot; None where it says nothing."""
        text = getattr(self.template.form, name)
        said = self.template.say((name,), text, self.given) if text is not None else ""
        return one_line(said).strip() or None

    def _annex(self, number: int, annex: AnnexForm) -> Annex | None:
        place: Place = ("annexes", number)
        if not self.template.holds((*place, "when"), annex.when, self.given):
            return None
        self.headings = [0, 0, 0]
        body = self._blocks((*place, "body"), annex.body)
        if not body:
            return None
        title = one_line(self.template.say((*place, "title"), annex.title, self.given)).strip()
        if not title:
            raise self.template.empty((*place, "title"))
        made: Annex = {"title": title, "body": body}
        if annex.wide:
            made["wide"] = True
        return made

    def _blocks(self, place: Place, forms: Iterable[BlockForm]) -> list[Block]:
        blocks: list[Block] = []
        for number, form in enumerate(forms):
            at = (*place, number)
            if self.template.holds((*at, "when"), form.when, self.given):
                blocks += self._block(at, form)
        return blocks

    def _block(self, at: Place, form: BlockForm) -> list[Block]:
        if form.heading is not None:
            text = one_line(self.template.say((*at, "heading"), form.heading, self.given)).strip()
            return [self._heading(form.level, text)] if text else []
        if form.text is not None:
            text = self.template.say((*at, "text"), form.text, self.given)
            lines = (one_line(line).strip() for line in text.split("\n"))
            return [{"kind": "paragraph", "text": line} for line in lines if line]
        if form.table is not None:
            return self._tables(form.table)
        return self._charts(form.chart or "")

    def _heading(self, level: int, text: str) -> Block:
        """A heading with its number: 一、 （一） 1."""
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (len(self.headings) - level)
        number = self.headings[level - 1]
        if level == 1:
            return {"kind": "heading", "level": 1, "text": f"{numeral(number)}、{text}"}
        if level == 2:  # noqa: PLR2004 - the second level of headings
            return {"kind": "heading", "level": 2, "text": f"（{numeral(number)}）{text}"}
        return {"kind": "heading", "level": 3, "text": f"{number}. {text}"}

    def _tables(self, name: str) -> list[Block]:
        gathered = self.gathered
        if name == "moves" and self.given["moves"]["left_out"]:
            return []
        if name == "corrections":
            tables = corrected(gathered, self.figures["corrections"], lambda one: why_corrected(gathered, one))
        else:
            tables = TABLES[name](gathered)
        for table in tables:
            if table["caption"]:
                table["caption"] = f"{self._next('表')} {table['caption']}"
        blocks: list[Block] = flat([*tables])
        return blocks

    def _charts(self, name: str) -> list[Block]:
        blocks = CHARTS[name](self.gathered, self.template.form.limits.chart_units)
        for block in blocks:
            if block["kind"] in ("bars", "heat", "trend"):
                block["caption"] = f"{self._next('图')} {block['caption']}"
        flattened: list[Block] = flat(blocks)
        return flattened

    def _next(self, what: str) -> str:
        self.numbered[what] += 1
        return f"{what}{self.numbered[what]}"


def mark(case: Case) -> str | None:
    """What is printed across a paper that is not issued, or whose store was told the time."""
    return "·".join(filter(None, ("草稿" if case.draft else "", "模拟时钟" if case.standing.simulated else ""))) or None


_DIGEST_SHOWN: Final = 12


def small_print(case: Case) -> list[str]:
    """How complete a paper is, and what it was made from: whoever changes the template cannot change this."""
    terms, standing, done = case.terms, case.standing, case.completeness
    as_of = "全年" if terms.as_of is None else f"截至{terms.as_of.isoformat()}"
    moment = case.recorded_at.replace("T", " ").partition("+")[0].partition(".")[0]
    editions = "、".join(dict.fromkeys(one.edition[:_DIGEST_SHOWN] for one in standing.editions))
    counted = f"；得分按{as_of}发生的事项计算" if standing.edition.weighted else ""
    recorded = f"登记{done.recorded}条，核算时计入{done.applied}条"
    lines = [
        f"数据口径：截至第{terms.known_at}号记录（登记于{moment}），本考核年度的事项{recorded}{counted}。",
        f"考核方案版本 {editions or standing.edition.digest[:_DIGEST_SHOWN]}；程序版本 {terms.program}。",
    ]
    return [*lines, "本件出自模拟时钟的数据，不是正式通报。"] if standing.simulated else lines
