"""Containers of sound, film and documents, mostly made elsewhere: where each keeps its AIGC label.

Places are those of the TC260 guides of 2025-08-28: 20257A (video), 202510A (audio), 20258A (text).
Every module walks bytes by their offsets, copies no more than a label can need, and never raises
while reading.
"""
