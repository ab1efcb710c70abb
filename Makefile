# SPDX-License-Identifier: GPL-2.0-or-later
# The front door.  meson and ninja do the work; a developer uses them directly (HACKING.md).
LAB ?= lab
PORT ?= 8443
DEMO ?= 1
BUILD ?= build
CHECK_BUILD ?= build-check
FUZZ_SECONDS ?= 60
OPERATIONS ?= 5000

MESON_SETUP = test -f $(1)/build.ninja || meson setup $(1) $(2) >/dev/null || { cat $(1)/meson-logs/meson-log.txt; exit 1; }

.PHONY: help build run debian stop check check-quick check-clean check-debian check-storage check-kill check-power check-xen bench fuzz api-json install clean deps

help:
	@echo 'make run     build, start everything in ./$(LAB), boot a demo VM (PORT=, LAB=, DEMO=0)'
	@echo 'make debian  the template debian (Debian 13 with cloud-init) in the lab; some minutes when it is first made'
	@echo 'make stop    shut the guests down cleanly, then stop everything'
	@echo 'make check   all tests, under AddressSanitizer and UBSan'
	@echo 'make check-clean  run and check in fresh Debian 12 and 13 roots, as root and as a user (an hour)'
	@echo 'make check-debian  make the template debian, boot it, log in by ssh (10 minutes and more when emulated)'
	@echo 'make check-storage  a long random trial of disks, at rest and under a VM: deaths, power cuts (root, an hour; SEED=, OPERATIONS=)'
	@echo 'make check-xen  guests on a real Xen, in an emulated host (minutes; unpacks Debian packages, installs none of them)'
	@echo 'make check-kill  340 deaths of daemons under clients that work, on sim and on QEMU (SEED=)'
	@echo 'make check-power  1,000 power cuts under the database, 100 under a whole latchkeyd (root, half an hour; SEED=)'
	@echo 'make bench   races beside peers, in the same run'
	@echo 'make fuzz    every fuzz target for FUZZ_SECONDS=$(FUZZ_SECONDS)'
	@echo 'tools/check  format, layers, headers, quick tests: before a commit'

deps:
	@tools/deps build run

build: deps
	@$(call MESON_SETUP,$(BUILD),)
	@ninja -C $(BUILD) --quiet

run: build
	@LAB='$(LAB)' PORT='$(PORT)' DEMO='$(DEMO)' BUILD='$(BUILD)' tools/lab start

debian: build
	@tools/deps image
	@LAB='$(LAB)' PORT='$(PORT)' BUILD='$(BUILD)' tools/lab template debian

stop:
	@LAB='$(LAB)' BUILD='$(BUILD)' tools/lab stop

check:
	@tools/deps build run check
	@$(call MESON_SETUP,$(CHECK_BUILD),-Db_sanitize=address$(,)undefined -Db_lundef=false)
	@ninja -C $(CHECK_BUILD) --quiet
	@BUILD='$(CHECK_BUILD)' tools/check
	@tools/run-tests $(CHECK_BUILD) --no-rebuild

check-quick:
	@BUILD='$(CHECK_BUILD)' tools/check

check-clean:
	@for release in bookworm trixie; do for who in root user; do \
	    tests/clean/clean-root $$release $$who run run stop check || exit 1; done; done

check-debian: build
	@tools/deps image
	@tests/system/debian-cloud-init '$(BUILD)'

check-storage:
	@tools/deps build run check
	@$(call MESON_SETUP,$(CHECK_BUILD),-Db_sanitize=address$(,)undefined -Db_lundef=false)
	@ninja -C $(CHECK_BUILD) --quiet
	@tests/system/stored-model $(CHECK_BUILD)/src/daemons/lk-stored --operations $(OPERATIONS) --kills 200 --power-cuts 50 \
	    --log $(CHECK_BUILD)/storage-trial.log $(if $(SEED),--seed $(SEED))
	@tests/system/vm-disks-many $(CHECK_BUILD)
	@tests/system/vm-disks-trial $(CHECK_BUILD) --operations $(OPERATIONS) --kills 200 --power-cuts 50 \
	    --log $(CHECK_BUILD)/vm-disks-trial.log $(if $(SEED),--seed $(SEED))

# Without libxen-dev, or where Xen's packages are not to be had, the test says so and is skipped.
check-xen:
	@tools/deps build run
	@tools/deps xen || true
	@$(call MESON_SETUP,$(BUILD),)
	@! pkg-config --exists xenlight || [ -f $(BUILD)/src/daemons/lk-xl ] || meson configure $(BUILD) -Dxen=enabled
	@ninja -C $(BUILD) --quiet
	@tests/xen/vm-life $(BUILD)/xen-bench $(BUILD)

check-kill: build
	@tests/system/kills $(BUILD)/src/daemons --kills 300 --clients 5 --seed $(or $(SEED),$$(date +%s))
	@tests/system/kills $(BUILD)/src/daemons --kills 40 --clients 3 --backend qemu --seed $(or $(SEED),$$(date +%s))

check-power: build
	@tests/system/store-power $(BUILD)/tests/system/store-writer $(BUILD)/src/daemons --cuts 1000 --manager-cuts 100 \
	    $(if $(SEED),--seed $(SEED))

bench: build
	@tools/deps bench
	@BUILD='$(BUILD)' bench/run

fuzz:
	@tools/deps build check fuzz
	@fuzz/run $(FUZZ_SECONDS)

api-json:
	@python3 gen/generate.py --api-json datamodel/api.json

clean:
	rm -rf $(BUILD) $(CHECK_BUILD) build-clang build-fuzz

, := ,
