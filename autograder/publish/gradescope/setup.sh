#!/usr/bin/env bash
# Gradescope runs this once, when the zip is uploaded: Python and pinned packages without CUDA.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
version=$(cat python-version)
python3 -m pip --version >/dev/null 2>&1 || {
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-pip
}
python3 -m pip install --no-cache-dir uv ||
    python3 -m pip install --no-cache-dir --break-system-packages uv
python3 -m uv venv --python "$version" /autograder/venv
install="python3 -m uv pip install --no-cache --python /autograder/venv/bin/python"
$install --index-url https://download.pytorch.org/whl/cpu -r requirements-torch.txt
$install -r requirements.txt
/autograder/venv/bin/python -c "import torch, msgspec, nbformat; print('torch', torch.__version__)"
