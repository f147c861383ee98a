#!/bin/bash
# Make the guest images from Debian's arm64 packages:
#
#   ci/images.sh DIR        DIR/Image DIR/initramfs.cpio.gz DIR/modules/
#
# Packages are kept in build/apt/debs and used again.  DIR/stamp is written last and says what the
# images were made from; without a stamp that fits, nothing in DIR is trusted.  To take a newer
# kernel: rm -r build/apt/debs build/images.

set -euo pipefail
umask 022

images=${1:?usage: ci/images.sh DIR}
# shellcheck source=ci/apt.sh
. ci/apt.sh
debs=$apt_root/debs

recipe=$(cat ci/images.sh ci/apt.sh ci/initramfs.py ci/init.sh | sha256sum | cut -d' ' -f1)

up_to_date() {
	[ -f "$images/Image" ] && [ -f "$images/initramfs.cpio.gz" ] &&
		[ "$(head -n 1 "$images/stamp" 2>/dev/null)" = "$recipe" ]
}

up_to_date && exit 0
apt_lock
up_to_date && exit 0

# The newest cached package file of a name that matches the pattern, or a fresh one.
updated=
obtain() {
	local pattern=$1 cached name
	cached=$(find "$debs" -maxdepth 1 -name '*_arm64.deb' -printf '%f\n' 2>/dev/null |
		grep -E "^${pattern}_" | sort -V | tail -n 1 || true)
	if [ -n "$cached" ]; then
		deb=$debs/$cached
		return
	fi
	[ -n "$updated" ] || apt_update
	updated=1
	name=$(apt_newest "$pattern" || true)
	if [ -z "$name" ]; then
		apt_say "the Debian mirror offers no package $pattern for arm64"
		exit 69
	fi
	if ! deb=$(apt_fetch "$name" "$debs"); then
		apt_say "could not fetch $name"
		exit 69
	fi
}

# No flavour between version and architecture: not -rt-, -cloud- and the like.
obtain 'linux-image-6\.12\.[^-]*-arm64'
linux=$deb
obtain busybox-static
busybox=$deb

new=$images.new
rm -rf "$new"
mkdir -p "$new"/{linux,busybox}

dpkg-deb --fsys-tarfile "$linux" | tar -x -C "$new/linux"
dpkg-deb --fsys-tarfile "$busybox" | tar -x -C "$new/busybox"

kernel=$(echo "$new"/linux/boot/vmlinuz-*)
# "ARM\x64" at offset 56: the header of an arm64 Image (Documentation/arch/arm64/booting.rst).
if [ "$(od -An -tx1 -j56 -N4 "$kernel" | tr -d ' ')" != 41524d64 ]; then
	apt_say "$(basename "$linux"): the kernel is not an uncompressed arm64 Image"
	exit 65
fi
mv "$kernel" "$new/Image"

# The drivers of a virtual machine, for guests with disks and networks, and those of a host for such guests.
version=${kernel##*/vmlinuz-}
modules=$(find "$new/linux" -type d -path "*/modules/$version" -print -quit)
mkdir -p "$new/modules"
for part in kernel/drivers/virtio kernel/drivers/block/virtio_blk.ko kernel/drivers/net/virtio_net.ko \
	kernel/drivers/net/net_failover.ko kernel/net/core/failover.ko kernel/fs/fuse kernel/fs/ext4 \
	kernel/fs/jbd2 kernel/fs/mbcache.ko kernel/drivers/char/hw_random kernel/drivers/char/virtio_console.ko \
	kernel/drivers/vhost kernel/net/vmw_vsock kernel/drivers/net/tun.ko; do
	for file in "$modules/$part"*; do
		[ ! -e "$file" ] || cp -r "$file" "$new/modules/"
	done
done

busybox_bin=$(find "$new/busybox" -type f -path '*/bin/busybox' -print -quit)
/usr/bin/python3 ci/initramfs.py "$busybox_bin" ci/init.sh "$new/initramfs.cpio.gz" \
	"$modules/kernel/drivers/input/evdev.ko.xz" \
	"$modules/kernel/drivers/input/keyboard/gpio_keys.ko.xz"

rm -rf "$new/linux" "$new/busybox"
printf '%s\n' "$recipe" "$(basename "$linux")" "$(basename "$busybox")" >"$new/stamp"
sync -f "$new"
rm -rf "$images"
mv "$new" "$images"
apt_say "$images: $(basename "$linux"), $(basename "$busybox")"
