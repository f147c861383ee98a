#!/bin/bash
# What the engine kvm costs:
#
#   ci/kvm-bench.sh         (make bench-kvm builds what it needs)
#
# On an arm64 machine with KVM, right here.  On any other, in the emulated host, in three runs: with
# times as they come; with the emulator counting instructions, one a nanosecond, on one CPU, so that a
# figure does not depend on what else the machine does; and counting system calls, and exits.

set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/kvm-host.sh
. ci/kvm-host.sh
kvm_guest_programs+=(build/bench/work)

if [ "$(uname -m)" = aarch64 ] && build/arm64/god kvm info >/dev/null; then
	kvm_files build/kvm
	sh ci/kvm-measure.sh build/kvm times
	exit
fi

kvm_host_build
echo "# times, in the emulated host"
kvm_host_run 3 "${LIMIT:-600}" kvm-measure.sh times
echo "# the same where 1 ns is one executed instruction (1 ms: a million; all levels together)"
kvm_host_cpus=1
kvm_host_options=(-icount "shift=0,sleep=off")
kvm_host_run 3 "${LIMIT:-600}" kvm-measure.sh times
kvm_host_options=()
echo "# system calls"
kvm_host_run 3 "${LIMIT:-600}" kvm-measure.sh calls
echo "# exits"
kvm_host_run 3 "${LIMIT:-600}" kvm-measure.sh exits
