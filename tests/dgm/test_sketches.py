"""Photo-sketch pairs: the same for the same seed, drawn where the parts of the face lie, not by a
filter of the photograph.
"""

import pytest
import torch
from dgm import sketches
from dgm.face_shapes import FaceShapes
from dgm.faces import BINARY, draw_faces, random_faces, sample_faces
from dgm.pictures import EYES
from dgm.sketches import draw_sketches, load_pairs, random_pairs, sample_hands
from torch.nn import functional as F

torch.set_num_threads(1)


def changed(faces, **values):
    return type(faces)(**{**vars(faces), **values})


def test_shapes_range_and_dtype():
    photos, drawn, binary = random_pairs(5, seed=3)
    assert photos.shape == (5, 3, 64, 64)
    assert drawn.shape == (5, 1, 64, 64)
    assert drawn.dtype == torch.float32
    assert drawn.min() >= -1
    assert drawn.max() <= 1
    assert binary.shape == (5, len(BINARY))
    assert random_pairs(2, size=32)[1].shape == (2, 1, 32, 32)
    assert random_pairs(0)[1].shape == (0, 1, 64, 64)


def test_photographs_are_those_of_faces():
    photos, _, binary = random_pairs(4, seed=9)
    expected, same_binary = random_faces(4, seed=9)
    assert torch.equal(photos, expected)
    assert torch.equal(binary, same_binary)


def test_same_seed_same_sketches_whatever_the_number():
    _, drawn, _ = random_pairs(70, seed=7)
    torch.manual_seed(123)  # the global generator has no say
    _, again, _ = random_pairs(5, seed=7)
    assert torch.equal(drawn[:5], again)
    assert not torch.equal(again, random_pairs(5, seed=8)[1])


def test_drawn_on_the_device_of_the_attributes():
    # The meta device refuses any tensor that would be made on the CPU.
    for part in random_pairs(3, device="meta"):
        assert part.device.type == "meta"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_same_on_cuda():
    here, there = random_pairs(8)[1], random_pairs(8, device="cuda")[1].cpu()
    # A hatching that begins where two floats differ in the last digit may move a stroke's edge.
    assert (here - there).abs().mean() < 1e-3


def test_test_faces_are_none_of_the_training_faces():
    train = sample_faces(sketches.N_PAIRS["train"], sketches._SEEDS["train"])
    test = sample_faces(sketches.N_PAIRS["test"], sketches._SEEDS["test"])

    def numbers(faces):
        return torch.stack([faces.x, faces.y, faces.tilt, faces.width, faces.height], 1)

    assert torch.cdist(numbers(test), numbers(train)).min() > 1e-4


def test_load_pairs():
    photos, drawn, binary = load_pairs("test", 6)
    assert torch.equal(photos, random_pairs(6, sketches._SEEDS["test"])[0])
    assert len(drawn) == len(binary) == 6
    assert not torch.equal(photos, load_pairs("train", 6)[0])
    with pytest.raises(ValueError, match="split must be 'train' or 'test', not 'both'"):
        load_pairs("both")
    with pytest.raises(ValueError, match=r"n must lie in 1\.\.500 for the test pairs, not 501"):
        load_pairs("test", 501)


def test_as_many_hands_as_faces():
    with pytest.raises(ValueError, match="3 faces need as many hands, not 2"):
        draw_sketches(sample_faces(3), sample_hands(2))


def test_two_hands_draw_one_face_differently_but_alike():
    faces = sample_faces(60, seed=4)
    a, b = (draw_sketches(faces, sample_hands(60, seed)) for seed in (1, 2))
    same_face = (a - b).abs().mean((1, 2, 3))
    assert same_face.min() > 0.05, "the hand leaves its own traces"
    blur = [F.avg_pool2d(x, 4).flatten(1) for x in (a, b)]
    blur = [x - x.mean(1, keepdim=True) for x in blur]  # without the paper's tone
    nearest = torch.cdist(*blur).argmin(1)
    assert (nearest == torch.arange(60)).float().mean() > 0.8, "the face can be known from it"


def test_one_hand_has_one_paper_and_pencil():
    n = 40
    one_face = sample_faces(1, seed=2).rows(torch.zeros(n, dtype=torch.long))
    hands = sample_hands(n, seed=3)
    tone = (draw_sketches(one_face, hands) + 1) / 2
    paper = tone.flatten(1).quantile(0.9, dim=1)
    assert torch.corrcoef(torch.stack([paper, hands.paper]))[0, 1] > 0.9
    darkest = 1 - tone.flatten(1).quantile(0.01, dim=1) / paper
    assert torch.corrcoef(torch.stack([darkest, hands.darkness]))[0, 1] > 0.7


