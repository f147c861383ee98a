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

# Seconds after which a host hangs: many times what it takes.
limit=${LIMIT:-1200}

# What `god kvm info --json` said, by the log, read as JSON: kvm can be used, with one of these GICs.
check_json() { # LOG GICS...
	sed -n 's/^# json: //p' "$1" | /usr/bin/python3 -c '
import json, sys
info = json.load(sys.stdin)
assert info["usable"] and info["engine"] == "kvm" and info["api_version"] == 12, info
assert str(info["gic"]) in sys.argv[1:], info["gic"]
assert all(c["value"] for c in info["capabilities"].values() if c["required"]), info
assert 1 <= info["vcpus"]["recommended"] <= info["vcpus"]["max"], info["vcpus"]
' "${@:2}"
}

check_host() { # GIC WHAT
	echo "# an emulated arm64 host with a GICv$1"
	if ! kvm_host_run "$1" "$limit" kvm-inner.sh "$2"; then
		failed=1
	elif ! check_json $kvm_host/log-gicv"$1" "[$1]"; then
		echo "ci/kvm-check.sh: god kvm info --json is not what it should be"
		failed=1
	fi
	echo "# $SECONDS s"
}

if [ "$(uname -m)" = aarch64 ] && build/arm64/god kvm info >/dev/null; then
	kvm_files build/kvm
	sh ci/kvm-inner.sh build/kvm all | tee build/kvm.log
	check_json build/kvm.log "[2]" "[3]" "[2, 3]"
	exit
fi

failed=0
# virtiofsd goes where Debian's package has it.
virtiofsd=$(cd build/virtiofsd && find usr -name virtiofsd -type f -executable)
kvm_host_shared=(kvm/god-shared=build/arm64-shared/god "$virtiofsd=build/virtiofsd/$virtiofsd")
kvm_host_build
check_host 3 all
check_host 2 gic
if [ $failed != 0 ]; then
	echo "ci/kvm-check.sh: FAILED"
	grep -h '^not ok' $kvm_host/log-gicv[23] | grep -v ' # TODO ' || true
	exit 1
fi
echo "ci/kvm-check.sh: all passed ($SECONDS s)"
