#!/bin/bash
# The engine kvm, tested on real KVM:
#
#   ci/kvm-check.sh         (make check-kvm builds what it needs)
#
# On an arm64 machine with /dev/kvm, right here.  On any other, in an emulated arm64 host, once with a
# GICv3 and once with a GICv2.  Fails when a test fails, when KVM was not really used, and when
# the emulated host hangs.

set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/kvm-host.sh
. ci/kvm-host.sh

if [ "$(uname -m)" = aarch64 ] && build/arm64/god kvm info >/dev/null; then
	kvm_files build/kvm
	exec sh ci/kvm-inner.sh build/kvm all
fi

failed=0
kvm_host_build
echo "# an emulated arm64 host with a GICv3"
kvm_host_run 3 "${LIMIT:-900}" kvm-inner.sh all || failed=1
echo "# an emulated arm64 host with a GICv2"
kvm_host_run 2 "${LIMIT:-900}" kvm-inner.sh gic || failed=1
if [ $failed != 0 ]; then
	echo "ci/kvm-check.sh: FAILED"
	exit 1
fi
echo "ci/kvm-check.sh: all passed ($SECONDS s)"