def test_a_wider_line_leaves_more_graphite():
    faces, hands = sample_faces(10, seed=5), sample_hands(10, seed=5)
    wide = type(hands)(**{**vars(hands), "line": 2 * hands.line})
    assert (draw_sketches(faces, wide) <= draw_sketches(faces, hands) + 1e-6).all()
    assert draw_sketches(faces, wide).mean() < draw_sketches(faces, hands).mean() - 0.02


def test_lines_stray_with_the_jitter():
    faces, hands = sample_faces(10, seed=5), sample_hands(10, seed=5)
    bare = changed(faces, binary=torch.zeros_like(faces.binary))
    shapes = FaceShapes(faces, 64)
    shoulders = shapes.shoulders()
    # Just above the shoulders and far from the neck there is bare paper unless the line strays.
    above = ((shoulders > 0.033) & (shoulders < 0.08) & (shapes.x_screen.abs() > 0.4))[:, None]

    def graphite_above(times):
        hand = type(hands)(**{**vars(hands), "jitter": times * hands.jitter})
        tone = (draw_sketches(bare, hand) + 1) / 2
        return (1 - tone / hands.paper[:, None, None, None])[above].mean()

    still, usual, shaky = (graphite_above(times) for times in (0, 1, 3))
    assert still < 0.002
    assert usual > 2 * still
    assert shaky > 3 * usual


@pytest.mark.parametrize("name", ["glasses", "beard", "hat", "long_hair"])
def test_an_attribute_changes_its_part_of_the_sketch(name):
    faces, hands = sample_faces(40, seed=1), sample_hands(40, seed=1)
    column = BINARY.index(name)
    without, with_it = faces.binary.clone(), faces.binary.clone()
    without[:, column], with_it[:, column] = 0, 1
    plain, drawn = (
        draw_sketches(changed(faces, binary=binary), hands) for binary in (without, with_it)
    )
    differs = ((plain - drawn).abs() > 0.2)[:, 0]
    assert (differs.flatten(1).sum(1) > 20).all()
    assert not differs[:, :6, :6].any()


def test_dark_hair_is_hatched_darker():
    faces, hands = sample_faces(30, seed=6), sample_hands(30, seed=6)
    crown = FaceShapes(faces, 64).fringe()[:, None] < -0.05
    dark, light = (
        draw_sketches(changed(faces, hair=torch.full_like(faces.hair, tone)), hands)[crown].mean()
        for tone in (0.1, 0.8)
    )
    assert dark < light - 0.3


def test_colours_that_pencils_do_not_have_leave_no_trace():
    """What makes the way back, from sketch to photograph, ambiguous."""
    faces, hands = sample_faces(20, seed=6), sample_hands(20, seed=6)
    other = changed(faces, background=1 - faces.background, iris=faces.iris.flip(1))
    grey = faces.iris @ torch.tensor([0.30, 0.59, 0.11])
    other = changed(other, iris=grey[:, None].expand(-1, 3))
    assert (draw_sketches(faces, hands) - draw_sketches(other, hands)).abs().max() < 1e-4
    assert (draw_faces(faces) - draw_faces(other)).abs().mean() > 0.1


def test_a_sketch_is_no_edge_filter_of_its_photograph():
    photos, drawn, _ = random_pairs(50, seed=12)
    grey = photos.mean(1, keepdim=True)
    x = F.conv2d(grey, torch.tensor([[[[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]]]), padding=1)
    y = F.conv2d(grey, torch.tensor([[[[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]]]]), padding=1)
    edges = (x.square() + y.square()).sqrt()
    for i in range(50):
        inner = (slice(4, 60), slice(4, 60))
        pair = torch.stack([edges[i, 0][inner].flatten(), -drawn[i, 0][inner].flatten()])
        assert 0.1 < torch.corrcoef(pair)[0, 1] < 0.75


def test_eyes_are_at_the_aligned_place_on_average():
    faces = sample_faces(2000, seed=13)
    shapes = FaceShapes(faces, 64)
    for (x, y), side in zip(EYES, (-1.0, 1.0), strict=True):
        mask = shapes.mask(shapes.eye(side)[0])
        at = torch.arange(64) + 0.5
        mean_x = (mask * at).sum((1, 2)) / mask.sum((1, 2))
        mean_y = (mask * at[:, None]).sum((1, 2)) / mask.sum((1, 2))
        assert mean_x.mean() == pytest.approx(x, abs=0.25)
        assert mean_y.mean() == pytest.approx(y, abs=0.25)
