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
        "import sys, dgm.check, dgm.data, dgm.faces, dgm.metrics, dgm.models, dgm.nets, "
        "dgm.plots, dgm.training, dgm.unet; print(*sys.modules)"
    )
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not loaded & {"torchvision", "matplotlib", "scipy", "autograder"}
