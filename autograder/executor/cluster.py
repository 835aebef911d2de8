"""Grade on a Dask cluster that is there already: the course travels to the workers, submissions
follow, reports come back.

No disk is shared, and nothing of ours has to be installed on a worker but the packages that grading
imports (docs/cluster.md).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import secrets
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.errors import AutograderError
from autograder.executor import bundle, slot
from autograder.executor.tasks import Order, Task, limit_s, our_fault, read
from autograder.grading.grade import Graded, Options
from autograder.intake.found_file import as_found

if TYPE_CHECKING:
    from distributed import Client, Future

PACKAGES = [
    "torch",
    "numpy",
    "matplotlib",
    "tqdm",
    "ipython",
    "nbformat",
    "safetensors",
    "msgpack",
    "msgspec",
    "pytest",
]
"""What grading imports; the rest of requirements.txt is for notebooks and gradebooks."""
SAME_RESULTS = ("torch", "numpy")
"""Packages whose version may change a result's last digits."""
CONNECT_S = 20.0
FIRST_WORKER_S = 600.0
"""A queue (Slurm) or a cluster that grows on demand may take minutes to give the first worker."""
LOOK_S = 5.0
"""How often the number of workers is looked up, and how long one wait for an answer may take."""
SILENT_S = 120.0
"""Without any worker for so long, staff are told what is being waited for."""
LOST = (
    OSError,
    asyncio.CancelledError,
    concurrent.futures.CancelledError,
    asyncio.InvalidStateError,
)
"""What Dask raises, here and there, when the scheduler is gone."""
RETRIES = 1
"""How often a submission is tried again when the process that grades it is lost."""


class DaskExecutor:
    """Grades on the workers of the Dask scheduler at `address` (`tcp://host:8786`, or `tls://` with
    Dask's security settings).
    """

    def __init__(self, address: str) -> None:
        if find_spec("distributed") is None:
            raise AutograderError(
                "--scheduler needs Dask: pip install 'distributed', or this project with its "
                "extra `cluster`"
            )
        self.address = address

    def run(
        self, tasks: Sequence[Task], options: Options, started: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[int, Graded]]:
        """Raises AutograderError when the scheduler is not there, is lost, or has no worker that
        can grade.
        """
        import dask

        # submissions travel in the task itself: data scattered to a worker would die with it
        quiet = dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"})
        with quiet, _connected(self.address) as client, _course_on_workers(client, options) as name:
            started()
            yield from _Class(client, name, self.address, options).run(tasks)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False, name="autograder")
    except (
        Exception
    ) as error:  # refused, no such host, an address of no kind, TLS that is not set up
        raise AutograderError(
            f"no Dask scheduler at {address} accepts connections from this machine: {error}"
        ) from error
    try:
        if not client.nthreads():
            _say(
                f"{address} has no worker yet: waiting up to {FIRST_WORKER_S / 60:g} minutes "
                "for one"
            )
            client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        yield client
    except TimeoutError as error:
        raise AutograderError(
            f"the Dask scheduler at {address} has no worker. Start some (docs/cluster.md)"
        ) from error
    finally:
        client.close(timeout=CONNECT_S)


@contextmanager
def _course_on_workers(client: Client, options: Options) -> Iterator[str]:
    """Install the course on each worker, and on those that join later; the name of the plugin that
    holds it. Removed at the end.
    """
    import cloudpickle

    from autograder.executor import cluster_worker

    _check_pythons(client)
    digest = bundle.digest_of(options.root)
    name = f"autograder-{digest[:16]}-{secrets.token_hex(4)}"
    told = slot.pack_options(options)
    plugin = cluster_worker.CoursePlugin(
        name, bundle.make(options.root), digest, told, slot.ONE_THREAD, PACKAGES
    )
    cloudpickle.register_pickle_by_value(cluster_worker)
    try:
        client.register_plugin(plugin, name=name)
        try:
            _check_workers(client.run(_describe_with(name)))
            yield name
        finally:
            if client.status == "running":
                with suppress(TimeoutError, *LOST):
                    client.unregister_worker_plugin(name)
    finally:
        cloudpickle.unregister_pickle_by_value(cluster_worker)


def _describe_with(name: str) -> Callable[..., dict[str, Any]]:
    """What `Client.run` calls on each worker. Being a local function it is pickled by value: a
    worker need not have this module.
    """

    def describe(dask_worker: Any) -> Any:
        return dask_worker.plugins[name].describe()

    return describe


def _grade_with(name: str) -> Callable[[bytes, float], bytes]:
    """What a task calls; by value as well."""

    def grade(order: bytes, limit: float) -> Any:
        from distributed import get_worker

        plugin: Any = get_worker().plugins[name]
        return plugin.grade(order, limit)

    return grade


