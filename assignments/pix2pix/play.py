# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Play: your own photographs and drawings
#
# The faces of lab `pix2pix` are drawn by a program, all of them in the same place, in front of the same few walls. What
# does the network do with a photograph of you, or with a face that you drew? In this notebook you find out: selfie to
# sketch, drawing to photograph, and something of your own idea. No code is graded here. Three analyses are, and they
# ask for what most demonstrations leave out: what fails, and why.
#
# **Pictures.** Take photographs of all members of your team (or of anybody who agrees), and draw their faces on white
# paper with a soft pencil or a pen. Frontal views in front of a plain wall work best. If you have no camera or don't
# want to use your face, leave the list empty: the notebook then makes stand-ins, which were "photographed" badly on
# purpose.
#
# **Privacy.** Pictures stay in your folder. They are handed in only as far as the notebook's figures show them.

# %% include="first_cell"
import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from dgm.plots import picture

Eyes = tuple[tuple[float, float], tuple[float, float]]

# %% [markdown]
# ## 1. Networks
#
# You need two generators, from photographs to sketches and from sketches to photographs. Copy your class
# `UNetGenerator` from lab `pix2pix` into the cell below. If that lab has kept its generator in `artifacts/`, it is
# loaded; it must then have the same layers. What is not there is trained in the next cell for a minute or two, with the
# L1 loss alone.


# %% answer="play_networks"
class UNetGenerator(nn.Module):
    """Your generator with skips of lab `pix2pix`: (B, n_in, H, W) -> (B, n_out, H, W)."""

    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x
        ### END SOLUTION


# %% train="play_training"
from dgm import metrics, plots
from dgm.data import paired_batches
from dgm.faces import draw_faces, sample_faces
from dgm.own_pictures import own_drawing, own_photo
from dgm.pictures import EYES
from dgm.sketches import draw_sketches, load_pairs, sample_hands
from dgm.training import Settings, adam, evaluate, keep, load_checkpoint, seed_everything, train

settings = Settings()
device = settings.device
N_TRAIN = 48 if settings.fast else 1000
WIDTHS = [settings.width(w) for w in (16, 32, 64, 128)]
photos, sketches, _ = load_pairs("train", N_TRAIN, device=device)


def trained(name, x, y, n_iterations=400):
    """A U-Net from images x to images y, with the L1 loss."""
    seed_everything(0)
    network = UNetGenerator(x.shape[1], y.shape[1], WIDTHS).to(device)
    optimizer = adam(network, lr=2e-3, betas=(0.5, 0.999))
    stream = paired_batches(x, y, batch_size=8)

    def step(i):
        source, target = next(stream)
        loss = (network(source) - target).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"L1": loss}

    train(step, settings.iterations(n_iterations), description=name)
    return network.eval()


def generator(name, x, y, kept):
    """The generator that another lab has kept, if it fits, or else a new one."""
    path = Path("artifacts") / f"{kept}.safetensors"
    if path.is_file():
        try:
            network = load_checkpoint(
                path, UNetGenerator(x.shape[1], y.shape[1], WIDTHS).to(device)
            )
            print(f"{name}: {path}")
            return network.eval()
        except RuntimeError:
            print(f"{name}: {path} has other layers; training a new generator")
    return trained(name, x, y)


networks = {}


@picture
def _():
    networks["to_sketch"] = generator("photo to sketch", photos, sketches, "pix2pix_generator")
    networks["to_photo"] = generator("sketch to photo", sketches, photos, "play_to_photo")
    keep("play_to_photo", networks["to_photo"])


def translated_by(name, images):
    if name not in networks:
        raise NotImplementedError("the networks need your UNetGenerator (above)")
    return evaluate(networks[name], images)


def to_sketch(x):
    """Photographs (N, 3, 64, 64) to sketches (N, 1, 64, 64), without dropout."""
    return translated_by("to_sketch", x)


def to_photo(y):
    return translated_by("to_photo", y)


