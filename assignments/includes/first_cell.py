# %%
import importlib.util
import sys
from pathlib import Path

needed = ["torch", "torchvision", "numpy", "matplotlib", "safetensors", "tqdm"]
missing = [name for name in needed if importlib.util.find_spec(name) is None]
if missing:
    raise ModuleNotFoundError(
        f"please install {', '.join(missing)}: run `%pip install -r requirements.txt` in a cell,"
        " then restart the kernel"
    )

# The helper package dgm is next to this notebook (in the kit) or in assignments/ of the course.
places = [
    place
    for folder in (Path.cwd(), *Path.cwd().parents)
    for place in (folder, folder / "assignments")
]
beside = next((place for place in places if (place / "dgm" / "__init__.py").is_file()), None)
if beside is not None:
    sys.path.insert(0, str(beside))
elif importlib.util.find_spec("dgm") is None:
    raise ModuleNotFoundError(
        "the folder dgm is not beside this notebook: keep the notebook in the unzipped kit."
        " On Colab: upload $slug.zip, run `!unzip -q $slug.zip` and `%cd $slug` in a cell,"
        " then run this cell again"
    )
