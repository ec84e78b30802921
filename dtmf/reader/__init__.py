"""Files and pipes, whatever made them: what they are is told by how they begin.

`heads` knows beginnings, `wav` takes a WAV as it comes, `whole` has libraries read what has to be there first,
`doubt` refuses bytes that are no samples, `scale` finds out what the floats of a file mean.
"""
