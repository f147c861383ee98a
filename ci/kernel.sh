#!/bin/bash
# Build the small arm64 kernel from Debian's Linux source with linux-tests/kernel.config:
#
#   ci/kernel.sh DIR        DIR/arch/arm64/boot/Image
#
# DIR/stamp is written last and says what the kernel was made from: as long as it fits, nothing is
# done; after a change of the configuration the build goes on from what it has.  The source is
# unpacked for the build alone; its files keep their times, so that make trusts what is built.

set -euo pipefail
umask 022

out=${1:?usage: ci/kernel.sh DIR}
config=linux-tests/kernel.config
package=linux-source-6.12
# shellcheck source=ci/apt.sh
. ci/apt.sh

recipe=$(cat ci/kernel.sh "$config" | sha256sum | cut -d' ' -f1)

up_to_date() {
	[ -f "$out/arch/arm64/boot/Image" ] &&
		[ "$(head -n 1 "$out/stamp" 2>/dev/null)" = "$recipe" ]
}

up_to_date && exit 0
apt_lock
up_to_date && exit 0

# Unpack the source into $1: from the host's own copy of the package, or the private apt's.
unpack() {
	local tarball=/usr/src/$package.tar.xz deb
	# Large, and in no way needed.
	local options=(-xJ -C "$1" --strip-components=1 --exclude='*/drivers/gpu/drm/amd/include/*'
		--exclude='*/tools/testing/*' --exclude='*/Documentation/translations/*')
	if [ -f "$tarball" ]; then
		tar "${options[@]}" -f "$tarball"
		return
	fi
	# Before anything has been fetched there is no such directory, and find fails.
	deb=$(find "$apt_root/debs" -maxdepth 1 -name "${package}_*.deb" 2>/dev/null | sort -V |
		tail -n 1 || true)
	if [ -z "$deb" ]; then
		apt_update
		if ! deb=$(apt_fetch "$package" "$apt_root/debs"); then
			apt_say "could not fetch $package"
			exit 69
		fi
	fi
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" | tar "${options[@]}"
}

# A time, a user and a host that are always the same: the same source gives the same kernel.
build() {
	make -C "$source" O="$PWD/$out" -j"$(nproc)" ARCH=arm64 \
		CROSS_COMPILE="$cross" KBUILD_BUILD_TIMESTAMP='2026-01-01 00:00:00 UTC' \
		KBUILD_BUILD_USER=god KBUILD_BUILD_HOST=god "$@"
}

# What the configuration did not take: unknown names, and what lacks something it depends on.
dropped() {
	grep '^CONFIG_' "$config" | grep -vxFf "$out/.config" | tr '\n' ' ' || true
}

fail() {
	tail -n 20 "$log" >&2
	apt_say "$1"
	exit 70
}

# The kernel's make is not a part of ours.
unset MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES
cross=
[ "$(uname -m)" = aarch64 ] || cross=aarch64-linux-gnu-

rm -f "$out/stamp"
mkdir -p "$out"
source=$PWD/$out.source
rm -rf "$source"
mkdir -p "$source"
trap 'rm -rf "$source"' EXIT
log=$PWD/$out/log

apt_say "unpacking $package"
unpack "$source"
apt_say "building the small kernel: some minutes; log in $out/log"
build KCONFIG_ALLCONFIG="$PWD/$config" allnoconfig >"$log" 2>&1 ||
	fail "the kernel could not be configured"
[ -z "$(dropped)" ] || fail "the kernel does not take $(dropped)from $config"
build Image >>"$log" 2>&1 || fail "the kernel did not build"
version=$(build -s kernelrelease)
printf '%s\n' "$recipe" "$version" >"$out/stamp"
apt_say "$out/arch/arm64/boot/Image: Linux $version"
