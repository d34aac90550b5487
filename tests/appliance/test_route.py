"""Online or offline: the pure choice of rungs, over every input."""

from itertools import product

import pytest

from appliance.route import Reach, Wish, choose

FLAGS = (False, True)
EVERY = [
    (Reach(online, metered, latency), Wish(cloud, local, metered_cloud))
    for online, metered, latency, cloud, local, metered_cloud in product(
        FLAGS, FLAGS, (None, 5.0, 5000.0), FLAGS, FLAGS, FLAGS
    )
]


@pytest.mark.parametrize(("reach", "wish"), EVERY)
def test_the_device_is_always_the_last_resort(reach: Reach, wish: Wish) -> None:
    """Whatever the link and the owner say, the extractive composer is there, once and last."""
    rungs = choose(reach, wish)

    assert rungs[-1] == "extractive"
    assert len(set(rungs)) == len(rungs)


@pytest.mark.parametrize(("reach", "wish"), EVERY)
def test_the_cloud_is_asked_only_when_link_and_owner_allow(reach: Reach, wish: Wish) -> None:
    """Gemini stands first exactly when there is a link, it is wanted, and it may cost what it costs."""
    allowed = reach.online and wish.cloud and (not reach.metered or wish.metered_cloud)

    assert (choose(reach, wish)[0] == "gemini") == allowed


@pytest.mark.parametrize(("reach", "wish"), EVERY)
def test_the_local_model_is_tried_exactly_when_it_is_there(reach: Reach, wish: Wish) -> None:
    """The link has no say in what the box does by itself."""
    assert ("local" in choose(reach, wish)) == wish.local
