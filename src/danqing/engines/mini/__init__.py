"""The model this project trains itself: no GPU, no download, weights in the package.

`danqing.engines.mini.engine.MiniEngine` is the engine; the other modules are shared with training.
"""
