#!/bin/bash
# Make a Debian package of god as it is built, without being root:
#
#   ci/deb.sh BUILD VERSION        BUILD/veleiro-god_VERSION_ARCHITECTURE.deb
#
# What is in it is what `make install` installs.  It depends on the versions of libraries that god
# was linked with, so it is for the Debian release that it is built on.

set -euo pipefail
umask 022

build=${1:?usage: ci/deb.sh BUILD VERSION}
version=${2:?usage: ci/deb.sh BUILD VERSION}
package=veleiro-god
work=$build/deb
root=$work/root

# The architecture that god was built for, which need not be this machine's.
case $(od -An -tx1 -j18 -N2 "$build/god" | tr -d ' ') in
3e00) architecture=amd64 triplet=x86_64-linux-gnu ;;
b700) architecture=arm64 triplet=aarch64-linux-gnu ;;
*)
	echo "ci/deb.sh: $build/god is for a machine that has no package" >&2
	exit 65
	;;
esac

# The same commit gives the same package.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

rm -rf "$work"
mkdir -p "$root/DEBIAN" "$work/debian"

"${MAKE:-make}" --no-print-directory install BUILD="$build" SANITIZE= DESTDIR="$PWD/$root" \
	PREFIX=/usr LIBDIR="/usr/lib/$triplet" ZSHDIR=/usr/share/zsh/vendor-completions
strip=$(command -v "$triplet-strip" || command -v strip)
"$strip" --remove-section=.comment --remove-section=.note "$root/usr/bin/god"
"$strip" --strip-debug --enable-deterministic-archives "$root/usr/lib/$triplet/libgod.a"
gzip -9n "$root/usr/share/man/man1/god.1"

doc=$root/usr/share/doc/$package
mkdir -p "$doc"
install -m 644 dist/copyright "$doc/copyright"
maintainer="${DEBFULLNAME:-Veleiro God} <${DEBEMAIL:-god@localhost}>"
gzip -9nc >"$doc/changelog.gz" <<EOT
$package ($version) unstable; urgency=medium

  * Built from the project's own tree.

 -- $maintainer  $(date -uRd "@$SOURCE_DATE_EPOCH")
EOT

# Which packages the libraries are in, and which versions will do.
depends=
if readelf -d "$build/god" 2>/dev/null | grep -q NEEDED; then
	printf 'Source: %s\n\nPackage: %s\nArchitecture: any\n' "$package" "$package" \
		>"$work/debian/control"
	depends=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/god 2>/dev/null |
		sed -n 's/^shlibs:Depends=//p')
	[ -n "$depends" ] || {
		echo "ci/deb.sh: dpkg-shlibdeps found no dependencies" >&2
		exit 70
	}
fi

{
	cat <<EOT
Package: $package
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Section: otherosfs
Priority: optional
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)
EOT
	[ -z "$depends" ] || echo "Depends: $depends"
	cat <<EOT
Suggests: libfdt-dev, zlib1g-dev, pkgconf
Description: virtual machine monitor for arm64
 god boots arm64 Linux, and runs bare-metal arm64 test programs: on x86-64
 hosts without hardware virtualization, by an Armv8-A CPU in software, and on
 arm64 hosts by KVM.
 .
 The library that it is made of, with headers, is in this package too; linking
 it takes the packages that this one suggests.
EOT
} >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)

deb=$build/${package}_${version}_$architecture.deb
dpkg-deb --root-owner-group --build "$root" "$deb" >/dev/null
echo "$deb"
