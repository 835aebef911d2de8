"""`python -m dgm.handin`, on every system: what `collect_submission.sh` runs."""

from dgm.handin import main

if __name__ == "__main__":
    main()
