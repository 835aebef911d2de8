"""Own pictures against what is known of them: faces of which the mask is known, sketches put on
shaded paper, and answers that are typed or clicked.
"""

import builtins
import math

import matplotlib
import numpy as np
import pytest
import torch
from dgm import own_pictures
from dgm.faces import backdrop, draw_faces, sample_faces
from dgm.own_pictures import own_drawing, own_photo, paper_tone, person_mask, pick_eyes
from dgm.pictures import EYES
from dgm.sketches import draw_sketches, random_pairs, sample_hands
from PIL import Image
from torch.nn import functional as F

matplotlib.use("Agg")
torch.set_num_threads(1)


def on(faces, colour):
    return type(faces)(**{**vars(faces), "background": torch.tensor(colour).expand(len(faces), 3)})


def level(n, seed):
    """Faces with their eyes where those of an aligned picture are."""
    faces = sample_faces(n, seed)
    values = {"x": 0.0, "y": 2 * EYES[0][1] / 64 - 1 + 0.06, "tilt": 0.0, "eye_distance": 0.19}
    fixed = {name: torch.full((n,), value) for name, value in values.items()}
    return type(faces)(**{**vars(faces), **fixed})


def true_masks(faces, size):
    """Where a face covers the background: what does not change with it."""
    black, white = ((draw_faces(on(faces, [tone] * 3), size) + 1) / 2 for tone in (0.0, 0.9))
    return 1 - (white - black).amax(1, keepdim=True) / backdrop(size, torch.full((3,), 0.9))[:1]


def save(path, image, **options):
    """An image (C, H, W) in [0, 1] as a file."""
    pixels = (255 * image.clamp(0, 1)).round().byte().permute(1, 2, 0).numpy().squeeze()
    Image.fromarray(pixels).save(path, **options)
    return path


def scaled(size):
    return tuple((x * size / 64, y * size / 64) for x, y in EYES)


def walls(n, size):
    """Backgrounds: plain, lit from one side, and with a soft pattern, in colours of their own."""
    generator = torch.Generator().manual_seed(5)
    colours = 0.25 + 0.6 * torch.rand(n, 3, 1, 1, generator=generator)
    across = torch.linspace(0.8, 1.1, size)
    pattern = F.interpolate(torch.rand(n, 1, 9, 9, generator=generator), size=size, mode="bicubic")
    kinds = torch.arange(n)[:, None, None, None] % 3
    lit = torch.where(kinds == 1, across, torch.ones(()))
    return (colours * lit + torch.where(kinds == 2, 0.12 * (pattern - 0.5), torch.zeros(()))).clamp(
        0, 1
    )


@pytest.fixture(scope="module")
def portraits():
    """30 faces in front of walls of other colours, 128 pixels large, with their masks."""
    faces = level(30, seed=51)
    masks = true_masks(faces, 128)
    people = (draw_faces(faces, 128) + 1) / 2
    return torch.lerp(walls(30, 128), people, masks), masks


def test_person_mask_finds_the_person(portraits):
    pictures, masks = portraits
    overlaps = []
    for picture, mask in zip(pictures, masks, strict=True):
        guess = person_mask(picture) > 0.5
        truth = mask > 0.5
        overlaps.append(float((guess & truth).sum() / (guess | truth).sum()))
    assert np.median(overlaps) > 0.95
    assert np.mean([overlap > 0.85 for overlap in overlaps]) > 0.9


def test_background_of_a_photograph_is_matched(tmp_path, portraits):
    pictures, masks = portraits
    wall = []
    for i in range(6):
        path = save(tmp_path / f"{i}.png", pictures[i])
        photo = own_photo(path, scaled(128))
        assert photo.shape == (1, 3, 64, 64)
        assert photo.dtype == torch.float32
        bare = F.avg_pool2d(masks[i], 2) < 0.001
        expected = 2 * backdrop(64) - 1
        wall.append(float((photo[0] - expected).abs()[:, bare[0]].mean()))
        inside = F.avg_pool2d(masks[i], 2)[0] > 0.999
        original = 2 * F.avg_pool2d(pictures[i], 2) - 1
        assert (photo[0] - original).abs()[:, inside].mean() < 0.06
    assert np.median(wall) < 0.03


