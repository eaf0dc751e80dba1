# Shuqiao. `make` alone explains itself.
#
# The work is done by scripts/, so that it reads the same from here, from CI and
# by hand; this file names the things to do.

SHELL         := /bin/bash
.DEFAULT_GOAL := help

# What `shuqiao version` says. Outside of a clone with commits: devel.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -X main.version=$(VERSION)

# The version comes in by LDFLAGS. Without -buildvcs=false go asks git as well
# and fails where git distrusts the owner of the clone (a container, a mount).
export GOFLAGS := $(shell go env GOFLAGS 2>/dev/null) -buildvcs=false

# Arguments for `make demo`: make demo ARGS="--addr 127.0.0.1:9000"
ARGS ?=

.PHONY: help build console demo test test-crash test-race lint fmt bench bench-gateway clean

help: ## say what can be made (this)
	@echo "Shuqiao (数桥): government-data sharing as the law describes it. make ..."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  %-12s %s\n' "$$name" "$$what"; done

build: console ## build bin/shuqiao, with the console in it where Node.js is present
	@scripts/setup go
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/shuqiao ./cmd/shuqiao

console: ## build the web console (console/dist); without Node.js the binary is built without it
	@scripts/console build-if-possible

demo: build ## start a node with a populated demo province; ARGS="..." are its arguments
	bin/shuqiao demo $(ARGS)

test: ## run every test on SQLite and PostgreSQL, linters and console included; installs what is missing on Debian as root
	@scripts/test all

test-crash: ## kill a node under load 200 times and check that nothing acknowledged is lost (make test: a shorter form)
	@SHUQIAO_CRASH_ROUNDS=$${SHUQIAO_CRASH_ROUNDS:-200} scripts/test crash

test-race: ## run all Go tests with the race detector (make test: the concurrent packages only)
	@scripts/test race

lint: ## check formatting, go vet, staticcheck, console
	@scripts/lint

fmt: ## format the Go code
	@scripts/lint format

bench: ## run the benchmarks: of all packages, then bench/run and bench/catalog/run (10 million cases, 3 million resources: two hours, 40 GB below /tmp)
	@scripts/setup go
	@scripts/setup postgres || true
	go test -run '^$$' -bench . -benchmem $$(scripts/packages)
	bench/run
	bench/catalog/run

bench-gateway: ## measure the data plane beside nginx and a plain proxy (about four minutes)
	bench/gateway/run

clean: ## remove what was built and fetched
	rm -rf bin console/node_modules
	find console/dist -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true
