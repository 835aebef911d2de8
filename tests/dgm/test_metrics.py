"""The Frechet distance against scipy's matrix square root and closed forms; digits against
noise.
"""

import numpy as np
import pytest
import scipy.linalg
import torch
from dgm import metrics
from dgm.data import load_digits

torch.set_num_threads(1)


def by_sqrtm(a: torch.Tensor, b: torch.Tensor) -> float:
    x, y = a.double().numpy(), b.double().numpy()
    c_1, c_2 = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = scipy.linalg.sqrtm(c_1 @ c_2)
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(c_1 + c_2 - 2 * root.real))


def correlated(n: int, d: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(d, d, generator=generator, dtype=torch.float64)
    return torch.randn(n, d, generator=generator, dtype=torch.float64) @ mix + torch.randn(
        d, generator=generator, dtype=torch.float64
    )


@pytest.mark.parametrize(("n", "m", "d"), [(50, 70, 6), (200, 100, 20), (30, 30, 2)])
def test_against_scipy(n, m, d):
    a, b = correlated(n, d, 1), correlated(m, d, 2)
    assert metrics.frechet_distance(a, b).item() == pytest.approx(by_sqrtm(a, b), rel=1e-8)


def test_one_dimension_closed_form():
    a, b = (
        2 + 3 * torch.randn(400, 1, dtype=torch.float64),
        torch.randn(300, 1, dtype=torch.float64),
    )
    expected = (a.mean() - b.mean()) ** 2 + (a.std() - b.std()) ** 2
    assert metrics.frechet_distance(a, b).item() == pytest.approx(expected.item(), rel=1e-10)


def test_singular_covariances():
    # Fewer rows than features, and a feature that never changes: scipy's root is unstable here, the
    # distance is not.
    a = correlated(10, 40, 3)
    a[:, 0] = 1.0
    assert metrics.frechet_distance(a, a).item() == pytest.approx(0, abs=1e-9)
    shifted = a + 2.0
    assert metrics.frechet_distance(a, shifted).item() == pytest.approx(40 * 4.0, rel=1e-9)


def test_symmetric_and_grows_with_the_shift():
    a, b = correlated(60, 5, 4), correlated(60, 5, 5)
    assert metrics.frechet_distance(a, b).item() == pytest.approx(
        metrics.frechet_distance(b, a).item()
    )
    values = [metrics.frechet_distance(a, a + shift).item() for shift in (0.0, 0.5, 1.0, 2.0)]
    assert values == sorted(values)


def test_device_and_dtype():
    result = metrics.frechet_distance(
        torch.zeros(4, 3, device="meta"), torch.zeros(5, 3, device="meta")
    )
    assert result.device.type == "meta"
    assert result.dtype == torch.float64
    assert result.shape == ()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (torch.zeros(4, 3), torch.zeros(4, 2)),
        (torch.zeros(1, 3), torch.zeros(4, 3)),
        (torch.zeros(4), torch.zeros(4)),
        (torch.full((4, 3), float("nan")), torch.zeros(4, 3)),
    ],
)
def test_bad_features(a, b):
    with pytest.raises(ValueError, match="features"):
        metrics.frechet_distance(a, b)


def test_classifier_knows_the_test_digits():
    images, labels = load_digits("test")
    probabilities = metrics.digit_probabilities(images)
    assert probabilities.sum(1).allclose(torch.ones(1000))
    assert (probabilities.argmax(1) == labels).float().mean() > 0.97


def test_digits_are_closer_to_digits_than_noise_or_one_class_is():
    train, labels = load_digits("train")
    test, _ = load_digits("test")
    floor = metrics.digit_distance(train[:1000], test)
    one_class = metrics.digit_distance(train[labels == 3][:400].repeat(3, 1, 1, 1)[:1000], test)
    noise = metrics.digit_distance(2 * torch.rand(1000, 1, 28, 28) - 1, test)
    assert 10 * floor < one_class
    assert 10 * floor < noise


def test_value_range_and_size_do_not_matter():
    images, _ = load_digits("test")
    features = metrics.digit_features(images[:50])
    torch.testing.assert_close(
        metrics.digit_features((images[:50] + 1) / 2, value_range=(0.0, 1.0)),
        features,
        atol=1e-4,
        rtol=1e-4,
    )
    larger = torch.nn.functional.interpolate(images[:50], size=56)
    torch.testing.assert_close(
        metrics.digit_probabilities(larger).argmax(1),
        metrics.digit_probabilities(images[:50]).argmax(1),
    )
    with pytest.raises(ValueError, match="digits must be"):
        metrics.digit_features(images[:, 0])
