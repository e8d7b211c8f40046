"""``make bench``: every benchmark that needs no file, one after the other."""

from benchmarks import answers, similarities, titles

for benchmark in (similarities, titles, answers):
    print(f"\n== {benchmark.__name__}", flush=True)
    benchmark.main()
