# practice and test do all the set-up on a fresh Debian or Ubuntu; see README.md.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Qt must not look for a screen in tests; the keyring tests bring a store of their own.
TEST := QT_QPA_PLATFORM=offscreen .ci/with-keyring $(BIN)/python -m pytest
# Builds are the same, bit for bit, for one commit and one set of packages.
ifndef SOURCE_DATE_EPOCH
export SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || date +%s)
endif
BUILD := PYTHONHASHSEED=0 $(BIN)/pyinstaller --noconfirm --clean --log-level WARN
FINISH := $(BIN)/python packaging/finish.py

.PHONY: practice test check bench soak mutants package bundle deb fresh pip lock clean program-packages test-packages package-packages deb-packages

practice: $(READY)            ## the window on made-up data; without a display its table
	$(BIN)/python main.py --practice

test: test-packages $(READY)  ## every test, with the coverage of core
	$(TEST) --cov=core --cov-branch --cov-fail-under=95

check: $(READY)               ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

bench: $(READY)               ## times and memory, as a table
	$(BIN)/python -m tests.benchmarks $(WITH)

soak: $(READY)                ## a long run on the practice services
	$(BIN)/python -m tests.soak $(WITH)

mutants: test-packages $(READY)  ## small faults in what the promise hangs on; takes long
	QT_QPA_PLATFORM=offscreen .ci/with-keyring $(BIN)/python -m tests.mutants $(WITH)

package: bundle               ## the program for this operating system, in dist/, built twice and run
	$(BUILD) --workpath build/again --distpath build/again/dist build.spec
	$(FINISH) build/again/dist/LibCal2PP
	diff --recursive --no-dereference dist/LibCal2PP build/again/dist/LibCal2PP
	.ci/with-keyring xvfb-run -a -s "-screen 0 1366x768x24" \
		env PYTHONPATH=packaging $(BIN)/python -m tests.packaging dist/LibCal2PP

pip: program-packages         ## the environment by pip in a clean folder, even where uv is, and a day in it
	folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		.ci/virtual-environment $(PYTHON) "$$folder" pip && \
		"$$folder/bin/python" main.py --practice --once >/dev/null

lock:                         ## requirements.lock anew, after a change to pyproject.toml; needs uv
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet $(UPGRADE) --output-file requirements.lock

bundle: package-packages $(READY)
	$(BUILD) --workpath build/first build.spec
	$(FINISH) dist/LibCal2PP

deb: bundle deb-packages      ## a package for Debian and Ubuntu, in dist/, checked
	packaging/deb dist/LibCal2PP dist
	packaging/check-deb dist

fresh: deb                    ## bare Debian and Ubuntu systems: the README's commands and the package there
	.ci/system-packages fresh
	packaging/fresh $(SYSTEMS)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock .ci/virtual-environment | program-packages
	.ci/virtual-environment $(PYTHON)
	touch $@

program-packages:
	.ci/system-packages program

test-packages:
	.ci/system-packages tests

package-packages:
	.ci/system-packages package

deb-packages:
	.ci/system-packages deb
