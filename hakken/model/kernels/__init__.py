"""The performance-critical loops, compiled by Numba: one module for training, one for serving.

All release the GIL and give bit-identical results for any number of threads.
"""
