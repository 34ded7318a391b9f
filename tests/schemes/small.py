"""Invented schemes, as text to read and to break: a small one, one without points, and one that uses every key."""
# ruff: noqa: E501 - a rule in flow style stays on its line

from pathlib import Path

from gkevents.schemes.reading import read
from gkevents.words import say

SMALL = """\
scheme: small-2020
family: small
title: 小表
issuer: 某办公室
document: null
year: 2020
base_total: 20
points: printed
assessor: 办公室
total: {floor: 0, ceiling: 120}
variants: [乡镇, 部门]
not_applicable: {gets: peers-mean, among: category, clause: 取平均, lines: [3], readings: [R-1]}
zero_out: {code: Z, title: 归零, clause: 弄虚作假归零, lines: [4], effect: total-and-band, band: 差, readings: [R-1]}
bands:
  - {name: 好, from: 90}
  - {name: 中, from: 60}
  - {name: 差}
roster:
  - {name: 东镇, category: 乡镇}
  - {name: 甲局, category: 部门, printed: 甲}
procedure: {recorder: 办公室, daily: null}
sections:
  - {name: 公开, stated: 12}
  - {name: 平台, stated: 9}
  - {name: 其他}
acknowledged:
  - {section: 平台, stated: 9, items: 8, reading: R-1, why: 缺一分}
  - {section: 平台, stated: 10, items: 8, why: 另一页标十分}
readings:
  - id: R-1
    doubt: 怎么读
    options: [这样, 那样]
    chosen: 这样
    set_by: A3 first_card
  - {id: R-2, doubt: 又怎么读, options: [一], chosen: 一}
items:
  - code: A1
    title: 甲
    section: 公开 / 主动
    points: 3
    implied: 推算
    lines: [7, 8]
    clause: 评分
    method: 核实
    named: [甲局]
    always: [乡镇]
    others: decide
    advice:
      - {limit: 10 working days, from: 决定, to: 公开}
      - {by: 2020-06-30, to: 公开}
      - {threshold: ">= 70%", of: 占比}
    readings: [R-1, R-2]
    rule: {start: grade, allowed: [{points: 0, when: 无}, {points: 1.5, when: 半}, {points: 3, when: 全}], deduct: [{each: event, price: 1, level_min: city, cap: 2}]}
  - code: A2
    title: 乙
    section: 公开
    points: 4
    clause: 定额
    rule: {start: full, deduct: [{on: amounts, each: event, price: set}, {each: year, price: all, when: {justified: false, serious: true}}]}
  - code: A3
    title: 丙
    section: 公开
    points: 3
    clause: 督办卡和留言
    rule:
      start: full
      deduct:
        - {on: cards, each: problem, price: {first: 0.1, again: 0.5, first_card: escalated}}
        - {on: messages, each: event, price: 0.5, limit: 3 working days}
  - code: A4T
    title: 丁（乡镇）
    section: 公开
    points: 2
    clause: 比率
    only: 乡镇
    rule: {start: metric, worth: {tiers: [{from: 80%, points: 2}, {from: 1/2, points: 1}, {from: 0, points: 0}]}, interval: upper}
  - code: A4D
    title: 丁（部门）
    section: 公开
    points: 2
    clause: 网站个数
    only: 部门
    rule: {start: metric, worth: {above: 1, per: 0.5}}
  - code: A5
    title: 戊
    section: 平台
    points: 2
    clause: 减发文
    rule: {start: metric, worth: {fall: 10%, per: 1, step: linear}}
  - code: A6
    title: 己
    section: 平台
    points: 1.5
    clause: 三项
    rule: {start: checklist, worth: {each: 0.5, of: 3}, elements: [一, 二, 三]}
  - code: A7
    title: 庚
    section: 平台
    points: 2
    clause: 少一项
    rule: {start: checklist, worth: {missing: 0.5, of: 7}}
  - code: A8
    title: 辛
    section: 平台
    points: 2.5
    clause: 次数
    rule: {start: count, count: form, worth: {tiers: [{from: 0, points: 0}, {from: 1, points: 1}, {from: 2, points: 2.5}]}}
  - code: A9
    title: 壬
    section: 其他
    clause: 见别处
    rule: {start: elsewhere, see: 平台}
adjustments:
  - code: PM
    title: 加减分
    clause: 加减
    cap: {bonus: 5, deduction: 5}
    caps: net
    same_matter: highest
    readings: [R-2]
    rules:
      - {code: P1, side: bonus, title: 表扬, clause: 分级, readings: [R-1], rule: {each: matter, price: {national: 1, provincial: 0.5}}}
      - {code: P2, side: bonus, title: 报送, clause: 一次, rule: {each: year, price: 1, needs: {report: 12, commission-done: 1}, join: all}}
      - {code: M1, side: deduction, title: 批评, clause: 合计, rule: {each: matter, price: {total: [3, 5]}}}
      - {code: M2, side: deduction, title: 偏低, clause: 低于均值一半, rule: {start: metric, price: 2, below: {share: 0.5, of: mean, among: others}}}
"""

UNWEIGHTED = """\
scheme: plain-2017
family: plain
title: 无分值表
issuer: 某办公室
year: 2017
base_total: 100
points: overlay
variants: [乡镇, 部门]
sections: [{name: 公开, stated: 30}]
items:
  - {code: S1, title: 一, section: 公开, clause: 一, rule: {start: grade}}
  - {code: S2T, title: 二, section: 公开, clause: 二, only: 乡镇, rule: {start: grade}}
  - {code: S2D, title: 二, section: 公开, clause: 二, only: 部门, rule: {start: grade}}
  - {code: S3, title: 三, section: 公开, clause: 三, rule: {start: elsewhere, see: S1}}
adjustments:
  - code: SP
    title: 特别项
    clause: 另加
    rules:
      - {code: SP1, side: bonus, title: 表扬, clause: 表扬, rule: {each: matter, price: overlay, level_min: city}}
      - {code: SP2, side: deduction, title: 批评, clause: 批评, rule: {each: matter, price: 2}}
"""

EVERYTHING = Path(__file__).with_name("everything.yaml").read_text(encoding="utf-8")
"""A scheme that uses every key of the format at least once."""

HERE = "¦"
"""Marks, in what is put into a file, the place where the fault is expected."""


def faults_of(text: str | bytes) -> list[tuple[int, int, str]]:
    """Every fault of a text: line, column and the English sentence."""
    reading = read(text)
    assert (reading.content is None) == bool(reading.faults)
    return [(fault.line, fault.column, say(fault.message, "en")) for fault in reading.faults]


def expected_at(marked: str) -> tuple[str, int, int]:
    """A text without its mark, and the line and column where the mark stood."""
    before, after = marked.split(HERE)
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def put_in(text: str, old: str, new: str) -> str:
    """A text with one place changed; it must be there once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)
