"""Training: what becomes an example, that held-out authors are held out, and that it repeats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tripsheet.corpus.gold import CORPUS, Gold, Level, Need, load_gold, save_gold
from tripsheet.findings import (
    Condition,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    Span,
)
from tripsheet.learning.folds import author_folds, author_parts
from tripsheet.learning.train import (
    STRENGTH,
    Examples,
    Review,
    _compare,
    _regressions,
    app,
    build,
    clause_examples,
    fingerprint,
    fit,
    measure,
    mention_examples,
    reliability,
    review_worth,
)
from tripsheet.reading import reader
from tripsheet.reading.second_reader import LinearModel, SecondReader, clause_features

NARRATIVE = (
    "Found sitting in a chair. Could not walk. Aspirin 324 mg PO by FD. "
    "IV attempted twice, failed. Fentanyl held."
)


def at(words: str) -> tuple[Span, ...]:
    start = NARRATIVE.index(words)
    return (Span(start, start + len(words), words),)


def gold(author: str = "one", findings: Findings | None = None) -> Gold:
    return Gold(
        id=author,
        author=author,
        kind="medical_911",
        split="train",
        narrative=NARRATIVE,
        level=Level("A0429", "Nothing of the advanced kind."),
        necessity=Need("insufficient"),
        findings=findings if findings is not None else FOUND,
    )


FOUND = Findings(
    medications=(
        Medication("aspirin", performer="other", evidence=at("Aspirin 324 mg PO by FD")),
        Medication("fentanyl", status="not_given", evidence=at("Fentanyl held")),
    ),
    interventions=(Intervention("iv_access", "attempted", evidence=at("IV attempted twice")),),
    conditions=(
        Condition("cardiac_distress", evidence=at("Aspirin")),
        Condition("fall", evidence=at("Could not walk")),
    ),
    mobility=Mobility(
        ambulate=Prong("unable", at("Could not walk")), sit=Prong("able", at("sitting in a chair"))
    ),
)


def told(examples: Examples) -> list[set[str]]:
    return [
        {label for label, holds in zip(examples.labels, row, strict=True) if holds}
        for row in examples.truth
    ]


def test_a_clause_is_positive_for_the_labels_whose_evidence_lies_in_it() -> None:
    examples = clause_examples([gold()], reader())
    assert told(examples) == [{"sit:able"}, {"ambulate:unable"}, {"cardiac_distress"}, set(), set()]
    assert examples.texts[1] == clause_features("could not walk.")
    assert set(examples.authors) == {"one"}


def test_a_mention_is_judged_by_the_gold_that_it_is_evidence_of() -> None:
    examples = mention_examples([gold()], reader())
    ids = [next(f for f in text if f.startswith("id ")) for text in examples.texts]
    assert dict(zip(ids, told(examples), strict=True)) == {
        "id aspirin": {"other"},
        "id iv_access": {"attempted"},
        "id fentanyl": {"not_done"},
    }


def test_the_narrowest_evidence_rules_and_a_contradiction_is_left_out() -> None:
    wide = Medication("fentanyl", evidence=at("IV attempted twice, failed. Fentanyl held"))
    narrow = Medication("fentanyl", status="not_given", evidence=at("Fentanyl held"))
    both = mention_examples([gold(findings=Findings(medications=(wide, narrow)))], reader())
    assert told(both) == [{"not_done"}]
    same = Medication("fentanyl", evidence=at("Fentanyl held"))
    torn = Findings(medications=(same, narrow))
    nothing = mention_examples([gold(findings=torn)], reader())
    assert nothing.texts == []


WORDS = ("walk", "sat", "pain", "chest", "stood", "cot", "bled", "gave")


def examples(seed: int, count: int = 120, authors: int = 4) -> Examples:
    """Texts of random words; a label holds where its word stands, but for some noise."""
    random = np.random.default_rng(seed)
    texts = [
        [str(word) for word in random.choice(WORDS, size=random.integers(1, 6))]
        for _ in range(count)
    ]
    truth = np.array([["walk" in text, "pain" in text] for text in texts])
    truth ^= random.random(truth.shape) < 0.05
    return Examples(("walks", "hurts"), texts, truth, [f"a{n % authors}" for n in range(count)])


def test_the_predictor_says_what_scikit_learn_says() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    given_ = examples(1)
    model = _regressions(given_)
    vectorizer = TfidfVectorizer(analyzer=lambda text: text, binary=True, min_df=2)
    table = vectorizer.fit_transform(given_.texts)
    ours = model.probabilities([model.numbers(text) for text in given_.texts])
    for column in range(2):
        regression = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
        theirs = regression.fit(table, given_.truth[:, column]).predict_proba(table)[:, 1]
        assert np.abs(ours[:, column] - theirs).max() < 0.005  # weights are stored in 16 bits


def test_a_text_without_known_words_has_the_bias_alone() -> None:
    model = fit(examples(2))
    (unknown,) = model.probabilities([model.numbers(["never", "seen"])])
    expected = 1 / (1 + np.exp(-(model.slope * model.bias + model.offset)))
    assert np.allclose(unknown, expected)
    assert model.probabilities([]).shape == (0, 2)


def test_calibration_comes_from_authors_that_the_scores_have_not_seen() -> None:
    """With labels of pure chance, a model sure of its own data is made unsure by Platt's method."""
    chance = examples(3)
    random = np.random.default_rng(4)
    noise = Examples(
        chance.labels,
        [[*text, f"own{n // 2}"] for n, text in enumerate(chance.texts)],
        np.repeat(random.random((60, 2)) < 0.3, 2, axis=0),
        [f"a{n // 2 % 4}" for n in range(120)],
    )
    plain, calibrated = _regressions(noise), fit(noise)
    numbers = [plain.numbers(text) for text in noise.texts]
    assert plain.probabilities(numbers).max() > 0.9
    assert calibrated.probabilities(numbers).max() < 0.7


