"""What must hold of the accounts of any world: to the yuan, with a reason for every unspent one."""

from __future__ import annotations

from typing import Any

from fupin.lives.one_run import credit_of, unspent_tables
from fupin.model import PovertyModel
from fupin.results.credit import of_period
from fupin.results.unspent import Tables, why
from fupin.scenario.programme_catalogue import CLASS_OF, GIFT_CLASSES
from fupin.state.limits import Limit
from fupin.words import unspent as sentences
from fupin.words.language import Language
from reported import report


def assert_accounts_and_reasons(model: PovertyModel) -> None:
    """Of every account: money in is money out, and reasons sum to what is unspent."""
    world = model.world
    assert model.ledger.imbalance() == 0
    result = report(model, "central", 1)
    reasons = why([[Tables(*unspent_tables(world))]])
    lenders = of_period(credit_of(world))
    for index, key in enumerate(world.ledger.programmes):
        values, by_limit = result.programmes[key], world.limits.unspent(index)
        assert sum(by_limit.values()) == values["unspent"], key
        assert Limit.NONE not in by_limit
        named = {limit: entry["mean"] for limit, entry in reasons.get(key, {}).items()}
        assert named == {limit.name.lower(): yuan for limit, yuan in by_limit.items()}
        again = lenders.get(key, {}).get("lent_again", 0) if CLASS_OF[key] == "credit" else 0
        assert values["budget"] + again == values["delivered"] + values["lost"] + values["unspent"]
    for key, yuan in lenders.items():
        there = yuan["outstanding_start"] + yuan["lent"]
        assert there == yuan["repaid"] + yuan["written_off"] + yuan["outstanding_end"], key
        assert 0 <= yuan["lent_again"] <= yuan["lent"]
        assert CLASS_OF[key] not in GIFT_CLASSES or key == "mutual_funds"
    for language in ("en", "zh"):
        for sentence in sentences.of_run(Language(language), summary_of(result, reasons)):
            assert "{" not in sentence


def summary_of(result: Any, reasons: dict[str, Any]) -> dict[str, Any]:
    """What a sentence of one run reads of `summary.json`."""
    return {
        "programmes": {
            key: {"budget": {"mean": values["budget"]}, "why": reasons.get(key, {})}
            for key, values in result.programmes.items()
        }
    }
