# Everything a fresh Debian machine needs is made by `setup`; `demo` and `test` call it.
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready

.PHONY: setup demo serve test lint bench lock clean

setup: $(READY)
	$(VENV)/bin/intake models fetch --default

$(READY): requirements-dev.lock package-lock.json pyproject.toml $(wildcard scripts/*)
	scripts/setup-system
	scripts/setup-environment $(VENV)
	touch $@

demo: setup
	$(VENV)/bin/intake render --lang $${LANG_DEMO:-zh}
	$(VENV)/bin/intake demo

serve: setup
	$(VENV)/bin/intake render
	$(VENV)/bin/intake serve

lint: $(READY)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: setup lint
	$(VENV)/bin/intake models fetch vosk-ko-0.1.0
	$(PY) -m pytest --cov --cov-report=term:skip-covered

bench: setup
	$(VENV)/bin/intake bench asr
	$(VENV)/bin/intake bench tts
	$(VENV)/bin/intake bench parse
	$(VENV)/bin/intake bench dialogue
	$(VENV)/bin/intake bench calls

# Pins with hashes and without any registry's address.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet pyproject.toml
lock:
	$(LOCK) --group dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) node_modules
