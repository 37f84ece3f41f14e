# What people type. Everything that needs more than a line lives in tools/.
SWIFT_FLAGS ?=
TALLY = .build/debug/tally

.PHONY: demo test example ledger bench bench-tracking bench-forecast bench-suspect format clean install dist try-dist

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

ledger: $(TALLY)  ## make ledger.db from the recordings again
	@rm -f ledger.db
	@python3 -B Examples/redis-ssot/build_ledger.py $(TALLY) ledger.db

bench:  ## measure the bars of docs/benchmarks.md
	@tools/setup
	@Benchmarks/run; status=$$?; Benchmarks/pushers || status=1; Benchmarks/sharing || status=1; Benchmarks/reports || status=1; exit $$status

bench-tracking:  ## measure the bars of docs/tracking.md (needs PyPI)
	@tools/setup
	@Benchmarks/run-tracking

bench-suspect:  ## count the scans that are called suspect (needs PyPI)
	@tools/setup
	@Benchmarks/run-suspect

bench-forecast:  ## hold forecasts against what happened (needs PyPI)
	@tools/setup
	@Benchmarks/run-forecast

format:  ## rewrite the sources in the project's format
	@swift format -i --configuration .swift-format -r Sources Tests Templates Package.swift

PREFIX ?= /usr/local
install:  ## build the release program; copy it, its man pages and completions below PREFIX
	@tools/setup
	@tools/build -c release --static-swift-stdlib --product tally $(SWIFT_FLAGS)
	@tools/install-files .build/release/tally "$(DESTDIR)$(PREFIX)"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/tally"

dist:  ## make the .deb, the static tarball, their checksums and the SBOM in dist/
	@tools/setup
	@tools/dist

try-dist:  ## install and run what is in dist/ on a Debian that has nothing else (needs root)
	@tools/try-dist

clean:
	@rm -rf .build .build-dist
