#!/bin/bash
# interp and jit side by side, in virtual time: every guest test, and Linux from its first instruction to
# power-off, on one CPU and on two.  Once as jit is, and once with everything translated at once, into a
# cache that is emptied all the time.
#
#   ci/lockstep.sh GOD GUEST_TESTS KERNEL...
#
# linux-tests/programs must have been built: the guests run some of them.

set -euo pipefail

god=$1
tests=$2
shift 2
initramfs=build/linux-tests/lockstep.cpio.gz

ci/programs.py build/images/initramfs.cpio.gz build/linux-tests/programs "$initramfs"

# Only what failed, and the sum.
guest_tests() {
	"$god" test --lockstep --engine jit "${jit[@]}" "$tests" | sed '/^pass /d'
}

boot() {
	printf '%s, --cpus %s: ' "$1" "$2"
	"$god" lockstep --kernel "$1" --initramfs "$initramfs" --cpus "$2" \
		"${jit[@]}" --input linux-tests/data/lockstep.txt --timeout 1800
}

all() { # KERNEL...
	echo "with ${jit[*]:-the usual options}"
	guest_tests
	for kernel in "$@"; do
		boot "$kernel" 1
		boot "$kernel" 2
	done
}

jit=()
all "$@"
jit=(--jit-threshold 1 --jit-cache 1M)
all "$@"
