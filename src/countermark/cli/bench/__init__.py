"""``countermark bench``: each job against a reference timed in the same run, slice by slice.

``timing`` interleaves and takes medians; ``samples`` makes what is worked on; ``pure`` and ``whole`` hold the jobs.
"""

from countermark.cli.bench.command import bench_command

__all__ = ["bench_command"]
