# make help lists what there is; every target does its own set-up in .venv, quickly when nothing changed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
READY := .venv/ready
FOR_TESTS := .venv/ready-for-tests
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -q
# One worker more than there are processors: much of the fault suite is waiting for what must not happen.
WORKERS := $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))
QUICK := tests/test_house.py tests/knowledge tests/storage tests/bot --ignore=tests/bot/road --ignore=tests/bot/terminal --ignore=tests/bot/sandbox

.PHONY: help ask demo test faults properties quick check format bench year weight train pictures screens lock audit clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# --no-compile: most of what libraries bring is never imported; Python compiles what is, once. But the processes that read
# people's files may write none, so what they alone import is compiled here.
READERS := docx openpyxl pdfminer pdfplumber xlrd
$(READY): requirements.txt pyproject.toml
	@echo "Setting up in .venv, once; it takes about a minute where packages have to be downloaded."
	@test -x $(BIN)/python || { echo "1/3 a Python environment"; $(PYTHON) -m venv .venv; }
	@echo "2/3 the libraries of the program ($$(grep -c '==' requirements.txt))"
	@$(PIP) --no-compile --require-hashes -r requirements.txt
	@echo "3/3 the program itself"
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q $(addprefix .venv/lib/python3*/site-packages/,$(READERS))
	@touch $(READY)

$(FOR_TESTS): $(READY) requirements-dev.txt
	@echo "What the tests need besides ($$(( $$(grep -c '==' requirements-dev.txt) - $$(grep -c '==' requirements.txt) )) libraries)"
	@$(PIP) --no-compile --require-hashes -r requirements-dev.txt
	@touch $(FOR_TESTS)

ask: $(READY) ## the example question and its answer, then whatever you type
	@echo '? chỉ tiêu TƯLĐTT 2025?'
	@$(BIN)/troly ask 'chỉ tiêu TƯLĐTT 2025?'
	@$(BIN)/troly ask

demo: $(READY) ## the whole product in the browser: no token, no network
	@$(BIN)/troly demo

# Types are checked beside the tests, which wait now and then. Workers take work from one another, or the last has the
# slowest tests for itself; what a hundred processes read is compiled before them, since those that read files may not.
test: export PYTHONDONTWRITEBYTECODE =
test: $(FOR_TESTS) ## format, lint, types, unused code and all tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python -m compileall -q bot knowledge storage
	@{ $(BIN)/mypy && $(BIN)/vulture; } & others=$$!; \
		$(BIN)/pytest -n $(WORKERS) --dist worksteal; tests=$$?; wait $$others || { echo "Types or unused code: see above."; exit 1; }; exit $$tests

faults: $(FOR_TESTS) ## every row of the fault matrix, on both engines by both intakes, with 20 seeds of kills: an hour or so
	@$(BIN)/pytest tests/faults --full --seeds 20 -n 2

properties: $(FOR_TESTS) ## the properties with all their examples, of which `make test` tries a third, and the long stories
	@$(BIN)/pytest -n 2 --hypothesis-profile=long $$(grep -lr --include='*.py' '@given' tests)
	@$(BIN)/pytest -n 2 -m long

quick: $(FOR_TESTS) ## format, lint, and the tests that need no running bot: under a minute, for in between
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pytest -q -n 2 -m 'not slow' $(QUICK)

check: test ## the same as test

format: $(FOR_TESTS) ## put the code into its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(FOR_TESTS) ## the benchmarks, each a ratio against a named peer in the same run
	@for file in tests/benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

year: $(FOR_TESTS) ## a year of a province in simulated time: its database's size after each quarter, each backup restored
	@$(BIN)/python tests/benchmarks/year_of_a_province.py

weight: $(FOR_TESTS) ## which rows of blind authors need which hand-written mechanism: each is switched off by itself
	@$(PIP) 'scikit-learn>=1.7' 'scipy>=1.16'
	@$(BIN)/python -m tests.knowledge.weight

train: $(FOR_TESTS) ## learn the models of knowledge/learning anew from their data, with scores on authors left out
	@$(PIP) 'scikit-learn>=1.7' 'scipy>=1.16' 'lightgbm>=4.6'
	@$(BIN)/python -m knowledge.learning.train
	@$(BIN)/python -m knowledge.learning.train_ranking

pictures: $(FOR_TESTS) ## take the pictures of the guides anew, of the demo as it is now (needs Chromium)
	@$(BIN)/python -m tests.guide_pictures

screens: $(FOR_TESTS) ## every screen in light and in dark, in sheets to look over, in build/screens (needs Chromium)
	@$(BIN)/python -m tests.screens

lock: $(READY) ## pin the dependencies of pyproject.toml again, with hashes: of the program, and with those of the tests
	@$(PIP) uv
	@$(BIN)/$(LOCK) --extra checkout -o requirements.txt
	@$(BIN)/$(LOCK) --extra checkout --extra dev -c requirements.txt --no-annotate -o requirements-dev.txt

audit: $(FOR_TESTS) ## ask a public database whether a pinned library has a known hole; says so where it is out of reach
	@$(BIN)/python -m tests.audit

clean: ## remove what the targets made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
