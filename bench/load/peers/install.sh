#!/usr/bin/env bash
# Installs the load generators that the bench compares with: bench/load/peers/install.sh FOLDER
# then: export TAILGATE_PEERS=FOLDER/bin
#
# Uses what is there: apt (wrk, hey, nginx; needs root), go (k6, vegeta), cargo (oha), git and make (wrk2). What cannot be
# installed is named, and has a row "not run: not installed" in the tables. autocannon and artillery come from npm: the
# bench installs them itself.
set -uo pipefail
folder=$(realpath -m "${1:?a folder to install to}")
mkdir -p "$folder/bin"
export TAILGATE_PEERS=$folder/bin PATH="$folder/bin:$PATH"
missing=()

has() { command -v "$1" >/dev/null; }

# install PROGRAM TOOL COMMAND...: runs COMMAND where TOOL is there and PROGRAM is not.
install() {
  local program=$1 tool=$2
  shift 2
  has "$program" && return
  if has "$tool" && "$@" >"$folder/$program.log" 2>&1 && has "$program"; then
    echo "installed $program"
  else
    missing+=("$program")
  fi
}

debian() { apt-get install -y "$1"; }

# A module of its own, because `go install` wants more of a module proxy than every proxy answers.
build_k6() {
  local build
  build=$(mktemp -d) && cd "$build" || return
  printf 'module build\n\ngo 1.25\n\nrequire go.k6.io/k6/v2 v2.2.0\n' >go.mod
  printf 'package main\n\nimport "go.k6.io/k6/v2/cmd"\n\nfunc main() { cmd.Execute() }\n' >main.go
  GOFLAGS='-mod=mod -buildvcs=false' go build -o "$folder/bin/k6" .
}

build_wrk2() {
  local build
  build=$(mktemp -d) && git clone -q https://github.com/giltene/wrk2 "$build" || return
  git -C "$build" checkout -q 44a94c17d8e6a0bac8559b53da76848e430cb7a7 && make -C "$build" && cp "$build/wrk" "$folder/bin/wrk2"
}

for program in wrk hey nginx; do install "$program" apt-get debian "$program"; done
GOBIN=$folder/bin install vegeta go go install github.com/tsenart/vegeta/v12@v12.13.0
install k6 go build_k6
install oha cargo cargo install oha --version 1.16.0 --locked --root "$folder"
install wrk2 make build_wrk2

[ ${#missing[@]} -eq 0 ] || echo "not installed: ${missing[*]} (logs are in $folder)"
echo "export TAILGATE_PEERS=$folder/bin"
