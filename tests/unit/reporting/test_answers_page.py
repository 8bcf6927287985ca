"""Nothing that a student wrote can act on the page that staff read."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autograder.records import AnswerPart
from autograder.reporting.answers_page import Waiting, answers_page

PNG = b"\x89PNG\r\n\x1a\n\x00"
WAITING = Waiting(
    student="ada", task="3.1", title="Why?", max_points=4.0, rubric="- 1 point: noise\n",
    parts=(AnswerPart("a.ipynb, cell 2", "text", "It *falls*."), AnswerPart("a", "picture", picture=PNG)),
    remark="made for an earlier submission", command="autograder annotate demo ada 3.1 --points ...",
)  # fmt: skip


def test_the_page_shows_rubric_answer_picture_and_what_to_type():
    page = answers_page("Demo", [WAITING, replace(WAITING, student="bob")])
    assert page.count("- 1 point: noise") == 1
    assert page.count("It *falls*.") == 2
    assert '<img alt="" src="data:image/png;base64,iVBORw0KGgoA">' in page
    for words in (
        "ada: 3.1 Why?",
        "bob: 3.1 Why?",
        "made for an earlier",
        "autograder annotate demo",
    ):
        assert words in page


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                [
                    "<script>alert(1)</script>",
                    '"><img src=x onerror=alert(1)>',
                    "</pre>",
                    "\x1b[2J",
                    "&lt;",
                ]
            ),
        ),
        min_size=4,
        max_size=4,
    ),
    st.sampled_from(["text", "code", "printed", "fault"]),
)
def test_no_text_becomes_a_tag_or_leaves_its_place(texts, kind):
    student, place, text, command = texts
    one = replace(WAITING, student=student, parts=(AnswerPart(place, kind, text),), command=command)
    empty = replace(WAITING, student="", parts=(AnswerPart("", kind, ""),), command="")
    tags = re.compile(r"<[^>]*>")
    page, base = answers_page("Demo", [one]), answers_page("Demo", [empty])
    assert tags.findall(page) == tags.findall(base)
    assert "\x1b" not in page


def test_a_picture_is_only_ever_letters_of_base64():
    hostile = AnswerPart("a", "picture", picture=PNG + b'"><script>')
    page = answers_page("Demo", [replace(WAITING, parts=(hostile,))])
    assert re.search(r'src="data:image/png;base64,[A-Za-z0-9+/=]+">', page)
    assert "<script" not in page
