#!/bin/busybox sh
# shellcheck shell=dash
# /init of the emulated host: runs one script with the engine's tests or measurements, says how it
# ended in a line that nothing else prints, powers off.  The kernel command line has the script's
# arguments: god.run="kvm-inner.sh all".

/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s
mount -t tmpfs tmpfs /tmp
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
dmesg -n 1
ip link set lo up

for module in /kvm/modules/*.ko; do
	[ ! -e "$module" ] || insmod "$module"
done

script=$(sed -n 's/.*god\.run="\([^"]*\)".*/\1/p' /proc/cmdline)
EMULATED=1
export EMULATED
# shellcheck disable=SC2086 # a script and its arguments
set -- $script
name=$1
shift
# The same files, seen through another mount: virtiofsd leaves its root by pivot_root(2), which the kernel
# refuses where that is the initramfs itself.
mount --rbind / /mnt
chroot /mnt sh /kvm/"$name" /kvm "$@"
echo "emulated host: $name ended with status $?"
poweroff -f
