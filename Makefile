# make help lists what there is; every target does its own set-up in .venv, quickly when nothing changed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
QUICK := tests/test_house.py tests/knowledge tests/storage tests/bot --ignore=tests/bot/road --ignore=tests/bot/terminal --ignore=tests/bot/sandbox

.PHONY: help ask demo test faults quick check format bench weight train lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

ask: $(READY) ## the example question and its answer, then whatever you type
	@echo '? chỉ tiêu TƯLĐTT 2025?'
	@$(BIN)/troly ask 'chỉ tiêu TƯLĐTT 2025?'
	@$(BIN)/troly ask

demo: $(READY) ## the whole product in the browser: no token, no network
	@$(BIN)/troly demo

test: $(READY) ## format, lint, types, unused code and all tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/vulture
	@$(BIN)/pytest -n auto

faults: $(READY) ## every row of the fault matrix, on both engines by both intakes, with 20 seeds of kills: an hour or so
	@$(BIN)/pytest tests/faults --full --seeds 20 -n 2

quick: $(READY) ## format, lint, and the tests that need no running bot: under a minute, for in between
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pytest -q -n 2 -m 'not slow' $(QUICK)

check: test ## the same as test

format: $(READY) ## put the code into its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(READY) ## the benchmarks, each a ratio against a named peer in the same run
	@for file in tests/benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

weight: $(READY) ## which rows of blind authors need which hand-written mechanism: each is switched off by itself
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'scikit-learn>=1.7' 'scipy>=1.16'
	@$(BIN)/python -m tests.knowledge.weight

train: $(READY) ## learn the models of knowledge/learning anew from their data, with scores on authors left out
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'scikit-learn>=1.7' 'scipy>=1.16' 'lightgbm>=4.6'
	@$(BIN)/python -m knowledge.learning.train
	@$(BIN)/python -m knowledge.learning.train_ranking

lock: $(READY) ## pin the dependencies of pyproject.toml again, with hashes
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements.txt

clean: ## remove what the targets made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
