"""What the tests would not notice: `make mutants`, or `python -m benchmarks.mutation --help`.

Small changes, drawn with a seed, are made in a copy of the tree, one at a time, and the tests of the changed file
are run there. A change that they do not notice survives; `survivors.yaml` says of each why it may, and fewer than
one in twenty of all that were tried may survive without a reason.

    mutants       the changes that can be made in a source
    areas         which sources are changed, and which tests are theirs
    trials        a copy of the tree, and a run of tests there
    quickly       what the tests of a mutant do without
"""