# %% [markdown]
# ## 2. Your pictures
#
# Fill in the names of your files and where the eyes are: $x$ and $y$ in pixels of the picture, turned upright, from the
# upper left corner. If you don't know, write `None`, and you are asked (in a notebook: type four numbers; in a window:
# click). The line that is printed then belongs in this cell, so that the notebook runs again without you. `own_photo`
# turns, scales and crops a picture so that the eyes are where those of the training faces are, and puts the course's
# background behind the person. `own_drawing` does the same for drawings, divides out shadows on the paper, and makes
# the pencil as dark as that of the course. HEIC files have to be saved as JPEG first.


# %% answer="own_pictures"
def own_pictures() -> tuple[dict[str, Eyes | None], dict[str, Eyes | None]]:
    """Your photographs and your drawings: file names with the positions of the eyes, or None.

    For example: return {"me.jpg": ((310, 420), (450, 418))}, {"drawing.png": None}
    """
    ### BEGIN SOLUTION
    return {}, {}
    ### END SOLUTION


# %% train="own_pictures_opened"
def stand_ins(n=4, size=256):
    """Pictures of faces that no lab has seen, taken badly: turned, too far to one side, and on other walls or in a shadow.

    Writes JPEG files into the folder `stand_ins`; returns their names with the positions of the eyes, photographs and drawings.
    """
    from PIL import Image

    folder = Path("stand_ins")
    folder.mkdir(exist_ok=True)
    faces = sample_faces(n, seed=9000)
    straight = {name: torch.zeros(n) for name in ("x", "y", "tilt")}
    faces = dataclasses.replace(faces, **straight)
    drawings = (draw_sketches(faces, sample_hands(n, 9000), size) + 1) / 2
    faces = dataclasses.replace(
        faces, background=torch.rand(n, 3, generator=torch.Generator().manual_seed(1))
    )
    pictures = (draw_faces(faces, size) + 1) / 2
    found = {}, {}
    for i in range(n):
        angle, shift = [(14.0, 20), (-18.0, -30), (8.0, 40), (-10.0, 0)][i % 4]
        # Eyes at (+-eye_distance, EYES' height), in units of half the image; the sheet is twice as large as the face.
        half, level = float(faces.eye_distance[i]) * size / 2, (EYES[0][1] / 64 - 0.5) * size
        turn = torch.tensor(angle * torch.pi / 180)
        eyes = []
        for side in (-half, half):
            x = float(turn.cos() * side + turn.sin() * level)
            y = float(-turn.sin() * side + turn.cos() * level)
            eyes.append((round(size + x + shift), round(size + y - shift / 2)))
        for kind, image, wall in ((0, pictures[i], 0.75), (1, drawings[i], 0.93)):
            sheet = torch.full((image.shape[0], 2 * size, 2 * size), wall)
            if kind == 0:
                sheet[:] = image[:, 2, 2, None, None]
            sheet[:, size // 2 : size // 2 + size, size // 2 : size // 2 + size] = image
            values = (255 * sheet.clamp(0, 1)).byte().permute(1, 2, 0).numpy()
            grey = values.shape[2] == 1
            file = Image.fromarray(values[:, :, 0] if grey else values)
            edge = int(values[0, 0, 0]) if grey else tuple(int(v) for v in values[0, 0])
            file = file.rotate(
                angle,
                resample=Image.Resampling.BILINEAR,
                fillcolor=edge,
                translate=(shift, -shift // 2),
            )
            if kind == 1:  # a shadow over the paper
                shade = torch.linspace(0.6, 1.0, 2 * size)[None].expand(2 * size, -1).numpy()
                file = Image.fromarray((np.asarray(file) * shade).astype("uint8"))
            name = str(folder / f"{'drawing' if kind else 'photo'}_{i + 1}.jpg")
            file.save(name, quality=92)
            found[kind][name] = tuple(eyes)
    return found


def chosen_pictures():
    try:
        mine = own_pictures()
    except NotImplementedError:
        mine = {}, {}
    others = stand_ins() if not all(mine) else ({}, {})
    return tuple(own or other for own, other in zip(mine, others, strict=True))


my_photos, my_drawings = chosen_pictures()
for kind, files in (("photographs", my_photos), ("drawings", my_drawings)):
    print(f"{kind}: {', '.join(files)}")

# %% [markdown]
# ## 3. Photograph to sketch
#
# Each photograph goes through the network in three versions: only shrunk to 64x64, aligned by the eyes but on its own
# background, and aligned on the course's background. **Look at** where the network finds eyes, nose and mouth, and at
# what it makes of the background.
#
# One picture proves little. So the table below repeats the comparison with 200 test faces whose attributes are known:
# they are shifted, turned, enlarged, put in front of other walls, or taken in too little light, and the course's
# classifier says how many of the six attributes it still finds in the sketch. The columns show which attribute suffers.

# %% train="photo_to_sketch"
from torch.nn import functional

from dgm.faces import BINARY
from dgm.pictures import open_picture


def only_shrunk(name):
    rgb = open_picture(name).rgb[None]
    return (2 * functional.interpolate(rgb, size=(64, 64), mode="bilinear", antialias=True) - 1).to(
        device
    )


@picture
def _():
    versions = {
        "only shrunk": torch.cat([only_shrunk(name) for name in my_photos]),
        "aligned": torch.cat(
            [
                own_photo(name, eyes, background="keep", device=device)
                for name, eyes in my_photos.items()
            ]
        ),
        "on our wall": torch.cat(
            [own_photo(name, eyes, device=device) for name, eyes in my_photos.items()]
        ),
    }
    rows = {}
    for name, images in versions.items():
        rows[name] = images
        rows[f"{name}: sketch"] = to_sketch(images).expand(-1, 3, -1, -1)
    plots.show_rows(rows, "Photograph to sketch, with more and more care")


def moved(images, angle=0.0, scale=1.0, shift=0.0):
    """Images turned by `angle` degrees, enlarged, and shifted by a share of half their width."""
    turn = torch.tensor(angle * torch.pi / 180)
    cos, sin = turn.cos() / scale, turn.sin() / scale
    theta = torch.tensor([[cos, -sin, shift], [sin, cos, 0.0]], device=images.device).expand(
        len(images), -1, -1
    )
    grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


N_TEST = 24 if settings.fast else 200
test_photos, test_sketches, test_attributes = load_pairs("test", N_TEST, device=device)


def on_walls(colours):
    """The test faces in front of walls of these colours (N, 3) in [0, 1]."""
    faces = sample_faces(N_TEST, seed=3001)
    return draw_faces(dataclasses.replace(faces, background=colours)).to(device)


@picture
def _():
    bright = torch.rand(N_TEST, 3, generator=torch.Generator().manual_seed(5))
    changed = {
        "as they are": test_photos,
        "shifted by 3 pixels": moved(test_photos, shift=3 / 32),
        "shifted by 8 pixels": moved(test_photos, shift=8 / 32),
        "turned by 10 degrees": moved(test_photos, angle=10),
        "turned by 30 degrees": moved(test_photos, angle=30),
        "enlarged by half": moved(test_photos, scale=1.5),
        "half the size": moved(test_photos, scale=0.5),
        "coloured walls": on_walls(bright),
        "black walls": on_walls(torch.zeros(N_TEST, 3)),
        "half the light": (test_photos + 1) / 2 - 1,
    }
    print(
        f"{'attributes found in the sketch':<32}{'mean':>8}"
        + "".join(f"{name:>11}" for name in BINARY)
    )
    found = metrics.attribute_accuracy(metrics.sketch_probabilities(test_sketches), test_attributes)
    print(
        f"{'(the real sketches)':<32}{100 * found.mean():7.1f}%"
        + "".join(f"{100 * share:10.1f}%" for share in found)
    )
    often = torch.maximum(test_attributes.mean(0), 1 - test_attributes.mean(0))
    print(
        f"{'(guessing the commoner)':<32}{100 * often.mean():7.1f}%"
        + "".join(f"{100 * share:10.1f}%" for share in often)
    )
    for name, images in changed.items():
        found = metrics.attribute_accuracy(
            metrics.sketch_probabilities(to_sketch(images)), test_attributes
        )
        print(
            f"{name:<32}{100 * found.mean():7.1f}%"
            + "".join(f"{100 * share:10.1f}%" for share in found)
        )
    rows = {
        name: images[:8]
        for name, images in changed.items()
        if name in ("as they are", "turned by 30 degrees", "half the size", "black walls")
    }
    plots.show_rows(
        {
            part: shown
            for name, images in rows.items()
            for part, shown in (
                (name, images),
                (f"{name}: sketch", to_sketch(images).expand(-1, 3, -1, -1)),
            )
        },
        "What the network makes of faces that are not where it expects them",
    )


# %% [markdown]
# **Analysis** (5 points). (a) Describe what alignment and background change for your pictures, in at least two
# sketches. (b) Which of the changes in the table harms most, which hardly at all? (The sketch of a turned face is
# turned as well, and the classifier has seen upright sketches only: keep this in mind.) (c) A convolution does not care
# where a face is. Why does the network? Name the two things that make it depend on the place. (d) What does it draw
# where it has never seen anything like the picture, and why does it not say that it doesn't know?

# %% [markdown] analysis="play_photographs"
# ### BEGIN SOLUTION
# (These numbers are from generators trained for 400 iterations with L1 alone.) (a) Of the pictures that are only
# shrunk, the network makes small dark blots with a dark frame of hatching: it finds a head, but no eyes. Aligned, the
# same faces get hair, glasses and beards in the right places. On their own walls, the sheet behind the person of
# pictures 1 and 2 is hatched (pink and violet walls, darker than any in the training data); on the course's wall the
# paper is clean, and a seam is left where the mask around the hair was wrong.
#
# (b) As they are, 93.1% of the attributes are found (98.0% in real sketches, 66.8% by always guessing the commoner
# value). Hardly harmful: 3 pixels of shift (92.2%) and a turn by 10 degrees (90.9%). Worst is half the size, 52.2%,
# below guessing; then black walls (74.9%), enlarging by half (76.2%), 30 degrees (76.4%) and half the light (77.0%).
# Smiles go first: 46.5% to 49% is chance. But the classifier, too, has only seen sketches of upright faces of the usual
# size, so part of the loss for turned, shifted and scaled faces is the measure's. For walls and light it isn't: the
# faces are where they were. There long hair (44.0%) and dark hair (59.5%) fail on black walls, as they can't be told
# from the wall.
#
# (c) All training faces are in one place, of one size and upright, so the network has learned what to draw *there*:
# other angles and sizes are outside of its training data, and no convolution is indifferent to those anyway. And it can
# tell the place: zero padding marks the borders, and the deepest layers see the whole image.
#
# (d) It draws what it knows: around faces of half the size it puts the ghost of a large head, made of the average
# sketch, and it turns black walls into hatching like dark hair. The loss rewards an answer for each training photograph
# and nothing else. Nothing in it teaches the network to say that a picture is unlike all that it has seen.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: (a) two sketches of the student's own figure, with and without alignment or background, described (0.5 each).
# - 1.5 points: (b) the most and the least harmful change with numbers (0.5 each); a doubt about the measure: turned or
#   small sketches are new for the classifier too (0.5).
# - 1.5 points: (c) trained on faces in one place, so that other positions, sizes and angles are outside the training
#   data (0.75); zero padding and the deepest layers, whose receptive field covers the image, tell the place (0.75).
# - 1 point: (d) it draws parts of faces of the kind it was trained on, or grey smears (0.5); the loss never rewarded
#   anything but an answer: no measure of confidence (0.5).
# ### END MARK SCHEME

# %% [markdown]
# ## 4. Drawing to photograph
#
# Your drawings go through the other network. The rows below them follow test faces once around: photograph, its sketch
# by the network, the photograph that the other network makes of it. The table says which attributes survive. **Look
# at** colours: of hair, skin, shirt and wall, which can be read off a pencil drawing at all?


# %% train="drawing_to_photo"
@picture
def _():
    drawings = torch.cat(
        [own_drawing(name, eyes, device=device) for name, eyes in my_drawings.items()]
    )
    plots.show_rows(
        {"drawing": drawings.expand(-1, 3, -1, -1), "photograph": to_photo(drawings)},
        "Drawing to photograph",
    )
    drawn = to_sketch(test_photos)
    back = to_photo(drawn)
    from_real = to_photo(test_sketches)
    plots.show_rows(
        {
            "photograph": test_photos[:8],
            "its sketch": drawn[:8].expand(-1, 3, -1, -1),
            "and back": back[:8],
            "back from the real sketch": from_real[:8],
        },
        "Once around",
    )
    print(
        f"{'attributes found in the photograph':<36}{'mean':>8}"
        + "".join(f"{name:>11}" for name in BINARY)
    )
    for name, images in (
        ("(the real photographs)", test_photos),
        ("from the real sketch", from_real),
        ("once around", back),
    ):
        found = metrics.attribute_accuracy(metrics.face_probabilities(images), test_attributes)
        print(
            f"{name:<36}{100 * found.mean():7.1f}%"
            + "".join(f"{100 * share:10.1f}%" for share in found)
        )
    print(
        "\nhow much the colour of a place varies between faces, as a standard deviation of pixels"
    )
    places = {
        "wall": (slice(0, 4), slice(0, 4)),
        "cheek": (slice(36, 40), slice(22, 26)),
        "shirt": (slice(60, 64), slice(28, 36)),
    }
    for name, (rows, columns) in places.items():
        real, made = (
            images[:, :, rows, columns].mean((2, 3)).std(0).mean()
            for images in (test_photos, from_real)
        )
        print(f"  {name:<8} real {real:.3f}, from the real sketch {made:.3f}")


# %% [markdown]
# **Analysis** (4 points). (a) What does the network make of your drawings (or of the stand-ins)? Name one thing that it
# gets right and one that it gets wrong in them. (b) Which colours does it invent, and why these? Use the last table and
# what the L1 loss does where several answers are right. (c) Going once around keeps most attributes. Does that show
# that the sketch holds all that the photograph did? (d) What would you change to have the network draw different
# photographs for the same sketch?

# %% [markdown] analysis="play_drawings"
# ### BEGIN SOLUTION
# (a) Of the stand-ins, hair comes out right, long or short, and the beard of the third drawing. Wrong are the glasses,
# two shadows around the eyes without frames, and mouths, which are blurred. The fourth drawing's hair, white with few
# strokes, became ginger.
#
# (b) The wall: real walls differ by a standard deviation of 0.229, those that it makes by 0.010. Always the same grey
# green, since a sketch says nothing about the wall, and L1 is least for the median colour. Shirts are dark blue or
# light by how they are hatched (0.427 against 0.523 for real ones), with one colour for each tone, not the six of the
# data. Cheeks vary as much as real ones (0.433 against 0.398): the tone of the skin is drawn in the sketch.
#
# (c) No. Once around, 82.4% of the attributes are found, against 85.8% from real sketches and 99.8% in the photographs.
# But attributes are six bits, chosen since one can draw them. The colour of the wall, the shirt and the iris are lost
# and replaced by typical ones, and smiles (52.0%) and glasses (77.0%, where guessing gives 53.0% and 71.5%) are nearly
# lost as well, in the blur.
#
# (d) Give it noise that the loss doesn't punish: a code, or dropout, with a conditional discriminator and less L1. With
# L1 alone the best answer has no noise. Or give it the missing colours as a second input, so that one chooses them.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: (a) one right and one wrong thing in pictures of the student's own figure (0.5 each).
# - 1.5 points: (b) colours that the sketch does not tell (wall, shirt, in part skin) vary less than the real ones (0.5,
#   with numbers); they are near the median colour (0.5), since L1 is least there (0.5).
# - 0.75 points: (c) no: attributes are a few bits; colours are lost and replaced.
# - 0.75 points: (d) noise that the loss does not punish (a latent code with an adversarial loss, dropout with less L1),
#   or a condition for the colour; with a reason.
# ### END MARK SCHEME

# %% [markdown]
# ## 5. Something creative
#
# Do anything with these two networks (or with those of the other labs) that is more than running them once. A few
# ideas: draw on a sketch (glasses, a beard, a hat) and see what the photograph makes of it; blend two sketches; go
# around many times; feed it cats, cars, or drawings by children; send a sketch of one face and colours of another.
# Write it as the function below: it makes one figure and prints at least one number.


# %% answer="creative"
def creative() -> None:
    """Your idea: one figure with a title, and at least one number that measures what happened."""
    ### BEGIN SOLUTION
    # Glasses drawn on sketches by hand: two circles and a line, at the average place of the eyes.
    y, x = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    strokes = torch.zeros(64, 64)
    for eye_x, eye_y in EYES:
        distance = ((x + 0.5 - eye_x) ** 2 + (y + 0.5 - eye_y) ** 2).sqrt()
        strokes = torch.maximum(strokes, (1.2 - (distance - 5.5).abs()).clamp(0, 1))
    bridge = ((x - 32).abs() < 2) & ((y - EYES[0][1]).abs() < 1)
    strokes = torch.maximum(strokes, bridge.float()).to(device)
    without = test_attributes[:, BINARY.index("glasses")] == 0
    before = test_sketches[without]
    after = before * (1 - strokes) - 0.8 * strokes
    # And many times around: photograph, sketch, photograph, ...
    loop, around = [test_photos[without][:8]], test_photos[without]
    seen = []
    for _ in range(6):
        around = to_photo(to_sketch(around))
        loop.append(around[:8])
        seen.append(float((around - test_photos[without]).abs().mean()))
    plots.show_rows(
        {
            "sketch": before[:8].expand(-1, 3, -1, -1),
            "photograph": to_photo(before)[:8],
            "glasses drawn": after[:8].expand(-1, 3, -1, -1),
            "photograph ": to_photo(after)[:8],
            "once around": loop[1],
            "six times": loop[6],
        },
        "Glasses drawn on sketches, and photographs that went around",
    )
    column = BINARY.index("glasses")
    for name, drawn in (("without", before), ("with drawn glasses", after)):
        share = metrics.attributes_seen(to_photo(drawn))[:, column].mean()
        print(f"photographs taken for ones with glasses, {name}: {100 * share:.1f}%")
    print(
        "difference from the photograph after 1 to 6 times around: "
        + ", ".join(f"{value:.3f}" for value in seen)
    )
    ### END SOLUTION


# %% train="creative_run"
picture(creative)

# %% [markdown]
# **Analysis** (4 points). (a) What did you try, and what did you expect? (b) What came out, in the figure and in your
# number? (c) Where does it fail, and which property of the data, the network or the loss explains it? (d) One change
# that would make it work better, with a reason.

# %% [markdown] analysis="play_creative"
# ### BEGIN SOLUTION
# (a) I drew glasses on sketches of faces without any, as two circles and a bridge, expecting glasses in the
# photographs. And I sent photographs around, photograph to sketch to photograph, six times, expecting that they settle
# on something typical.
#
# (b) With drawn glasses, 30.8% of the photographs are taken for ones with glasses, 0% without: there are dark rings
# around the eyes, but rarely frames. Going around, the difference from the first photograph grows from 0.225 to 0.450,
# by 0.03 to 0.07 each time, and doesn't settle: after six rounds faces with dark skin or hair are black silhouettes,
# the others a white blot with black hair.
#
# (c) My circles are of one width and one darkness and exactly in the average place, and on these faces the eyes are
# elsewhere. More important, even from real sketches glasses are judged right in only 76.0% of the photographs, where
# guessing gives 71.5%: L1 blurs thin lines, since their place is uncertain. The loop drifts because each network pushes
# a little towards what is typical *given its input*: a dark face gets a darker hatching, which gets a darker face. Each
# network is trained on real inputs only, never on the other's outputs, so errors add up.
#
# (d) For the glasses: an adversarial loss, which does not accept blurred frames. For the loop: train both with a cycle
# loss, so that each is used to the other's outputs and errors are undone rather than amplified.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: (a) an idea that is more than running a network once on its kind of input (0.5), and an expectation (0.5).
# - 1 point: (b) the figure described (0.5), a number read with its unit or meaning (0.5).
# - 1.25 points: (c) a failure that can be seen (0.5), explained by data, network or loss and not by "bad training" (0.75).
# - 0.75 points: (d) a change with a reason.
#
# Any idea counts. A bought or downloaded network counts if the student says what it was trained on.
# ### END MARK SCHEME
