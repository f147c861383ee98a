#!/bin/sh
# What the engine kvm costs, measured on an arm64 Linux host with /dev/kvm:
#
#   ci/kvm-measure.sh DIR times|calls
#
# DIR holds god, mmio.bin, first.bin, Image, initramfs.cpio.gz. BusyBox runs it. Times are those of the
# machine that it runs on; in an emulated host that counts instructions (ci/kvm-bench.sh), 1 ns is one.

set -u
dir=${1:?usage: ci/kvm-measure.sh DIR times|calls}
what=${2:?usage: ci/kvm-measure.sh DIR times|calls}
god=$dir/god
tmp=$(mktemp -d)

# Hundredths of a second since boot.
now() {
	read -r uptime _ </proc/uptime
	echo "${uptime%.*}${uptime#*.}"
}

say() { # WHAT VALUE UNIT
	printf '%-52s %12s %s\n' "$1" "$2" "$3"
}

mmio() {
	"$god" run --engine kvm --stats --binary "$dir/mmio.bin" 2>"$tmp/err" || exit 1
	seconds=$(sed -n 's/^kvm: .* in \([0-9.]*\) seconds.*/\1/p' "$tmp/err")
	say "100,000 device writes" "$seconds" s
	say "MMIO exits a second" "$(echo "$seconds" | awk '{ printf "%.0f", 100000 / $1 }')" /s
}

# A whole process, from exec to exit: the guest's first instruction is also its last but one.
first() {
	begin=$(now)
	for _ in $(seq 20); do
		"$god" run --engine kvm --binary "$dir/first.bin" || exit 1
	done
	end=$(now)
	say "exec, first guest instruction, exit" $(((end - begin) * 10 / 20)) ms
	begin=$(now)
	for _ in $(seq 20); do
		"$god" --version >/dev/null
	done
	end=$(now)
	say "exec and exit alone (god --version)" $(((end - begin) * 10 / 20)) ms
}

# To the prompt: the line before it is the shell's greeting.  Guest RAM is shared memory (a memfd),
# everything else is ours.
linux() {
	mkfifo "$tmp/in"
	begin=$(now)
	"$god" run --engine kvm --kernel "$dir/Image" --initramfs "$dir/initramfs.cpio.gz" \
		--append "console=ttyAMA0 quiet" <"$tmp/in" >"$tmp/out" &
	pid=$!
	exec 3>"$tmp/in"
	until grep -q 'built-in shell' "$tmp/out"; do
		sleep 0.05
	done
	end=$(now)
	say "exec to the BusyBox prompt" $(((end - begin) * 10)) ms
	awk '/^RssAnon|^RssFile/ { sum += $2 } END { print sum }' /proc/$pid/status >"$tmp/rss"
	say "resident memory beyond the guest's own" "$(cat "$tmp/rss")" KiB
	say "  of which private (RssAnon)" "$(awk '/^RssAnon/ { print $2 }' /proc/$pid/status)" KiB
	echo 'poweroff -f' >&3
	exec 3>&-
	wait $pid
}

# System calls of the vCPU's thread, by number, as the kernel's own tracing counts them.
calls() {
	tracing=/sys/kernel/tracing
	mount -t tracefs tracefs $tracing 2>/dev/null
	trigger=$tracing/events/raw_syscalls/sys_enter/trigger
	if ! echo 'hist:keys=id if comm == "vcpu0"' >$trigger; then
		echo "this kernel can not count system calls"
		exit 1
	fi
	"$god" run --engine kvm --binary "$dir/mmio.bin" || exit 1
	sed -n 's/^{ id: *\([0-9]*\) } hitcount: *\([0-9]*\)/\1 \2/p' \
		$tracing/events/raw_syscalls/sys_enter/hist | sort -k2 -rn >"$tmp/calls"
	# 29 is ioctl on arm64 (include/uapi/asm-generic/unistd.h).
	ioctls=$(awk '$1 == 29 { print $2 }' "$tmp/calls")
	others=$(awk '$1 != 29 { sum += $2 } END { print sum + 0 }' "$tmp/calls")
	say "ioctl (KVM_RUN) calls for 100,000 device writes" "$ioctls" calls
	say "all other system calls of the vCPU's thread" "$others" calls
	# Between a KVM_RUN and the next there is none: what is left is the thread's beginning and end.
	[ "$ioctls" -ge 100000 ] && [ "$ioctls" -lt 110000 ] && [ "$others" -lt 200 ]
}

case $what in
times)
	mmio
	first
	linux
	;;
calls) calls ;;
esac
status=$?
rm -rf "$tmp"
exit $status
