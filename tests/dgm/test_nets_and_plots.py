"""Shapes of the blocks, what the figures show, and that importing the package stays light."""

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
import torch
from dgm import nets, plots
from dgm.training import History
from torch import nn

matplotlib.use("Agg")


@pytest.fixture
def shown(monkeypatch):
    import matplotlib.pyplot as plt

    figures = []
    monkeypatch.setattr(plt, "show", lambda: figures.append(plt.gcf()))
    yield figures
    assert not plt.get_fignums(), "a figure was left open"


def test_mlp():
    net = nets.mlp([5, 7, 3], nn.Tanh)
    assert [type(layer) for layer in net] == [nn.Linear, nn.Tanh, nn.Linear]
    assert net(torch.zeros(2, 5)).shape == (2, 3)
    assert nets.n_parameters(net) == 5 * 7 + 7 + 7 * 3 + 3
    with pytest.raises(ValueError, match=r"\[5\]"):
        nets.mlp([5])


def test_blocks_halve_and_double():
    x = torch.randn(2, 3, 28, 28)
    assert nets.conv_down(3, 8)(x).shape == (2, 8, 14, 14)
    assert nets.conv_up(3, 8)(x).shape == (2, 8, 56, 56)


def test_classifier_shapes_on_meta():
    net = nets.DigitClassifier().to("meta")
    x = torch.zeros(2, 1, 28, 28, device="meta")
    assert net(x).shape == (2, 10)
    assert net.features(x).shape == (2, net.N_FEATURES)


def test_image_grid_puts_images_in_reading_order():
    images = torch.stack([torch.full((1, 2, 2), value) for value in (-1.0, 0.0, 1.0)])
    sheet = plots.image_grid(images, n_columns=2, pad=1)
    assert sheet.shape == (5, 5, 3)
    assert np.allclose(sheet[:2, :2], 0)
    assert np.allclose(sheet[:2, 3:], 0.5)
    assert np.allclose(sheet[3:, :2], 1)
    assert np.allclose(sheet[2], 1)
    assert np.allclose(sheet[3:, 3:], 1), "the empty place is white"


@pytest.mark.parametrize("shape", [(3, 4, 4), (2, 2, 4, 4), (0, 1, 4, 4)])
def test_image_grid_refuses(shape):
    with pytest.raises(ValueError, match="N, C, H, W"):
        plots.image_grid(torch.zeros(shape))


def test_figures_have_titles_and_axes(shown):
    images = torch.rand(6, 3, 8, 8)
    plots.show_images(images, "samples")
    plots.show_grids({"VAE": images, "AE": images}, "two models")
    plots.show_rows({"input": images, "output": images}, "reconstructions")
    assert shown[0].axes[0].get_title() == "samples"
    assert [ax.get_title() for ax in shown[1].axes] == ["VAE", "AE"]
    assert [ax.get_ylabel() for ax in shown[2].axes] == ["input", "output"]
    assert shown[2].get_suptitle() == "reconstructions"


def test_interpolation_strips_label_the_weights(shown):
    a = torch.linspace(0, 1, 5)
    plots.interpolation_strips({"AE": torch.rand(5, 1, 8, 8)}, a, "between two digits")
    assert [label.get_text() for label in shown[0].axes[0].get_xticklabels()] == [
        "a = 0",
        "a = 0.25",
        "a = 0.5",
        "a = 0.75",
        "a = 1",
    ]
    with pytest.raises(ValueError, match="4 images for 5 weights"):
        plots.interpolation_strips({"AE": torch.rand(4, 1, 8, 8)}, a, "")


def test_loss_curves(shown):
    history = History()
    for i in range(200):
        history.record({"loss": 1 / (i + 1)})
    plots.loss_curves(
        {"VAE": history, "": {"other": [1.0, 2.0]}}, "training", ylabel="nats per image", log=True
    )
    ax = shown[0].axes[0]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == (
        "training",
        "iteration",
        "nats per image",
        "log",
    )
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["VAE: loss", "other"]
    raw, mean = ax.lines[:2]
    assert len(raw.get_ydata()) == 200
    assert mean.get_ydata()[0] == pytest.approx(np.mean(raw.get_ydata()[:40]))
    assert mean.get_xdata()[0] == 20.5, "in the middle of what it is the mean of"


def test_points_lie_where_they_are_with_a_colour_for_each_label(shown):
    points = {
        "data": torch.tensor([[0.0, 1.0], [2.0, -1.0]]),
        "samples": torch.randn(5, 2, requires_grad=True),
    }
    plots.show_points(points, "two sets", extent=3.0, labels={"data": torch.tensor([0, 4])})
    assert shown[0].get_suptitle() == "two sets"
    first, second = shown[0].axes
    assert [ax.get_title() for ax in (first, second)] == ["data", "samples"]
    for ax, at in zip((first, second), points.values(), strict=True):
        assert (ax.get_xlim(), ax.get_ylim()) == ((-3, 3), (-3, 3))
        assert ax.get_aspect() == 1
        (drawn,) = ax.collections
        assert np.allclose(drawn.get_offsets(), at.detach())
    labelled, plain = first.collections[0], second.collections[0]
    assert labelled.get_array().tolist() == [0, 4]
    assert labelled.get_clim() == (0, 9), "a label has the same colour in every picture"
    assert plain.get_array() is None


