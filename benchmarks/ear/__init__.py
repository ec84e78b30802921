"""The conformance bench of the decoder: `make ear`, or `python -m benchmarks.ear --help`.

Every condition is a row of one table; a row makes its own signals, every receiver hears the same samples in the
same run, and a figure that must be reached stands beside those measured.

    signals       keys, pulses and lines           impairments   what a line does to them
    judging       from digits heard to figures     rows          a row: what it measures and what it asks
    accepting  disturbed  beside  mitel  timing  talkoff  recorded  speed       the rows, by what they ask
    ours  peers   the receivers                    table, plot   what is printed and drawn
"""

import os

# One core for everybody: with several BLAS threads ours would have speeds that no peer can have. Before numpy.
for _library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
