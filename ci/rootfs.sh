#!/bin/bash
# Make a disk with Debian's arm64 root file system, as debootstrap makes it:
#
#   ci/rootfs.sh GOD KERNEL DISK
#
# The first stage unpacks on this machine. The second configures, which takes an arm64 machine: GOD with
# KERNEL and the disk, for a few minutes. DISK appears when it is complete. Needs root, as debootstrap
# does, and the packages of `ci/setup.sh rootfs`. User root, password god, on ttyAMA0.

set -euo pipefail
umask 022

god=${1:?usage: ci/rootfs.sh GOD KERNEL DISK} kernel=${2:?} disk=${3:?}
PATH=$PATH:/usr/sbin:/sbin
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=http://deb.debian.org/debian

fail() {
	echo "ci/rootfs.sh: $1" >&2
	exit 70
}

[ "$(id -u)" = 0 ] || fail "debootstrap needs root"
work=$disk.work
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT

debootstrap --foreign --arch=arm64 --variant=minbase --include=sysvinit-core,init "$suite" \
	"$work/root" "$mirror" >"$work/log" 2>&1 || {
	tail -n 20 "$work/log" >&2
	fail "debootstrap failed"
}

# The second stage is the guest's first process.
cat >"$work/root/second-stage" <<'END'
#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive
mount -t proc proc /proc
mount -t sysfs sys /sys
/debootstrap/debootstrap --second-stage && echo root:god | chpasswd && second=done
mknod -m 620 /dev/ttyAMA0 c 204 64
sed -i '/^[1-6]:/d' /etc/inittab
echo 'T0:23:respawn:/sbin/getty -L ttyAMA0 115200 vt100' >>/etc/inittab
echo god >/etc/hostname
rm /second-stage
echo "second stage: $second"
sync
mount -o remount,ro /
poweroff -f
END
chmod +x "$work/root/second-stage"

truncate -s 1G "$work/disk"
mke2fs -q -t ext4 -d "$work/root" "$work/disk"
"$god" run --kernel "$kernel" --disk "$work/disk" --memory 512M --timeout 1800 \
	--append "console=ttyAMA0 quiet root=/dev/vda rw init=/second-stage" \
	</dev/null >"$work/console" || fail "god ended with $? while it configured"
grep -q 'second stage: done' "$work/console" || {
	tail -n 20 "$work/console" >&2
	fail "the second stage of debootstrap failed"
}
mv "$work/disk" "$disk"
