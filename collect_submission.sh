#!/usr/bin/env bash
# Check an assignment's notebooks and pack them for handing in; `./collect_submission.sh --help`
# shows how. The program is the package dgm.handin. Needs bash (3.2 or later) and Python 3.8 or
# later; nothing is installed and nothing leaves this machine. On Windows: python -m dgm.handin

if [ -z "${BASH_VERSION:-}" ]; then exec bash "$0" "$@"; fi # started as `sh collect_submission.sh`
set -eu
unset CDPATH

case ${BASH_SOURCE[0]} in
    */*) here=${BASH_SOURCE[0]%/*} ;;
    *) here=. ;;
esac
here=$(cd -- "${here:-/}" && pwd -P)

dgm=
for folder in "$here" "$here/assignments"; do # in a kit, in a checkout of the course
    if [ -z "$dgm" ] && [ -f "$folder/dgm/handin/__init__.py" ]; then dgm=$folder; fi
done
if [ -z "$dgm" ]; then
    echo "error: the folder dgm is missing or incomplete in $here:" \
        "copy it from the kit, then try again." >&2
    exit 1
fi

python=
for candidate in python3 python; do
    # Being on the PATH is not enough: it may be too old, or a stand-in that says how to install it.
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "error: python3 (3.8 or later) was not found on the PATH:" \
        "activate the environment in which you run Jupyter, then try again." >&2
    exit 1
fi

# UTF-8 whatever the locale: a name with accents must arrive whole from a terminal with LC_ALL=C.
# Not `PYTHONPATH=$dgm -m dgm.handin`: a json.py that a student keeps in the kit would replace
# Python's own.
exec "$python" -X utf8 -c '
import sys
sys.path.insert(0, sys.argv.pop(1))
from dgm.handin import main
del sys.path[0]
main(sys.argv.pop(1), "./collect_submission.sh")
' "$dgm" "$here" "$@"
