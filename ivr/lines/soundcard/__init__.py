"""A caller at the sound card: a microphone, a speaker, and keys that are typed.

`devices` names the devices, `opening` opens them, `microphone` and `speaker` carry sound, `stretch` and `balance`
keep their two clocks together, `card` is both, `line` is the caller and `pace` the clock; `phone` is
a caller of a story, who calls whoever is at the card. What the bridge knows of
it is `ivr.engine.ports.Line`.
"""
