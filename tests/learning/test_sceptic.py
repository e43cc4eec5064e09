"""Training of the sceptic: what becomes an example, and that it repeats."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tripsheet.corpus.gold import CORPUS, Gold, Level, Need, load_gold, save_gold
from tripsheet.findings import Findings, Intervention, Medication, Span
from tripsheet.learning.sceptic import app, deeds, fit, held_out
from tripsheet.lexicon import load
from tripsheet.reading import Reader
from tripsheet.reading.sceptic import LABELS, Sceptic

NARRATIVE = "FD gave aspirin 324 mg PO. IV 18g L AC. Fentanyl held. Zofran 4 mg IV in the van."


def at(words: str) -> tuple[Span, ...]:
    start = NARRATIVE.index(words)
    return (Span(start, start + len(words), words),)


GOLD = Gold(
    id="one",
    author="one",
    kind="medical_911",
    split="train",
    narrative=NARRATIVE,
    findings=Findings(
        medications=(
            Medication("aspirin", performer="other", evidence=at("aspirin 324 mg PO")),
            Medication("fentanyl", status="not_given", evidence=at("Fentanyl held")),
        ),
        interventions=(Intervention("iv_access", evidence=at("IV 18g L AC")),),
    ),
    level=Level("A0427", "because"),
    necessity=Need("supported"),
)


@pytest.fixture(scope="module")
def rules() -> Reader:
    return Reader(load())


def test_gold_labels_its_mentions_and_what_it_leaves_out_is_no_care(rules: Reader) -> None:
    found = {
        list(dict(deed.features)["call"])[1]: (deed.label, deed.claimed)
        for deed in deeds([GOLD], rules)
    }
    assert found["aspirin"] == ("other", False)
    assert found["fentanyl"] == ("not_done", False)
    assert found["iv_access"] == ("crew", True)
    assert found["ondansetron"] == ("not_done", True)  # not in gold, and claimed by the rules


def test_the_same_gold_gives_the_same_bytes(rules: Reader, tmp_path: Path) -> None:
    examples = deeds(load_gold(CORPUS / "fresh" / "twenties.jsonl"), rules)
    for name in ("one", "two"):
        fit(examples).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    model = Sceptic.load(tmp_path / "one")
    right = sum(
        max(range(3), key=lambda label: model.probability(deed.features, label))
        == LABELS.index(deed.label)
        for deed in examples
    )
    assert right > 0.9 * len(examples)
    assert held_out(examples).min() >= 0


def test_the_command_writes_weights_and_card(tmp_path: Path) -> None:
    source = tmp_path / "some.jsonl"
    save_gold(load_gold(CORPUS / "fresh" / "twenties.jsonl")[:20], source)
    result = CliRunner().invoke(app, [str(source), "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "learnt from 20 narratives" in result.output
    assert Sceptic.load(tmp_path / "weights.tsv").weights["sentence"]
    assert "20 annotated narratives" in (tmp_path / "README.md").read_text(encoding="utf-8")
