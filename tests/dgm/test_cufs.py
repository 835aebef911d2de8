"""A folder in the layout of the CUFS student data set, made here: names, points and pictures as in
that data set, people as `dgm.sketches` draws them.
"""

import shutil

import numpy as np
import pytest
import torch
from dgm.cufs import load_cufs, read_eyes
from dgm.face_shapes import EYE_LEVEL
from dgm.faces import draw_faces, sample_faces
from dgm.pictures import EYES
from dgm.sketches import draw_sketches, sample_hands
from PIL import Image

torch.set_num_threads(1)

PEOPLE = ["f-005-01", "f-039-01", "f1-005-01", "m-008-01", "m1-010-01"]
SKETCHES = ["F2-005-01-sz1", "f-039-01-sz1", "f1-005-01-sz1", "m2-008-01-sz1", "m1-010-01-sz1"]


def eyes_of(faces, i, size, left, top):
    """Where the eyes of face i are in a picture that has it at (left, top), `size` pixels large."""
    places = []
    for side in (-1.0, 1.0):
        x, y = side * faces.eye_distance[i], torch.tensor(EYE_LEVEL)
        cos, sin = faces.tilt[i].cos(), faces.tilt[i].sin()
        at_x, at_y = faces.x[i] + cos * x - sin * y, faces.y[i] + sin * x + cos * y
        places.append((float((at_x + 1) * size / 2 + left), float((at_y + 1) * size / 2 + top)))
    return places


def write_points(path, eyes, n=35):
    """35 points of which the 17th and 19th are the eyes, as in the data set."""
    rows = [(10.0 + i, 20.0 + i) for i in range(n)]
    first, second = (16, 18) if n == 35 else (0, 1)
    rows[first], rows[second] = eyes
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{x:.4f} {y:.4f}\r\n" for x, y in rows))


