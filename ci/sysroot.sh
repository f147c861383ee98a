#!/bin/bash
# The arm64 libraries that god is linked with (and Criterion's headers), for the cross compiler:
#
#   ci/sysroot.sh DIR       DIR/usr/include, DIR/usr/lib/aarch64-linux-gnu
#
# Debian's arm64 development packages, unpacked below DIR: the host's dpkg never hears of another
# architecture.  DIR/stamp is written last and says what the directory was made from.

set -euo pipefail
umask 022

sysroot=${1:?usage: ci/sysroot.sh DIR}
packages=(libfdt-dev zlib1g-dev libcapstone-dev liburing-dev libcriterion-dev)
# shellcheck source=ci/apt.sh
. ci/apt.sh
debs=$apt_root/debs

# shellcheck source=/dev/null
recipe=$(. /etc/os-release && echo "$VERSION_CODENAME ${packages[*]}")

up_to_date() {
	[ "$(cat "$sysroot/stamp" 2>/dev/null)" = "$recipe" ]
}

up_to_date && exit 0
apt_lock
up_to_date && exit 0

new=$sysroot.new
rm -rf "$new"
mkdir -p "$new"
apt_update
for package in "${packages[@]}"; do
	rm -f "$debs/${package}_"*.deb
	if ! deb=$(apt_fetch "$package" "$debs"); then
		apt_say "could not fetch $package for arm64"
		exit 69
	fi
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new"
done
printf '%s\n' "$recipe" >"$new/stamp"
sync -f "$new"
rm -rf "$sysroot"
mv "$new" "$sysroot"
apt_say "$sysroot: ${packages[*]}"
