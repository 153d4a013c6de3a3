# Everything a person types. Each target is one or two lines; the work is in scripts/, which
# install or start what they need, say what takes long, and are quick the second time.

BINARY := $${CARGO_TARGET_DIR:-target}/release/novadock
# Options for `make run`, for example: make run ARGS="--listen 0.0.0.0:8774"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench conformance guest-image demo-images static image clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r target text; do \
		printf '  make %-12s %s\n' "$$target" "$$text"; done

run: ## build it, make sure of an engine and of a guest image, serve in the foreground
	@scripts/engine.sh
	@scripts/guest-image.sh || echo "novadock: going on without the guest image" >&2
	@command -v cc >/dev/null || scripts/packages.sh gcc libc6-dev
	@echo "novadock: building (some minutes the first time) ..." >&2
	@cargo build --release --locked
	@exec $(BINARY) serve --data-dir ./var $(ARGS)

test: ## everything that CI runs: lints, all tests, the real clients against a real engine
	@scripts/test.sh

check: ## the quick half of it: format, lints, unit tests, the simulated engine
	@scripts/test.sh --quick

bench: ## measure it (tests/load)
	@test -x tests/load/run.sh || { echo "novadock: there is no tests/load/run.sh yet" >&2; exit 1; }
	@tests/load/run.sh

conformance: ## hold it to Nova's schemas, run OpenStack's own test-suite, Tempest, against it
	@scripts/engine.sh
	@scripts/guest-image.sh
	@cargo build --locked
	@scripts/nova.sh
	@scripts/tempest.sh
	@scripts/browser.sh
	@tests/clients/conformance.sh

guest-image: ## make the bootable guest image and put it into the engine
	@scripts/engine.sh
	@scripts/guest-image.sh

demo-images: ## make the images of load balancers and of examples/wordpress, without a registry
	@scripts/engine.sh
	@scripts/demo-images.sh

static: ## build the program without shared libraries: target/static/novadock
	@scripts/static.sh

image: static ## build the container image of the program, for docker compose
	@scripts/engine.sh
	@DOCKER_BUILDKIT=0 docker build --tag novadock .

clean: ## remove what was built and downloaded; ./var and the engine stay
	cargo clean
	@# .cache/engine knows the engine that was started from here: without it nothing can stop it.
	find .cache -mindepth 1 -maxdepth 1 ! -name engine -exec rm -rf {} +