def test_background_kept_or_of_a_given_colour(tmp_path, portraits):
    pictures, _ = portraits
    path = save(tmp_path / "face.png", pictures[0])
    kept = own_photo(path, scaled(128), background="keep")
    assert (kept[0] - (2 * F.avg_pool2d(pictures[0], 2) - 1)).abs().mean() < 0.02
    blue = own_photo(path, scaled(128), background=(0.2, 0.4, 0.9))
    expected = 2 * backdrop(64, torch.tensor([0.2, 0.4, 0.9])) - 1
    assert (blue[0] - expected)[:, :6, :6].abs().max() < 0.02


def test_transparency_says_what_the_person_is(tmp_path):
    faces = level(1, seed=52)
    mask = true_masks(faces, 128)[0]
    person = (draw_faces(faces, 128)[0] + 1) / 2
    path = save(tmp_path / "cut_out.png", torch.cat([person, mask]))
    photo = (own_photo(path, scaled(128))[0] + 1) / 2
    expected = F.avg_pool2d(torch.lerp(backdrop(128), person, mask), 2)
    assert (photo - expected).abs().mean() < 0.01


def test_the_drawn_faces_have_the_matched_background():
    faces = sample_faces(400, seed=53)
    corner = ((draw_faces(faces)[:, :, :4, :4] + 1) / 2).mean((0, 2, 3))
    assert torch.allclose(corner, backdrop(64)[:, :4, :4].mean((1, 2)), atol=0.02)


def test_a_photograph_that_ends_is_continued_by_the_background(tmp_path):
    faces = level(1, seed=54)
    close = ((draw_faces(faces, 128)[0] + 1) / 2)[:, :, 30:98]  # cut off on both sides
    path = save(tmp_path / "close.png", close)
    eyes = tuple((x - 30, y) for x, y in scaled(128))
    photo = (own_photo(path, eyes)[0] + 1) / 2
    assert torch.allclose(photo[:, :, :12], backdrop(64)[:, :, :12], atol=0.02)


def shaded_paper(height, width):
    x, y = torch.linspace(0, 1, width)[None], torch.linspace(0, 1, height)[:, None]
    tone = 0.9 - 0.35 * x - 0.1 * y
    return tone * torch.tensor([1.0, 0.96, 0.86])[:, None, None]  # yellow light


@pytest.fixture(scope="module")
def drawings():
    faces = level(6, seed=55)
    return faces, draw_sketches(faces, sample_hands(6, seed=55), 256)


def test_paper_of_a_drawing_is_normalised(tmp_path, drawings):
    _, sketches = drawings
    for i, sketch in enumerate(sketches):
        sheet = shaded_paper(500, 420)
        sheet[:, 120:376, 80:336] *= (
            (sketch + 1) / 2 / sketch.add(1).div(2).quantile(0.9)
        ).clamp_max(1)
        path = save(tmp_path / f"{i}.jpg", sheet, quality=92)
        eyes = tuple((x + 80, y + 120) for x, y in scaled(256))
        drawn = own_drawing(path, eyes)
        assert drawn.shape == (1, 1, 64, 64)
        tone = (drawn[0, 0] + 1) / 2
        corners = torch.stack([tone[:10, :10].mean(), tone[:10, -10:].mean()])
        assert torch.allclose(corners, torch.tensor(own_pictures.PAPER_TONE), atol=0.03)
        original = F.avg_pool2d(sketch, 4)[0]
        pair = torch.stack([tone.flatten(), original.flatten()])
        assert torch.corrcoef(pair)[0, 1] > 0.93


def test_a_faint_drawing_becomes_as_dark_as_a_pencil(tmp_path, drawings):
    _, sketches = drawings
    faint = 1 - 0.25 * (1 - (sketches[0] + 1) / 2)
    drawn = (own_drawing(save(tmp_path / "faint.png", faint), scaled(256))[0] + 1) / 2
    typical = (random_pairs(100, 56)[1] + 1) / 2
    darkest = typical.flatten(1).quantile(0.05, dim=1)
    low, high = darkest.quantile(0.05), darkest.quantile(0.95)
    assert low < drawn.quantile(0.05) < high
    assert drawn.max() == pytest.approx(own_pictures.PAPER_TONE, abs=0.01)