def test_densities_are_drawn_with_y_upwards_and_on_the_scale_of_the_first(shown):
    sizes = []

    def tilted(x):
        sizes.append(x.shape)
        return torch.log(0.1 + 0.04 * (x[:, 1] + 2) * (x[:, 0] + 2))

    def broken(x):
        return torch.where(x[:, 0] > 0, 5.0, torch.where(x[:, 1] > 0, -torch.inf, torch.nan))

    plots.show_densities({"data": tilted, "model": broken}, "densities", extent=2.0, resolution=81)
    assert shown[0].get_suptitle() == "densities"
    assert {size[1] for size in sizes} == {2}
    assert sum(size[0] for size in sizes) == 81 * 81
    assert len(sizes) > 1, "large grids go in portions"
    first, second, bar = shown[0].axes
    assert bar.get_ylabel() == "density"
    assert [ax.get_title() for ax in (first, second)] == ["data", "model"]
    (data,), (model,) = first.images, second.images
    assert data.origin == "lower"
    assert data.get_extent() == [-2, 2, -2, 2]
    axis = np.linspace(-2, 2, 81)
    expected = 0.1 + 0.04 * (axis[:, None] + 2) * (axis[None, :] + 2)
    assert np.allclose(data.get_array(), expected, atol=1e-5)
    assert data.get_clim() == model.get_clim() == pytest.approx((0, 0.74), abs=1e-4)
    drawn = np.ma.filled(model.get_array(), np.nan)  # matplotlib masks what is not finite
    assert (drawn[:, :40] == 0).all(), "where the model gives no number, there is no density"
    assert (drawn[:, 41:] > 100).all()


def test_moved_grid_shows_where_the_lines_go(shown):
    with_history = torch.tensor([1.0, 2.0], requires_grad=True)
    moves = {"as it was": lambda x: x, "moved": lambda x: x * with_history + 0.5}
    plots.show_moved_grid(moves, "a layer", extent=2.0, n_lines=5)
    assert shown[0].get_suptitle() == "a layer"
    assert [ax.get_title() for ax in shown[0].axes] == ["as it was", "moved"]
    for ax, scale, shift in zip(shown[0].axes, ((1, 1), (1, 2)), (0.0, 0.5), strict=True):
        horizontal, vertical = ax.lines[:5], ax.lines[5:]
        assert len(vertical) == 5
        assert {line.get_color() for line in horizontal} == {"tab:blue"}
        assert {line.get_color() for line in vertical} == {"tab:orange"}
        for i, at in enumerate((-2.0, -1.0, 0.0, 1.0, 2.0)):
            assert np.allclose(horizontal[i].get_ydata(), scale[1] * at + shift)
            assert np.allclose(vertical[i].get_xdata(), scale[0] * at + shift)
            assert np.ptp(horizontal[i].get_xdata()) == pytest.approx(4 * scale[0])
            assert np.ptp(vertical[i].get_ydata()) == pytest.approx(4 * scale[1])


def test_spread_shows_every_run_its_mean_and_what_is_best(shown):
    values = {"planar": [2.0, 2.5, 3.75], "coupling": np.array([1.5, 1.25])}
    plots.show_spread(values, "two models", xlabel="nats", best=1.0)
    plots.show_spread(values, "no bound", xlabel="nats")
    ax = shown[0].axes[0]
    assert (ax.get_title(), ax.get_xlabel()) == ("two models", "nats")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["planar", "coupling"]
    low, high = ax.get_ylim()
    assert low > 1 > 0 > high, "the first row is at the top"
    *rows, best = ax.lines
    assert [list(line.get_xdata()) for line in rows] == [
        [2, 2.5, 3.75],
        [2.75],
        [1.5, 1.25],
        [1.375],
    ]
    assert [set(line.get_ydata()) for line in rows] == [{0}, {0}, {1}, {1}]
    assert set(best.get_xdata()) == {1.0}
    assert best.get_linestyle() == "--"
    assert len(shown[1].axes[0].lines) == 4


def test_picture_draws_at_once(shown, capsys):
    @plots.picture
    def _():
        plots.show_images(torch.rand(2, 1, 4, 4), "two images")

    assert [figure.axes[0].get_title() for figure in shown] == ["two images"]
    assert capsys.readouterr().out == ""


def test_picture_waits_for_functions_that_are_not_written(capsys):
    def kl_divergence():
        raise NotImplementedError

    @plots.picture
    def _():
        kl_divergence()
        print("drawn")

    words = "this picture appears once the functions above it are written\n"
    assert capsys.readouterr().out == words


@pytest.mark.parametrize("error", [ValueError, RuntimeError, KeyboardInterrupt])
def test_picture_lets_other_errors_through(error, capsys):
    def draw():
        raise error("two shapes do not fit")

    with pytest.raises(error, match="do not fit"):
        plots.picture(draw)
    assert capsys.readouterr().out == ""


def test_import_is_light():
    code = (
        "import sys, dgm.check, dgm.cufs, dgm.data, dgm.faces, dgm.metrics, dgm.models, dgm.nets, "
        "dgm.own_pictures, dgm.plots, dgm.sketches, dgm.training, dgm.unet; print(*sys.modules)"
    )
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not loaded & {"torchvision", "matplotlib", "scipy", "PIL", "autograder"}
