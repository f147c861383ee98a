#!/bin/bash
# Debian's arm64 packages, unpacked below a directory: the host's dpkg never hears of another architecture.
#
#   ci/sysroot.sh DIR PACKAGE...      DIR/usr/include, DIR/usr/lib/aarch64-linux-gnu, ...
#
# A package is named by an extended regular expression, for names that differ between Debian's releases; what
# it depends on is not looked for. DIR/stamp is written last and says what the directory was made from.

set -euo pipefail
umask 022

sysroot=${1:?usage: ci/sysroot.sh DIR PACKAGE...}
shift
# shellcheck source=ci/apt.sh
. ci/apt.sh
debs=$apt_root/debs

# shellcheck source=/dev/null
recipe=$(. /etc/os-release && echo "$VERSION_CODENAME $*")

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
for pattern in "$@"; do
	package=$(apt_newest "$pattern" || true)
	if [ -z "$package" ]; then
		apt_say "the Debian mirror offers no package $pattern for arm64"
		exit 69
	fi
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
apt_say "$sysroot: $*"