def _check_pythons(client: Client) -> None:
    """Code travels as bytecode, which differs between minor versions of Python. Raises
    AutograderError that names who differs.
    """
    found: Any = client.get_versions()
    pythons = {"the scheduler": found["scheduler"], **found["workers"]}
    ours = ".".join(map(str, sys.version_info[:2]))
    if others := {
        who: told["host"]["python"]
        for who, told in pythons.items()
        if not told["host"]["python"].startswith(f"{ours}.")
    }:
        listed = ", ".join(f"{who} {version}" for who, version in others.items())
        raise AutograderError(
            f"the cluster must run Python {ours} as this machine does, but it has: {listed}"
        )


def _check_workers(workers: dict[str, dict[str, Any]]) -> None:
    """Tell staff what the workers are. Raises AutograderError when none of them can grade."""
    from autograder.executor.cluster_worker import versions

    ours = versions(PACKAGES)
    kinds: Counter[str] = Counter()
    for told in workers.values():
        installed = ", ".join(
            f"{name} {told['versions'][name] or 'missing'}" for name in SAME_RESULTS
        )
        state = told["problem"] or told["isolation"]
        kinds[
            f"{told['threads']} thread(s), Python {told['python']}, {installed}, {told['cpu']}: "
            f"{state}"
        ] += 1
    for kind, count in kinds.items():
        _say(f"{count} worker(s) with {kind}")
    for name in SAME_RESULTS:
        if others := sorted(
            {told["versions"][name] for told in workers.values()} - {ours[name], ""}
        ):
            _say(
                f"this machine has {name} {ours[name]}, workers have {', '.join(others)}: "
                "results may differ in their last digits"
            )
    unfit = {address: told for address, told in workers.items() if told["problem"]}
    if len(unfit) == len(workers):
        listed = "\n".join(
            f"{told['host']} ({address}): {told['problem']}" for address, told in unfit.items()
        )
        raise AutograderError(f"none of the {len(workers)} workers can grade:\n{listed}")
    if unfit:
        _say(
            f"{len(unfit)} of {len(workers)} workers cannot grade and are left out: "
            f"{', '.join(unfit)}"
        )


class _Class:
    """The tasks of one class on their way. Few are under way at once, so that the scheduler does
    not hold the bytes of all.
    """

    def __init__(self, client: Client, plugin: str, address: str, options: Options) -> None:
        self._client, self._plugin, self._address, self._options = client, plugin, address, options
        self._grade = _grade_with(plugin)
        self._pending: dict[Future, Task] = {}
        self._n_threads = 0
        self._looked = self._seen = time.monotonic()

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Graded]]:
        left = deque(tasks)
        try:
            while left or self._pending:
                self._look()
                while left and len(self._pending) < max(2, 2 * self._n_threads):
                    task = left.popleft()
                    order = read(task, self._options)
                    if isinstance(order, Order):
                        self._send(task, order)
                    else:
                        yield task.index, order
                for future in self._finished():
                    task = self._pending.pop(future)
                    yield task.index, self._outcome(future, task)
        except LOST as error:
            raise self._lost(error) from error
        finally:
            if self._pending and self._client.status == "running":
                with suppress(TimeoutError, *LOST):
                    self._client.cancel(list(self._pending), force=True)

    def _send(self, task: Task, order: Order) -> None:
        # the key is shown in Dask's dashboard and logs: no names of students in it
        key = f"{self._plugin}-{task.index}"
        limit = limit_s(task, self._options)
        message = msgspec.msgpack.encode(order)
        self._pending[
            self._client.submit(self._grade, message, limit, key=key, pure=False, retries=RETRIES)
        ] = task

    def _finished(self) -> list[Future]:
        """The futures that are done, after at most LOOK_S; oldest first."""
        from distributed import wait

        if not self._pending:
            return []
        with suppress(TimeoutError), self._client.as_current():
            wait(list(self._pending), timeout=LOOK_S, return_when="FIRST_COMPLETED")
        if any(future.cancelled() for future in self._pending):
            raise asyncio.CancelledError
        return [future for future in self._pending if future.done()]

    def _outcome(self, future: Future, task: Task) -> Graded:
        error = future.exception() if future.status == "error" else None
        if error is None:
            try:
                return slot.decode(future.result())
            except msgspec.MsgspecError as wrong:
                error = wrong
        file = as_found(task.file)
        return our_fault(file.name, task.slug, self._options, error, file.sender)

    def _look(self) -> None:
        """Follow the cluster as it grows and shrinks."""
        now = time.monotonic()
        if self._n_threads and now - self._looked < LOOK_S:
            return
        if self._client.status != "running":
            raise asyncio.CancelledError
        self._looked, self._n_threads = now, sum(self._client.nthreads().values())
        if self._n_threads:
            self._seen = now
        elif now - self._seen > SILENT_S:
            self._seen = now
            _say(
                f"{self._address} has lost all its workers. Waiting for new ones (Ctrl-C ends "
                "it; what is graded is kept)"
            )

    def _lost(self, error: BaseException) -> AutograderError:
        return AutograderError(
            f"the connection to the Dask scheduler at {self._address} was lost. What was graded "
            "is kept: run the same command again",
            detail=repr(error),
        )


def _say(sentence: str) -> None:
    print(f"cluster: {sentence}", file=sys.stderr)
