#!/bin/sh
# /init of the guest: mounts what programs expect, gives a root shell with job control on the
# console, and powers off when that shell exits.

/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
ln -s /proc/self/fd /dev/fd
hostname god

# The power key: Debian's kernel has its drivers as modules, the small one built in.
if [ -e /proc/modules ]; then
	for module in /lib/power-key/*.ko; do
		insmod "$module"
	done
fi
acpid -l /dev/null

# From here on the console is the user's: only what is serious may break into it.
dmesg -n 4

export HOME=/root PATH=/sbin:/usr/sbin:/bin:/usr/bin TERM="${TERM:-linux}" PS1='\w \$ '
cd /root || exit

# Job control needs a controlling terminal, which /dev/console itself can not be: find the device
# behind it (the last one that is named there).
console=/dev/$(sed 's/.* //' /sys/class/tty/console/active)
if [ -c "$console" ]; then
	# shellcheck disable=SC2094 # a terminal is read and written
	setsid -c sh -l <"$console" >"$console" 2>&1
else
	sh -l
fi

sync
poweroff -f
