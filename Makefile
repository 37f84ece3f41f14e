# What people type. Everything that needs more than a line lives in tools/.
SWIFT_FLAGS ?=
TALLY = .build/debug/tally

.PHONY: demo test example bench bench-tracking format clean install

demo: $(TALLY)  ## print the example's status post from ledger.db
	@$(TALLY) report --ledger ledger.db --as-of 2026-11-20

$(TALLY): FORCE
	@tools/setup
	@tools/build --product tally $(SWIFT_FLAGS)

.PHONY: FORCE
FORCE:

test:  ## install what is missing, then build, check and run every test
	@tools/setup
	@tools/test

example:  ## replay the worked example with real ruff and pytest
	@Examples/redis-ssot/replay.py --check

bench:  ## measure the bars of docs/benchmarks.md
	@tools/setup
	@Benchmarks/run

bench-tracking:  ## measure the bars of docs/tracking.md (needs PyPI)
	@tools/setup
	@Benchmarks/run-tracking

format:  ## rewrite the sources in the project's format
	@swift format -i --configuration .swift-format -r Sources Tests Templates Package.swift

PREFIX ?= /usr/local
install:  ## build the release program and copy it to PREFIX/bin
	@tools/setup
	@tools/build -c release --product tally $(SWIFT_FLAGS)
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@install -m 755 .build/release/tally "$(DESTDIR)$(PREFIX)/bin/tally"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/tally"

clean:
	@rm -rf .build
