"""Markup as publishers send it, and text that only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.corpus.bibliography.markup import one_line, plain_text
from tests.effort import examples


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("No markup, p < 0.05 & more", "No markup, p < 0.05 & more"),
        ("<i>In vivo</i> and <jats:italic>in vitro</jats:italic>", "In vivo and in vitro"),
        ("H<sub>2</sub>O, 5 m<sup>2</sup>, 10<sup>-3</sup>, the 3<sup>rd</sup>", "H2O, 5 m^2, 10^-3, the 3rd"),
        ("R&amp;D, &eacute;, &#233;, &#xE9;, &nosuch; &copy", "R&D, é, é, é, &nosuch; &copy"),
        ("&lt;i&gt;twice&lt;/i&gt; and &amp;lt;b&amp;gt;thrice&amp;lt;/b&amp;gt;", "twice and thrice"),
        ("<jats:title>Abstract</jats:title><jats:p>We count.</jats:p>", "We count."),
        ("<h4>Background:</h4> Why.<h4>Methods</h4><p>How.</p>", "Background: Why.\nMethods: How."),
        ("<title>AIMS.</title>\n<p>Count.</p>", "AIMS: Count."),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("a token <unk> and x<y>z, 3 < 4 > 2", "a token <unk> and x<y>z, 3 < 4 > 2"),
        ("where a<b and c>d, p <i or q> 0", "where a<b and c>d, p <i or q> 0"),
        ("<p >One.</p ><jats:sec sec-type='x'>Two.<br clear=all />Three.</jats:sec>", "One.\nTwo.\nThree."),
        ('<a href="x" onclick="y()">link</a><!-- gone --><br/>next', "link\nnext"),
        ("<mml:math><mml:mi>x</mml:mi></mml:math> &gt; <inline-formula>y</inline-formula>", "x > y"),
        ("\x00\x02bell\x07\x1f  and\u00a0blanks\t.", "bell and blanks ."),
        ("", ""),
    ],
)
def test_markup_becomes_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@given(st.text(st.sampled_from("<>&;/ibp#x1sub\n a!-")))
@settings(max_examples=examples(200), deadline=None)
def test_what_comes_out_has_no_blanks_to_spare(text: str) -> None:
    assert all(line == " ".join(line.split()) and line for line in plain_text(text).split("\n")) or not plain_text(text)
    assert "\n" not in one_line(text)
