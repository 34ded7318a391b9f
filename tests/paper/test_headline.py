import pytest

from gkevents.paper.headline import lines


def test_a_title_that_fits_stands_on_one_line() -> None:
    assert lines("关于示例县考核情况的通报", 20) == ["关于示例县考核情况的通报"]


def test_a_long_title_is_broken_into_lines_of_about_the_same_length_between_words() -> None:
    assert lines("关于示例县2020年第三季度政务公开考核情况的通报", 20) == [
        "关于示例县2020年第三季度",
        "政务公开考核情况的通报",
    ]


def test_what_stands_in_brackets_goes_to_the_next_line_as_a_whole() -> None:
    assert lines("各单位分季度扣分（截至2018年9月30日）", 20) == ["各单位分季度扣分", "（截至2018年9月30日）"]


@pytest.mark.parametrize(
    ("title", "together"),
    [
        ("关于示例县人民政府2020年1月至11月政务公开工作考核评估得分情况的通报", "2020年1月至11月"),
        ("示例县关于印发《政务公开考核办法》以及其他几件事情的通知", "《政"),
        ("关于示例县各乡镇街道和县直各单位二〇二〇年的第三季度考核得分情况的通报", "情况的"),
    ],
)
def test_what_belongs_together_is_not_torn(title: str, together: str) -> None:
    broken = lines(title, 20)

    assert len(broken) > 1
    assert any(together in line for line in broken)


@pytest.mark.parametrize("width", [1, 2, 5, 8, 13, 20])
def test_no_sign_is_lost_and_no_line_is_too_long(width: int) -> None:
    title = "关于示例县2020年1月至11月（第三季度）政务公开、“信息公开”考核情况的通报"

    broken = lines(title, width)

    assert "".join(broken) == title
    if len(broken) > 1:
        assert all(sum(2 if sign >= "\u2000" else 1 for sign in line) <= 2 * width for line in broken)


@pytest.mark.parametrize("title", ["", "一\n二", "长" * 500])
def test_what_is_no_plain_title_is_left_as_it_is(title: str) -> None:
    assert lines(title, 20) == title.split("\n")
