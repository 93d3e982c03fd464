"""Huipai 慧拍: a sub-district and its residents run grid governance together."""

import os

# Before anybody loads numpy. Our matrices have some hundred rows: shared out among threads, each product waits for the
# slowest, on a busy machine ten times as long as one thread takes (measured: 96 rows, 1.3 ms against 0.15 ms).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
