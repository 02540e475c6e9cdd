import pytest

from kpialign.evidence import no_meaningful_link


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        ((-0.2, 0.2), True),
        ((0.05, 0.2), True),  # a link, but too small to matter
        ((-0.2, 0.25), False),
        ((-0.3, 0.1), False),
        ((0.4, 0.6), False),
        (None, False),
    ],
)
def test_only_an_interval_wholly_inside_shows_it(interval, shown):
    assert no_meaningful_link(interval, 0.25) is shown
