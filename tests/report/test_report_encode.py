"""Packed numbers come back as they were; JSON can neither end its element nor hold NaN."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from steppe.report.encode import packed, packed_rows, safe_json, unpacked

FIGURES = st.one_of(st.floats(0, 2e7), st.just(float("nan")))


@given(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=6), elements=FIGURES),
    st.sampled_from((1.0, 0.01, 0.001)),
)
def test_packed_values_come_back_to_half_a_step(values: np.ndarray, step: float) -> None:
    back = unpacked(packed(values, step), values.shape, step)
    np.testing.assert_array_equal(np.isnan(back), np.isnan(values))
    known = ~np.isnan(values)
    error = np.abs(back[known] - values[known])
    assert (error <= step / 2 + 1e-9 * values[known]).all()


@given(hnp.arrays(np.float64, (3, 2, 5), elements=FIGURES))
def test_rows_are_packed_as_each_alone(values: np.ndarray) -> None:
    assert packed_rows(values, 0.01) == [packed(row, 0.01) for row in values]


def test_packing_is_that_of_the_page() -> None:
    # 0 -> 1, 63 -> 64, 8191 -> 8192: differences 1, 63 and 8128, the last in two bytes
    assert (
        packed(np.array([0.0, 63.0, 8191.0]), 1.0)
        == base64.b64encode(bytes([2, 126, 0x80, 0x7F])).decode()
    )


@pytest.mark.parametrize("value", [-1.0, float("inf")])
def test_values_no_quantity_can_have_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite values >= 0"):
        packed(np.array([1.0, value]), 1.0)


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=8))
def test_json_is_the_same_value_and_inert(value: object) -> None:
    text = safe_json(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&") & set(text)


def test_json_for_the_page_escapes_line_separators_and_refuses_nan() -> None:
    assert safe_json("</script>\u2028<!--") == '"\\u003c/script\\u003e\\u2028\\u003c!--"'
    with pytest.raises(ValueError, match="not JSON compliant"):
        safe_json(float("nan"))
