"""Coverage-guided fuzzing of everything that reads what strangers wrote.

`targets` says what must hold of any bytes; `python -m fuzz` drives it by atheris, and
`tests/test_fuzz_corpus.py` replays without it what the fuzzer found worth keeping.
"""
