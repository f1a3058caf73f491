"""The model as the paper would print it: networks, schedule, sampler. Imports nothing else of ours.

`schedule` and `sampler` need numpy alone, since pictures are drawn without torch; `autoencoder` and
`transformer` are torch modules, needed only where the model is trained.
"""
