"""A form that was sent is answered by its id, whoever made the id up; what is no form of Picket's is passed over."""

import pytest
from simcord.enums import InteractionType

from bot import words_asking
from tests.bot.calls import call
from tests.bot.conftest import World, said


@pytest.mark.parametrize("identity", ["", "another:form", "picket:more:1:1", "picket:wrong:", "picket:wrong:1:2"])
async def test_what_is_no_form_of_ours_is_passed_over(picket: World, identity: str) -> None:
    data = {"custom_id": identity, "components": []}
    result = await call(picket.env, picket.ann, picket.channel, data, kind=InteractionType.MODAL_SUBMIT)
    assert result.response is None


async def test_a_form_that_was_never_opened_is_answered_by_its_id(picket: World) -> None:
    data = {"custom_id": "picket:wrong:1", "components": []}
    result = await call(picket.env, picket.ann, picket.channel, data, kind=InteractionType.MODAL_SUBMIT)
    assert said(result) == words_asking.ANSWER_GONE
