#!/bin/bash
# Install the Debian packages that a task needs.  Does nothing, quickly, when they are all there.
#
#   ci/setup.sh GROUP...        groups: build images test kernel kvm rootfs lint bench deb fuzz guests docs
#                               site

set -euo pipefail

# Debian's arm64 machines have the arm64 compiler under its native name.
if [ "$(uname -m)" = aarch64 ]; then
	arm64_gcc=gcc
	arm64_libc=libc6-dev
	arm64_binutils=binutils
else
	arm64_gcc=gcc-aarch64-linux-gnu
	arm64_libc=libc6-dev-arm64-cross
	arm64_binutils=binutils-aarch64-linux-gnu
fi

packages_of() {
	case $1 in
	# Linking god: the device tree, compressed kernels, disassembly, disks, network; Python makes
	# the decoder.
	build) echo gcc libc6-dev make python3 libfdt-dev zlib1g-dev libcapstone-dev liburing-dev libnbd-dev libslirp-dev ;;
	# Fetching Debian's kernel and BusyBox and packing the initramfs.
	images) echo python3 debian-archive-keyring ca-certificates ;;
	guests) echo "$arm64_binutils" ;;
	test) echo e2fsprogs iproute2 iperf3 procps qemu-utils qemu-system-common libcriterion-dev pkgconf groff-base dpkg-dev python3-pytest python3-pytest-xdist python3-pexpect "$arm64_binutils" "$arm64_gcc" "$arm64_libc" ;;
	kernel) echo "$arm64_gcc" flex bison bc perl xz-utils debian-archive-keyring ;;
	# The emulated arm64 host of check-kvm.
	kvm) echo qemu-system-arm xz-utils debian-archive-keyring ca-certificates "$arm64_gcc" "$arm64_libc" ;;
	# A disk with a whole Debian (ci/rootfs.sh).
	rootfs) echo debootstrap e2fsprogs debian-archive-keyring ca-certificates ;;
	bench) echo qemu-system-arm iproute2 "$arm64_gcc" "$arm64_libc" ;;
	deb) echo dpkg-dev binutils ;;
	# libFuzzer comes with clang; the same version on Debian 12 and 13.
	fuzz) echo clang-19 libclang-rt-19-dev ;;
	# Checking the tutorial, and building and testing its site. npm comes with NodeSource's node.
	docs) echo aspell aspell-en git python3-pytest ;;
	site)
		echo mkdocs mkdocs-material python3-pymdownx python3-pygments python3-yaml chromium
		echo chromium-driver python3-selenium python3-pytest
		command -v npm >/dev/null || echo npm
		;;
	lint) echo clang-format-19 cppcheck shellcheck flake8 ;;
	*)
		echo "ci/setup.sh: no group '$1' (build images test kernel kvm rootfs lint bench deb fuzz guests docs site)" >&2
		exit 64
		;;
	esac
}

fail() {
	echo "ci/setup.sh: $1; install by hand: $missing" >&2
	exit 69
}

# The packages of $@ that are not installed.
missing_of() {
	local installed
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
		sed -n 's/ installed$//p')
	printf '%s\n' "$@" | sort -u | grep -vxF "$installed" | tr '\n' ' ' || true
}

wanted=()
for group in "$@"; do
	names=$(packages_of "$group" | tr '\n' ' ')
	read -ra names <<<"$names"
	wanted+=("${names[@]}")
done
[ ${#wanted[@]} -gt 0 ] || exit 0

missing=${wanted[*]}
command -v dpkg-query >/dev/null || fail "this is not a Debian system"
missing=$(missing_of "${wanted[@]}")
[ -n "$missing" ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || fail "not root, and there is no sudo"
	as_root=(sudo)
	# Without a terminal sudo could not ask for a password.
	[ -t 0 ] || sudo -n true 2>/dev/null || fail "not root, and sudo needs a password"
fi

echo "ci/setup.sh: installing $missing"
# An update may fail in part (somebody else's repository is down): what counts is the installation.
"${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update ||
	echo "ci/setup.sh: apt-get update failed; trying with the lists at hand" >&2
# shellcheck disable=SC2086 # a list of words
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
	-o DPkg::Lock::Timeout=300 install $missing || fail "apt-get could not install them"