def test_a_label_that_never_holds_stays_improbable() -> None:
    never = examples(5)
    never.truth[:, 1] = False
    model = fit(never)
    chances = model.probabilities([model.numbers(text) for text in never.texts])
    assert chances[:, 1].max() < 0.02


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    golds = load_gold(CORPUS / "train.jsonl")[::31]
    for name in ("first", "second"):
        made = build(golds, reader())
        made.clauses.save(tmp_path / f"{name}-clauses.npz")
        made.mentions.save(tmp_path / f"{name}-mentions.npz")
    for kind in ("clauses", "mentions"):
        first, second = (tmp_path / f"{name}-{kind}.npz" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_the_command_writes_models_and_a_card_with_their_numbers(tmp_path: Path) -> None:
    golds = load_gold(CORPUS / "train.jsonl")[::37]
    save_gold(golds, tmp_path / "gold.jsonl")
    arguments = ["--corpus", str(tmp_path / "gold.jsonl"), "--out", str(tmp_path / "models")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    second = SecondReader.load(tmp_path / "models")
    card = (tmp_path / "models" / "README.md").read_text(encoding="utf-8")
    assert f"{len(golds)} annotated narratives" in card
    assert fingerprint(load_gold(tmp_path / "gold.jsonl")) in card
    assert f"({len(second.clauses.features)} features)" in card
    assert all(f"`{label}`" in card for label in second.clauses.labels)
    assert not any(one.narrative[:30] in card for one in golds)


def test_measuring_judges_every_author_once_and_only_by_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import tripsheet.learning.train as train

    golds = load_gold(CORPUS / "train.jsonl")[::24]
    seen: list[set[str]] = []
    empty = _untaught()

    def spy(taught: Sequence[Gold], _: object) -> SecondReader:
        seen.append({one.author for one in taught})
        return empty

    monkeypatch.setattr(train, "build", spy)
    found = measure(golds, reader(), parts=3)
    everybody = {one.author for one in golds}
    assert [len(authors) for authors in seen] != [len(everybody)] * 3
    assert sorted(name for authors in seen for name in everybody - authors) == sorted(everybody)
    assert len(found.clauses.texts) == len(clause_examples(golds, reader()).texts)
    assert found.clause_chances.shape == found.clauses.truth.shape


def _untaught() -> SecondReader:
    full = SecondReader.load()

    def blank(model: LinearModel) -> LinearModel:
        zero = 0 * model.bias
        nothing = np.zeros((1, len(zero) + 1), np.float32)
        return LinearModel(model.labels, {}, nothing, zero - 9, zero + 1, zero)

    return SecondReader(blank(full.clauses), blank(full.mentions))


@given(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=60), st.integers(2, 5))
def test_all_texts_of_an_author_stand_in_one_part(authors: list[str], parts: int) -> None:
    numbers = author_parts(authors, parts)
    assert len(numbers) == len(authors)
    assert set(numbers) <= set(range(parts))
    assert len(set(zip(authors, numbers, strict=True))) == len(set(authors))


def test_folds_hold_each_author_once_and_never_teach_whom_they_judge() -> None:
    golds = [gold(name) for name in "abcabca"]
    held = []
    for train, part in author_folds(golds, 3):
        assert not {one.author for one in train} & {one.author for one in part}
        assert len(train) + len(part) == len(golds)
        held += [one.author for one in part]
    assert sorted(held) == sorted("abcabca")


def test_reliability_holds_what_was_told_against_what_was_true() -> None:
    truth = np.array([[True], [False], [True], [True]])
    bins, error = reliability(truth, np.array([[0.6], [0.6], [0.95], [1.0]]))
    assert [(one.low, one.high, one.count, one.held) for one in bins] == [
        (0.5, 0.7, 2, 0.5),
        (0.9, 1.0, 2, 1.0),
    ]
    assert error == pytest.approx((2 * 0.1 + 2 * 0.025) / 4)


def test_a_review_is_counted_against_gold() -> None:
    doubt = ("the second reader takes it for another's doing (0.95)",)
    wrong = Medication("aspirin", evidence=at("Aspirin"))
    right = Intervention("iv_access", "attempted", evidence=at("IV attempted twice"))
    before = Findings(medications=(wrong,), interventions=(right,))
    after = Findings(
        medications=(Medication("aspirin", evidence=at("Aspirin"), doubts=doubt),),
        interventions=(
            Intervention("iv_access", "attempted", evidence=at("IV attempted twice"), doubts=doubt),
        ),
        conditions=(Condition("cardiac_distress", source="model", probability=0.8),),
        mobility=Mobility(
            sit=Prong(
                doubts=("the second reader takes it for unable (0.70)",),
                source="model",
                probability=0.7,
            )
        ),
    )
    assert _compare(FOUND, before, after) == Review(
        doubts=2, doubts_right=1, findings=2, findings_wrong=1, suggestions=2, suggestions_right=1
    )


def test_the_shipped_second_reader_is_worth_its_word_on_authors_it_has_not_seen() -> None:
    golds = load_gold(CORPUS / "dev.jsonl")
    worth = review_worth(golds, SecondReader.load(), reader())
    assert worth.doubts > 5
    by_chance = worth.findings_wrong / worth.findings
    assert worth.doubts_right / worth.doubts > 2 * by_chance
