#!/bin/bash
# The fuzz targets of build/fuzz/targets, twice as many at a time as there are CPUs. What an input
# breaks is left in build/fuzz/crashes, and makes the whole fail; new inputs that reach more gather in
# build/fuzz/corpus. Each target begins with those and with the ones that the tree keeps, in
# tests/corpus/TARGET.
#
#   ci/fuzz.sh run [TARGET]...    FUZZ_SECONDS (60, by the clock) of fuzzing for each; the same inputs
#                                 each time as long as nothing else changes, or with FUZZ_SEED=0 others
#   ci/fuzz.sh keep [TARGET]...   into the tree: as few inputs as reach what all of them do
#
# To see a crash again: build/fuzz/targets/TARGET build/fuzz/crashes/TARGET-...

set -euo pipefail
cd "$(dirname "$0")/.."

targets=build/fuzz/targets
corpus=build/fuzz/corpus
crashes=build/fuzz/crashes
logs=build/fuzz/log
seconds=${FUZZ_SECONDS:-60}
seed=${FUZZ_SEED:-1}

# More than any input needs; an input that takes 10 seconds hangs.
limits=(-timeout=10 -rss_limit_mb=2048 -max_len=4096)

kept() {
	find core devices harness -path "*/tests/corpus/$1" -type d
}

one() {
	local name=$1 log=$logs/$1 seeds
	seeds=$(kept "$name")
	mkdir -p "$corpus/$name"
	# shellcheck disable=SC2086 # no folder, or one
	if ! "$targets/$name" "${limits[@]}" -seed="$seed" -max_total_time="$seconds" \
		-print_final_stats=1 -artifact_prefix="$crashes/$name-" "$corpus/$name" $seeds \
		>"$log" 2>&1; then
		tail -n 60 "$log"
		echo "FAIL  $name: see $log and $(echo "$crashes/$name"-*)"
		return 1
	fi
	printf 'pass  %s: %s inputs, %s a second, %s\n' "$name" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
		"$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" \
		"$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)"
}

keep() {
	local name=$1 seeds
	seeds=$(kept "$name")
	[ -n "$seeds" ] || {
		echo "ci/fuzz.sh: make a folder tests/corpus/$name near fuzz_$name.c first" >&2
		exit 66
	}
	rm -rf "$corpus/$name.new"
	mkdir -p "$corpus/$name" "$corpus/$name.new"
	"$targets/$name" "${limits[@]}" -set_cover_merge=1 -use_counters=0 "$corpus/$name.new" "$seeds" "$corpus/$name"
	rm -rf "$seeds"
	mv "$corpus/$name.new" "$seeds"
}

command=${1:-run}
shift || true
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(ls "$targets")
mkdir -p "$crashes" "$logs"

case $command in
run) printf '%s\n' "${names[@]}" | xargs -P $((2 * $(nproc))) -I{} "$0" one {} ;;
one) one "${names[0]}" ;;
keep) for name in "${names[@]}"; do keep "$name"; done ;;
*)
	echo "ci/fuzz.sh: no command '$command' (run keep)" >&2
	exit 64
	;;
esac