def write_picture(path, image, left, top):
    """The picture of one person somewhere on a larger sheet."""
    array = (255 * (image + 1) / 2).round().byte().permute(1, 2, 0).numpy().squeeze()
    size = array.shape[0]
    sheet = np.pad(
        array, ((top, 30), (left, 20), *[(0, 0)] * (array.ndim - 2)), constant_values=200
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(path, quality=95)
    return size


@pytest.fixture(scope="module")
def people():
    faces = sample_faces(len(PEOPLE), seed=31)
    size = 200
    return (
        faces,
        draw_faces(faces, size),
        draw_sketches(faces, sample_hands(len(PEOPLE), seed=31), size),
    )


@pytest.fixture(scope="module")
def master(people, tmp_path_factory):
    faces, photos, sketches = people
    root = tmp_path_factory.mktemp("cufs")
    for i, (name, sketch) in enumerate(zip(PEOPLE, SKETCHES, strict=True)):
        left, top = 10 * i, 7 * i
        size = write_picture(root / "photo" / f"{name}.jpg", photos[i], left, top)
        write_picture(root / "sketch" / f"{sketch}.jpg", sketches[i], top, left)
        points = root / "CUHK_training_faducial_points_photo" / f"{name}.dat"
        write_points(points, eyes_of(faces, i, size, left, top))
        points = root / "CUHK_training_faducial_points_sketch" / f"{sketch.lower()}.dat"
        write_points(points, eyes_of(faces, i, size, top, left), n=35 if i else 3)
    return root


@pytest.fixture
def folder(master, tmp_path):
    return shutil.copytree(master, tmp_path / "cufs")


def test_shapes_and_names(master):
    pairs = load_cufs(master, "all")
    assert len(pairs) == 5
    assert pairs.names == tuple(sorted(PEOPLE))
    assert pairs.photos.shape == (5, 3, 64, 64)
    assert pairs.sketches.shape == (5, 1, 64, 64)
    assert pairs.photos.dtype == torch.float32
    assert pairs.photos.abs().max() <= 1
    assert load_cufs(master, "all", size=32).sketches.shape == (5, 1, 32, 32)


def dots(places, shape):
    """A picture with a soft dark dot of radius 4 at each place."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    ink = sum(np.exp(-((x - u) ** 2 + (y - v) ** 2) / 32) for u, v in places)
    return Image.fromarray((255 * (1 - ink).clip(0, 1)).astype(np.uint8))


def test_the_eyes_of_photograph_and_sketch_come_to_the_same_place(folder):
    """Each picture becomes dots where its own .dat file has the eyes."""
    for path in folder.rglob("*.jpg"):
        kind = path.parent.name
        points = folder / f"CUHK_training_faducial_points_{kind}" / f"{path.stem.lower()}.dat"
        shape = np.asarray(Image.open(path)).shape
        dots(read_eyes(points), shape).save(path, quality=95)
    pairs = load_cufs(folder, "all")
    at = torch.arange(64) + 0.5
    for plane in torch.cat([pairs.photos.mean(1), pairs.sketches[:, 0]]):
        ink = ((1 - plane) / 2 - 0.1).clamp_min(0)
        for half, (x, y) in zip((slice(0, 32), slice(32, 64)), EYES, strict=True):
            dot = torch.zeros_like(ink)
            dot[:, half] = ink[:, half]
            assert float((dot * at).sum() / dot.sum()) == pytest.approx(x, abs=0.2)
            assert float((dot * at[:, None]).sum() / dot.sum()) == pytest.approx(y, abs=0.2)


def test_splits_cover_everybody_once(master):
    train, test = load_cufs(master, "train"), load_cufs(master, "test")
    assert sorted(train.names + test.names) == sorted(PEOPLE)
    assert len(test) == 1
    assert load_cufs(master, "test").names == test.names, "the same split every time"


def test_folders_that_say_their_split(folder):
    for kind in ("photo", "sketch"):
        (folder / f"CUHK_training_{kind}" / kind).mkdir(parents=True)
        (folder / f"CUHK_testing_{kind}" / kind).mkdir(parents=True)
        for path in list((folder / kind).glob("*.jpg")):
            part = "testing" if path.stem.lower().startswith("m") else "training"
            shutil.move(path, folder / f"CUHK_{part}_{kind}" / kind / path.name)
        (folder / kind).rmdir()
    assert load_cufs(folder, "test").names == ("m-008-01", "m1-010-01")
    assert load_cufs(folder, "train").names == ("f-005-01", "f-039-01", "f1-005-01")


def test_pictures_that_are_aligned_already(folder):
    for points in folder.rglob("*.dat"):
        points.unlink()
    pairs = load_cufs(folder, "all", eyes=((75, 125), (125, 125)))
    assert len(pairs) == 5


def test_unmatched_files_are_named(folder):
    (folder / "sketch" / "m2-008-01-sz1.jpg").unlink()
    with pytest.raises(FileNotFoundError, match=r"m-008-01\.jpg has no sketch\. Add .*m-008-01"):
        load_cufs(folder)
    (folder / "photo" / "m-008-01.jpg").unlink()
    (folder / "photo" / "f1-005-01.jpg").unlink()
    # f1-005-01 is not f-005-01, whose sketch is called F2-005-01.
    with pytest.raises(FileNotFoundError, match=r"f1-005-01-sz1\.jpg has no photograph"):
        load_cufs(folder)


def test_missing_points_are_named(folder):
    (folder / "CUHK_training_faducial_points_sketch" / "f-039-01-sz1.dat").unlink()
    with pytest.raises(
        FileNotFoundError,
        match=r"f-039-01-sz1\.jpg: no eye positions\. f-039-01-sz1\.dat is needed",
    ):
        load_cufs(folder, "all")


def test_points_of_another_size_are_named(folder):
    points = folder / "CUHK_training_faducial_points_photo" / "f-005-01.dat"
    write_points(points, [(400.0, 500.0), (520.0, 500.0)])
    with pytest.raises(
        ValueError, match=r"f-005-01\.jpg: an eye at \(400, 500\) lies outside .*f-005-01\.dat\)"
    ):
        load_cufs(folder, "all")


def test_a_picture_that_cannot_be_read_is_named(folder):
    (folder / "photo" / "f-039-01.jpg").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"f-039-01\.jpg is not a picture"):
        load_cufs(folder, "all")


def test_two_pictures_of_one_person(folder):
    (folder / "photo" / "cropped").mkdir()
    shutil.copy(folder / "photo" / "f-005-01.jpg", folder / "photo" / "cropped" / "f-005-01.png")
    with pytest.raises(ValueError, match=r"f-005-01.* are both for the photo of f-005-01"):
        load_cufs(folder)


def test_folders_without_pairs(tmp_path, folder):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*none.*dgm\.sketches"):
        load_cufs(tmp_path / "none")
    shutil.rmtree(folder / "sketch")
    with pytest.raises(FileNotFoundError, match=r"has no sketches: .*'sketch' in its name"):
        load_cufs(folder)
    with pytest.raises(ValueError, match="split must be 'train', 'test' or 'all', not 'dev'"):
        load_cufs(folder, "dev")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2\n3\n", r"points.dat, line 2: '3' is not a row of x and y"),
        ("1 2\nleft eye\n", r"points.dat, line 2: 'left eye' is not"),
        ("1 2\n", "points.dat has 1 points; 35, or two or three, are needed"),
        ("1 2\n" * 34, "points.dat has 34 points"),
        ("", "points.dat has 0 points"),
        ("1 2\n" * 30_000, "points.dat is too long"),
    ],
)
def test_points_that_cannot_be_read(tmp_path, text, message):
    (tmp_path / "points.dat").write_text(text)
    with pytest.raises(ValueError, match=message):
        read_eyes(tmp_path / "points.dat")


def test_rows_of_the_eyes(tmp_path):
    path = tmp_path / "points.dat"
    path.write_text("\n".join(f"{i} {100 + i}" for i in range(35)) + "\n\n")
    assert read_eyes(path) == ((16, 116), (18, 118))
    path.write_text("1.5, 2\n3\t4\n5 6\n")
    assert read_eyes(path) == ((1.5, 2), (3, 4))
