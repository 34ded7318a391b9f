from __future__ import annotations

from gkevents.paper.charts import svg, svgs
from gkevents.paper.raster import png, pngs
from tests.paper import sample
from tests.paper.pixels import image


def test_a_drawing_becomes_a_picture_of_its_size() -> None:
    drawn = svg(sample.charts(3)[0])
    made = image(png(drawn, ppi=96))
    assert made.width == 588
    assert f'height="{made.height}"' in drawn
    assert image(png(drawn, ppi=192)).width == 588 * 2


def test_many_drawings_at_once_are_the_same_as_each_for_itself() -> None:
    drawings = [one for block in sample.charts(34) for one in svgs(block, 20)]
    assert pngs(drawings, ppi=60) == [png(one, ppi=60) for one in drawings]
    assert pngs([], ppi=60) == []


def test_chinese_is_drawn_and_a_sign_that_no_typeface_has_is_seen_to_be_missing() -> None:
    def drawn(label: str) -> bytes:
        block = sample.charts(2)[0]
        block["rows"][0]["label"] = label
        return png(svg(block), ppi=60)

    assert len({drawn(label) for label in ("甲镇", "乙局", "")}) == 3
    assert drawn("🙂") == drawn("﷽") == drawn("〓")
    assert drawn("甲\u200b镇") == drawn("甲镇")
