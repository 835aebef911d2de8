"""The classifier of sketches: it knows the attributes of drawings that it has not seen, and trivial
translations fail.
"""

import pytest
import torch
from dgm import metrics
from dgm.data import data_folder
from dgm.faces import BINARY, sample_faces
from dgm.nets import SketchClassifier
from dgm.sketches import draw_sketches, random_pairs, sample_hands
from torch.nn import functional as F

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def pairs():
    return random_pairs(400, seed=78)


def blurred(images):
    return F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, stride=1)


def test_every_attribute_is_recognised(pairs):
    _, sketches, binary = pairs
    probabilities = metrics.sketch_probabilities(sketches)
    assert probabilities.shape == (400, len(BINARY))
    right = metrics.attribute_accuracy(probabilities, binary)
    assert right.min() > 0.95, dict(zip(BINARY, right.tolist(), strict=True))
    soft = metrics.attribute_accuracy(metrics.sketch_probabilities(blurred(sketches)), binary)
    assert soft.min() > 0.9, dict(zip(BINARY, soft.tolist(), strict=True))


def test_another_hand_shows_the_same_attributes(pairs):
    _, _, binary = pairs
    drawn = draw_sketches(sample_faces(400, seed=78), sample_hands(400, seed=5))
    right = metrics.attribute_accuracy(metrics.sketch_probabilities(drawn), binary)
    assert right.mean() > 0.97


def test_trivial_translations_fail(pairs):
    photos, sketches, binary = pairs
    trivial = {
        "the mean of the sketches": sketches.mean(0, keepdim=True).expand_as(sketches),
        "the sketch of another face": sketches.roll(1, 0),
        "the photograph in grey": photos.mean(1, keepdim=True),
    }
    good = metrics.attribute_accuracy(metrics.sketch_probabilities(sketches), binary).mean()
    for name, translations in trivial.items():
        probabilities = metrics.sketch_probabilities(translations)
        assert metrics.attribute_accuracy(probabilities, binary).mean() < good - 0.15, name


def test_distance_orders_sets(pairs):
    _, sketches, _ = pairs
    one, other = sketches[:200], sketches[200:]
    true = metrics.sketch_distance(one, other)
    assert metrics.sketch_distance(one.flip(0), one) == pytest.approx(0, abs=1e-3)
    for changed in (one[:10].repeat(20, 1, 1, 1), one.mean(0, keepdim=True).expand_as(one), -one):
        assert metrics.sketch_distance(changed, other) > 3 * true


def test_value_range_and_size(pairs):
    sketches = pairs[1][:20]
    features = metrics.sketch_features(sketches)
    assert features.shape == (20, SketchClassifier.N_FEATURES)
    unit = metrics.sketch_features((sketches + 1) / 2, value_range=(0.0, 1.0))
    torch.testing.assert_close(unit, features, atol=1e-3, rtol=1e-3)
    with pytest.raises(ValueError, match=r"sketches must be \(N, 1, H, W\)"):
        metrics.sketch_features(pairs[0][:2])


def test_accuracy_of_attributes():
    probabilities = torch.tensor([[0.9, 0.1], [0.4, 0.2], [0.7, 0.6]])
    binary = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    right = metrics.attribute_accuracy(probabilities, binary)
    torch.testing.assert_close(right, torch.tensor([2 / 3, 2 / 3], dtype=torch.float64))
    for wrong in (binary[:2], binary[0], binary[:0]):
        with pytest.raises(ValueError, match=r"must both be \(N, 6\) with N > 0"):
            metrics.attribute_accuracy(probabilities, wrong)
    with pytest.raises(ValueError, match="N > 0"):
        metrics.attribute_accuracy(binary[:0], binary[:0])


def test_the_file_is_small():
    assert (data_folder() / "sketch_classifier.safetensors").stat().st_size < 200_000
