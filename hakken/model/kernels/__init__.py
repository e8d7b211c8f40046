"""The loops that carry the weight, compiled by Numba: one module for training, one for serving.

All release the GIL and give the same bits whatever the number of threads.
"""
