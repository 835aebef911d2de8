"""Procedural faces: the same for the same seed, drawn where the attributes lie, and the attributes
are in the pictures.
"""

import pytest
import torch
from dgm.faces import BINARY, aligned, draw_faces, random_faces, sample_faces


def test_shapes_range_and_dtype():
    images, binary = random_faces(5, seed=3)
    assert images.shape == (5, 3, 64, 64)
    assert images.dtype == torch.float32
    assert images.min() >= -1
    assert images.max() <= 1
    assert binary.shape == (5, len(BINARY))
    assert set(binary.unique().tolist()) <= {0.0, 1.0}
    assert random_faces(2, size=32)[0].shape == (2, 3, 32, 32)
    assert random_faces(0)[0].shape == (0, 3, 64, 64)


def test_same_seed_same_faces_whatever_the_number():
    images, binary = random_faces(300, seed=7)
    torch.manual_seed(123)  # the global generator has no say
    again, binary_again = random_faces(20, seed=7)
    assert torch.equal(images[:20], again)
    assert torch.equal(binary[:20], binary_again)
    assert not torch.equal(again, random_faces(20, seed=8)[0])


def test_drawn_on_the_device_of_the_attributes():
    # The meta device refuses any tensor that the painter would make on the CPU.
    images, binary = random_faces(3, device="meta")
    assert images.device.type == binary.device.type == "meta"
    assert images.shape == (3, 3, 64, 64)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_same_on_cuda():
    torch.testing.assert_close(
        random_faces(8, device="cuda")[0].cpu(), random_faces(8)[0], atol=1e-3, rtol=0
    )


@pytest.mark.parametrize("name", ["glasses", "beard", "hat", "long_hair"])
def test_a_binary_attribute_changes_its_part_of_the_picture(name):
    faces = sample_faces(40, seed=1)
    without, with_it = faces.binary.clone(), faces.binary.clone()
    column = BINARY.index(name)
    without[:, column], with_it[:, column] = 0, 1
    plain = draw_faces(type(faces)(**{**vars(faces), "binary": without}))
    drawn = draw_faces(type(faces)(**{**vars(faces), "binary": with_it}))
    changed = (plain - drawn).abs().amax(1) > 0.2  # (N, 64, 64)
    assert (changed.flatten(1).sum(1) > 20).all()
    corner = changed[:, :6, :6]
    assert not corner.any()


def test_aligned_faces_have_their_eyes_in_one_place():
    faces = sample_faces(200, seed=5)
    straight = aligned(faces)
    for name, value in vars(straight).items():
        if name in ("x", "y", "tilt"):
            assert value.unique().numel() == 1
            assert value[0] == pytest.approx(float(getattr(faces, name).mean()), abs=0.02)
        else:
            assert value is getattr(faces, name)
    # Rows of the eyes: as wide apart as ever, but the same mean place in all pictures.
    spread = {
        which: draw_faces(some)[:, :, 26:34].std(dim=0).mean()
        for which, some in (("as drawn", faces), ("aligned", straight))
    }
    assert spread["aligned"] < 0.95 * spread["as drawn"]


def test_smiles_turn_the_mouth_up():
    faces = sample_faces(200, seed=2)
    assert faces.smile[faces.has("smiling") == 1].min() > 0.05
    assert faces.smile[faces.has("smiling") == 0].max() < 0.02


def test_every_attribute_occurs_with_and_without():
    share = sample_faces(500).binary.mean(0)
    assert ((share > 0.1) & (share < 0.9)).all()


def test_faces_differ_from_each_other():
    images, _ = random_faces(30)
    distances = torch.cdist(images.flatten(1), images.flatten(1)) + 1e9 * torch.eye(30)
    assert distances.min() > 5
