"""Pictures of every kind that comes out of a camera or a scanner, and the similarity transform
against its definition.
"""

import io
import math
import struct

import numpy as np
import pytest
import torch
from dgm import pictures
from dgm.pictures import EYES, align, checked_eyes, open_picture
from PIL import Image

torch.set_num_threads(1)


def scene(width=60, height=40):
    """Red grows to the right, green downwards; blue upper left corner. (height, width, 3) uint8."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    blue = 255 * ((x < width / 4) & (y < height / 4))
    return np.stack([255 * x / width, 255 * y / height, blue], -1).astype(np.uint8)


def tensor(pixels):
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "gif", "webp", "jpg"])
def test_formats(tmp_path, suffix):
    path = tmp_path / f"face.{suffix}"
    Image.fromarray(scene()).save(path)
    picture = open_picture(path)
    assert (picture.width, picture.height) == (60, 40)
    assert picture.rgb.dtype == torch.float32
    tolerance = {"jpg": 0.08, "webp": 0.08, "gif": 0.2}.get(suffix, 1e-6)
    assert (picture.rgb - tensor(scene())).abs().mean() < tolerance
    assert torch.equal(picture.alpha, torch.ones(1, 40, 60))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path, orientation):
    """What a camera stores for the same scene when it is held in each of the eight ways."""
    stored = Image.fromarray(scene())
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    for step in undo.get(orientation, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[274] = orientation
    path = tmp_path / "phone.jpg"
    stored.save(path, exif=exif, quality=98, subsampling=0)
    picture = open_picture(path)
    assert (picture.width, picture.height) == (60, 40)
    assert (picture.rgb - tensor(scene())).abs().mean() < 0.02


def test_orientation_of_16_bits(tmp_path):
    grey = (np.arange(24 * 30).reshape(24, 30) * 80).astype(np.uint16)
    exif = Image.Exif()
    exif[274] = 6
    path = tmp_path / "scan.png"
    Image.fromarray(grey).save(path, exif=exif)
    picture = open_picture(path)
    assert (picture.width, picture.height) == (24, 30)
    expected = torch.from_numpy(np.rot90(grey, -1).astype(np.float32) / 65535)
    assert (picture.rgb - expected).abs().max() < 1 / 255


def test_transparency(tmp_path):
    pixels = np.concatenate([scene(), np.full((40, 60, 1), 255, np.uint8)], -1)
    pixels[:, :20, 3] = 0
    path = tmp_path / "cut_out.png"
    Image.fromarray(pixels).save(path)
    picture = open_picture(path)
    assert picture.alpha[0, :, :20].max() == 0
    assert picture.alpha[0, :, 20:].min() == 1
    assert picture.grey[0, :, :20].min() == 1, "white where it is transparent"


def test_palette_grey_and_cmyk(tmp_path):
    grey = np.linspace(0, 255, 1200).reshape(30, 40).astype(np.uint8)
    kinds = {
        "grey.png": Image.fromarray(grey),
        "alpha.png": Image.fromarray(grey).convert("LA"),
        "palette.png": Image.fromarray(grey).convert("P"),
        "print.jpg": Image.fromarray(grey).convert("RGB").convert("CMYK"),
        "float.tiff": Image.fromarray(grey.astype(np.float32) / 255),
        "bits.png": Image.fromarray(grey).convert("1", dither=Image.Dither.NONE),
    }
    for name, image in kinds.items():
        image.save(tmp_path / name)
        picture = open_picture(tmp_path / name)
        expected = (grey >= 128) if name == "bits.png" else grey / 255
        error = (picture.rgb - torch.from_numpy(expected.astype(np.float32))).abs().mean()
        assert error < 0.02, name


def heic():
    """The head of a HEIC file."""
    return struct.pack(">I", 24) + b"ftypheic" + b"\0\0\0\0mif1heic" + bytes(200)


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "renamed.jpg"])
def test_heic_is_refused_in_words(tmp_path, name):
    (tmp_path / name).write_bytes(heic())
    with pytest.raises(ValueError, match=f"{name} is a HEIC picture.*Export it as JPEG"):
        open_picture(tmp_path / name)


def test_what_is_no_picture(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no picture .*nowhere\.png"):
        open_picture(tmp_path / "nowhere.png")
    (tmp_path / "essay.jpg").write_text("Dear all,")
    with pytest.raises(ValueError, match=r"essay.jpg is not a picture in a format"):
        open_picture(tmp_path / "essay.jpg")
    (tmp_path / "empty.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"empty.png is not a picture"):
        open_picture(tmp_path / "empty.png")


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_file_that_is_cut_off(tmp_path, suffix):
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
    Image.fromarray(noise).save(buffer, {"png": "PNG", "jpg": "JPEG"}[suffix])
    path = tmp_path / f"half.{suffix}"
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    with pytest.raises(ValueError, match=f"half.{suffix} is cut off or damaged"):
        open_picture(path)


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path, monkeypatch):
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 10_000)).save(path)  # a small file of 200 million pixels
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(Image.Image, "convert", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(ValueError, match=r"huge.png has more than 150 million pixels"):
        open_picture(path)
    Image.new("1", (16_000, 10_000)).save(path)  # below Pillow's own limit
    with pytest.raises(ValueError, match=r"huge.png has more than 150 million pixels"):
        open_picture(path)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_large_pictures_are_shrunk_and_keep_their_coordinates(tmp_path, suffix):
    path = tmp_path / f"large.{suffix}"
    Image.fromarray(scene(60, 40)).resize((4800, 3200)).save(path)
    picture = open_picture(path)
    assert (picture.width, picture.height) == (4800, 3200)
    assert max(picture.rgb.shape) <= 1600
    small = tmp_path / f"small.{suffix}"
    Image.fromarray(scene(60, 40)).resize((600, 400)).save(small)
    a, _ = align(picture, picture.rgb, ((2000, 1600), (2800, 1700)))
    b, _ = align((p := open_picture(small)), p.rgb, ((250, 200), (350, 212.5)))
    assert (a - b).abs().mean() < 0.01


def dot(x, y, size=200):
    """A soft dot of radius 6 around (x, y)."""
    at = np.arange(size) + 0.5
    return np.exp(-((at[None] - x) ** 2 + (at[:, None] - y) ** 2) / 72)


def centre(plane):
    at = torch.arange(plane.shape[-1]) + 0.5
    total = plane.sum()
    return float((plane * at).sum() / total), float((plane * at[:, None]).sum() / total)


@pytest.mark.parametrize("turn", [0.0, 0.4, -1.2])
@pytest.mark.parametrize("apart", [20.0, 60.0])
@pytest.mark.parametrize("size", [64, 128])
def test_eyes_and_mouth_come_to_their_places(tmp_path, turn, apart, size):
    """Three dots, one for each eye and one that tells that nothing is mirrored."""
    step = apart * np.array([math.cos(turn), math.sin(turn)])
    left, right = np.array([100, 95]) - step / 2, np.array([100, 95]) + step / 2
    down = np.array([-step[1], step[0]])  # a quarter turn, y down
    mouth = (left + right) / 2 + down
    dots = [dot(*place) ** (400 / apart**1.5) for place in (left, right, mouth)]
    path = tmp_path / "dots.png"
    Image.fromarray((255 * np.stack(dots, -1)).astype(np.uint8)).save(path)
    picture = open_picture(path)
    crop, cover = align(picture, picture.rgb, (tuple(left), tuple(right)), size=size)
    assert crop.shape == (3, size, size)
    (x_1, y_1), (x_2, _) = EYES
    places = [EYES[0], EYES[1], ((x_1 + x_2) / 2, y_1 + x_2 - x_1)]
    for plane, place in zip(crop, places, strict=True):
        assert centre(plane) == pytest.approx([p * size / 64 for p in place], abs=0.02 * size)
    swapped, _ = align(picture, picture.rgb, (tuple(right), tuple(left)), size=size)
    assert torch.equal(crop, swapped), "the order of the eyes does not matter"
    assert cover.min() >= 0 and cover.max() <= 1


def test_the_identity_changes_nothing(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    path = tmp_path / "aligned.png"
    Image.fromarray(pixels).save(path)
    picture = open_picture(path)
    crop, cover = align(picture, picture.rgb, EYES)
    assert torch.allclose(cover, torch.ones(1, 64, 64), atol=0.51)  # half a sample at the rim
    smooth = torch.nn.functional.avg_pool2d(picture.rgb, 4)
    assert (torch.nn.functional.avg_pool2d(crop, 4) - smooth).abs().max() < 0.06


def test_shrinking_averages(tmp_path):
    """Stripes of one pixel become grey, not a moire of black and white."""
    pixels = np.zeros((640, 640, 3), np.uint8)
    pixels[:, ::2] = 255
    path = tmp_path / "stripes.png"
    Image.fromarray(pixels).save(path)
    picture = open_picture(path)
    eyes = tuple((10.3 * x - 20, 10.3 * y - 20) for x, y in EYES)
    crop, _ = align(picture, picture.rgb, eyes)
    assert (crop[:, 4:-4, 4:-4] - 0.5).abs().max() < 0.02


def test_cover_ends_where_the_picture_does(tmp_path):
    path = tmp_path / "close.png"
    Image.fromarray(np.full((40, 40, 3), 200, np.uint8)).save(path)
    picture = open_picture(path)
    crop, cover = align(picture, picture.rgb, ((14, 20), (26.16, 20)))
    assert (crop - 200 / 255).abs().max() < 0.01, "continued by its last pixels"
    assert cover.sum() == pytest.approx(40 * 40, rel=0.02)
    assert cover[0, 0].max() == 0


@pytest.mark.parametrize(
    ("eyes", "message"),
    [
        (((1, 2), (3, 4)), "the eyes are 2.8 pixels apart; at least 8"),
        (((1, 2), (61, 4)), r"an eye at \(61, 4\) lies outside .* 60 x 40 pixels"),
        (((1, -2), (30, 4)), r"an eye at \(1, -2\) lies outside"),
        (((float("nan"), 2), (30, 4)), r"an eye at \(nan, 2\) lies outside"),
        ((1, 2, 30, 4), r"eyes must be \(\(x, y\), \(x, y\)\), not \(1, 2, 30, 4\)"),
        ("left", "eyes must be"),
        (None, "eyes must be"),
    ],
)
def test_eyes_that_cannot_be(eyes, message):
    with pytest.raises(ValueError, match=f"face.png: {message}"):
        checked_eyes(eyes, 60, 40, "face.png")


def test_limits_are_what_the_docstring_says():
    assert pictures.MAX_PIXELS == 150_000_000
    assert "150 million" in open_picture.__doc__
