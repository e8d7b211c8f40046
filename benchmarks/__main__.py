"""``make bench``: every benchmark that needs no file, one after the other."""

from benchmarks import answers, similarities, title_search

for benchmark in (similarities, title_search, answers):
    print(f"\n== {benchmark.__name__}", flush=True)
    benchmark.main()
