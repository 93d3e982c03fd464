# What a person types. Everything real is in scripts/prepare.py and in `python -m huipai`.
SHELL := /bin/sh
# The distribution's own, where it can make a venv: one compiled without its profile takes a fifth longer for our code.
PYTHON ?= $(shell /usr/bin/python3.11 -c 'import ensurepip, venv' 2>/dev/null && echo /usr/bin/python3.11 || command -v python3.11 || command -v python3 || echo python3)
PY := .venv/bin/python
PORT ?= 8000
ONLY ?=
DEPTH ?= 10
# Compiled once, whatever the environment says: else every process compiles everything anew before it begins.
export PYTHONDONTWRITEBYTECODE :=
PREPARE := $(PYTHON) scripts/prepare.py

.PHONY: help demo test test-long test-deep check bench shots fmt install lock clean

help:
	@echo "make demo            run the demo sub-district on http://127.0.0.1:8000 (PORT=…; TLS=1 for a phone in this network)"
	@echo "make test            all tests but the long ones, browser tests too"
	@echo "make test-long       property and fault runs, looks in every view"
	@echo "make test-deep       the property runs of test-long alone, ten times as far (DEPTH=…)"
	@echo "make check           ruff, mypy, import-linter, migrations, architecture and docs tests, fixtures of long tests"
	@echo "make bench           measure against bare PostgreSQL (ONLY=intake,list)"
	@echo "make shots           renew the pictures of the docs"
	@echo "make fmt             format"
	@echo "make install         only get everything ready"
	@echo "make lock            recompile requirements/*.txt"

demo:
	@$(PREPARE) run
	@exec $(PY) -m huipai demo --port $(PORT) $(if $(TLS),--tls)

install:
	@$(PREPARE) run

test:
	@$(PREPARE) test
	@$(PY) -m tests.browser.browser
	@# What looks at the house itself, and at no behaviour, is in make check.
	@$(PY) -m pytest -n 3 --dist worksteal -m "not long" --ignore=tests/house --durations=10

test-long:
	@$(PREPARE) test
	@# What a class shares, a street walked or asked from end to end, is made once and not by every worker.
	@$(PY) -m pytest -n 3 --dist loadscope --no-loadscope-reorder -m long --durations=10

# What a property run finds late it finds here: for a night, not for every change.
test-deep:
	@$(PREPARE) test
	@HUIPAI_TEST_DEPTH=$(DEPTH) $(PY) -m pytest -n 3 -m deep --durations=10

check:
	@$(PREPARE) test
	@$(PY) scripts/check.py

bench:
	@$(PREPARE) test
	@$(PY) -m bench $(if $(ONLY),--only $(ONLY))

shots:
	@$(PREPARE) test
	@$(PY) -m pytest tests/browser/test_loop.py tests/browser/test_shots.py -q -k "whole or shots"
	@mkdir -p docs/shots && cp var/shots/*.png docs/shots/

fmt:
	@$(PREPARE) test
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

# Needs the program uv. The locks name no host: they must not tie anybody to one mirror.
lock:
	@command -v uv >/dev/null || { echo "The program uv is missing: pip install uv."; exit 1; }
	cd requirements && uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 base.in -o base.txt
	cd requirements && uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 dev.in -o dev.txt
	cd requirements && uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 ocr.in -o ocr.txt

clean:
	rm -rf .venv frontend/node_modules tests/browser/node_modules huipai/web/static/web var/stamps