def test_bare_paper_stays_bare(tmp_path):
    path = save(tmp_path / "bare.png", shaded_paper(300, 300))
    tone = (own_drawing(path, ((120, 150), (180, 150)))[0] + 1) / 2
    assert (tone - own_pictures.PAPER_TONE).abs().max() < 0.08


def test_paper_tone_follows_the_light_and_not_the_ink():
    paper = shaded_paper(320, 320).mean(0, keepdim=True)
    inked = paper.clone()
    inked[:, 100:150, 90:150] = 0.1  # a field of hair, drawn on all over
    found = paper_tone(inked)
    assert found.shape == inked.shape
    assert ((found - paper) / paper).abs().max() < 0.12
    assert paper_tone(torch.zeros(1, 30, 50)).min() > 0, "nothing is divided by zero"


def face_file(tmp_path):
    return save(tmp_path / "me.png", torch.full((3, 100, 200), 0.5))


@pytest.mark.parametrize("typed", ["50 40 150 45", "(50, 40), (150, 45)", "150,45,50,40"])
def test_eyes_are_typed(tmp_path, monkeypatch, capsys, typed):
    monkeypatch.setattr(builtins, "input", lambda _: typed)
    assert pick_eyes(face_file(tmp_path)) == ((50, 40), (150, 45))
    assert "eyes = ((50, 40), (150, 45))" in capsys.readouterr().out
    assert own_photo(face_file(tmp_path)).shape == (1, 3, 64, 64), "asked when they are not given"


def test_the_picture_to_type_from_has_axes_in_pixels_of_the_file(tmp_path, monkeypatch):
    import matplotlib.pyplot as plt

    seen = []

    def show():
        ax = plt.gca()
        seen.append((ax.get_xlim(), ax.get_ylim(), ax.get_xlabel(), ax.images[0].get_array().shape))

    monkeypatch.setattr(plt, "show", show)
    monkeypatch.setattr(builtins, "input", lambda _: "500 400 1500 450")
    path = save(tmp_path / "large.png", torch.full((3, 1000, 3200), 0.5))
    pick_eyes(path)
    (x_axis, y_axis, label, shown) = seen[0]
    assert x_axis == (0, 3200)
    assert y_axis == (1000, 0)
    assert label == "x (pixels)"
    assert max(shown) <= 1600
    assert not plt.get_fignums(), "a figure was left open"


@pytest.mark.parametrize("typed", ["", "50 40", "left right", "1 2 3 4 5"])
def test_typed_wrongly(tmp_path, monkeypatch, typed):
    monkeypatch.setattr(builtins, "input", lambda _: typed)
    with pytest.raises(
        ValueError, match=r"me.png: four numbers are needed \(x and y of each eye\)"
    ):
        pick_eyes(face_file(tmp_path))


@pytest.mark.parametrize("error", [EOFError, NotImplementedError, RuntimeError])
def test_nobody_is_there_to_type(tmp_path, monkeypatch, error):
    def nobody(_):
        raise error

    monkeypatch.setattr(builtins, "input", nobody)
    with pytest.raises(ValueError, match=r"me.png: the eyes are not known.*pass eyes="):
        own_drawing(face_file(tmp_path))


def test_eyes_are_clicked_where_there_is_a_window(tmp_path, monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.setattr(matplotlib, "get_backend", lambda: "qtagg")
    monkeypatch.setattr(plt, "ginput", lambda n, timeout: [(150.2, 45.0), (50.0, 40.4)][:n])
    monkeypatch.setattr(builtins, "input", lambda _: pytest.fail("asked to type"))
    (x_1, y_1), (x_2, y_2) = pick_eyes(face_file(tmp_path))
    assert (x_1, x_2) == (50.0, 150.2)
    assert math.isclose(y_1, 40.4) and math.isclose(y_2, 45.0)
    monkeypatch.setattr(plt, "ginput", lambda n, timeout: [(150.2, 45.0)])
    with pytest.raises(ValueError, match=r"me\.png: two clicks are needed, not 1"):
        pick_eyes(face_file(tmp_path))


@pytest.mark.parametrize("backend", ["agg", "module://matplotlib_inline.backend_inline", "nbagg"])
def test_backends_without_a_window(monkeypatch, backend):
    monkeypatch.setattr(matplotlib, "get_backend", lambda: backend)
    assert not own_pictures._has_window()
