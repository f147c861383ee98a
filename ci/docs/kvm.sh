#!/bin/bash
# The tutorial's experiments on KVM: right here on an arm64 machine with /dev/kvm, on any other in an
# emulated one (ci/kvm-host.sh). `make check-docs-kvm` builds what it needs.

set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=ci/kvm-host.sh
. ci/kvm-host.sh

kvm_host=build/docs/kvm
files=$kvm_host/files
log=$kvm_host/log-gicv3

# The commands name files as in the repository.
rm -rf $kvm_host
mkdir -p $files/build/guest-tests/tutorial
cp build/arm64/god $files/build
cp build/guest-tests/tutorial/*.elf $files/build/guest-tests/tutorial
aarch64-linux-gnu-gcc -O2 -Wall -Wextra -Werror -static -o $files/build/smallest \
	docs/tutorial/smallest.c
/usr/bin/python3 ci/docs/check.py --kvm-script >$files/docs.sh

if [ "$(uname -m)" = aarch64 ] && build/arm64/god kvm info >/dev/null; then
	sh $files/docs.sh $files >$log
else
	/usr/bin/python3 ci/kvm_initramfs.py $images/initramfs.cpio.gz $kvm_host/initrd \
		init=ci/kvm-init.sh kvm=$files
	kvm_host_run 3 "${LIMIT:-240}" docs.sh >/dev/null
fi
/usr/bin/python3 ci/docs/check.py --kvm-log $log
