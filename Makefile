# make run      the app, on http://127.0.0.1:8501     (another port: make run PORT=8600)
# make test     every check: style, types, tests, a real browser
# make clean    takes away what the two made
#
# Both set up .venv first, once, and again when the requirements change. Another Python: make run PYTHON=python3.12

PYTHON ?= python3
PORT ?= 8501

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check

.PHONY: help run test clean
.DELETE_ON_ERROR:

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

run: $(VENV)/app-packages
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: $(VENV)/test-packages
	$(BIN)/python tests/find_browser.py --install
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	OMP_WAIT_POLICY=passive $(BIN)/python -m pytest -n 2 --dist loadfile

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The two stamps stand for "these packages are installed"; a changed list makes them older than it.
$(VENV)/app-packages: requirements.txt $(VENV)/pyvenv.cfg
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/test-packages: tests/requirements.txt $(VENV)/app-packages
	$(PIP) -r tests/requirements.txt
	@touch $@

NO_PYTHON := there is no $(PYTHON) here: install Python 3.11, 3.12 or 3.13, or name one, as in PYTHON=python3.12
OTHER_PYTHON := $(PYTHON) is not Python 3.11, 3.12 or 3.13: name one that is, as in PYTHON=python3.12
NO_VENV := $(PYTHON) cannot make environments: install its venv package (Debian, Ubuntu: apt-get install python3-venv)

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "$(OTHER_PYTHON)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(NO_VENV)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@
