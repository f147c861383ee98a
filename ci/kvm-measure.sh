#!/bin/sh
# What the engine kvm costs, measured on an arm64 Linux host with /dev/kvm:
#
#   ci/kvm-measure.sh DIR times|calls|exits
#
# DIR holds god, mmio.bin, first.bin, Image, initramfs.cpio.gz with ci/bench/work.c as work. BusyBox runs it. Times are those of the
# machine that it runs on; in an emulated host that counts instructions (ci/kvm-bench.sh), 1 ns is one.

set -u
dir=${1:?usage: ci/kvm-measure.sh DIR times|calls|exits}
what=${2:?usage: ci/kvm-measure.sh DIR times|calls|exits}
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

# So often, because the clock has hundredths of a second.
times=100

# The milliseconds that each of so many runs takes.
each() { # ARGUMENT...
	begin=$(now)
	for _ in $(seq $times); do
		"$god" "$@" >/dev/null || exit 1
	done
	end=$(now)
	echo $((end - begin)) $times | awk '{ printf "%.1f", $1 * 10 / $2 }'
}

# A whole process, from exec to exit: the guest's first instruction is also its last but one.
first() {
	say "exec, first guest instruction, exit" \
		"$(each run --engine kvm --binary "$dir/first.bin")" ms
	say "exec and exit alone (god --version)" "$(each --version)" ms
}

# What is resident of a process, in KiB: of all its mappings but the guest's RAM, and of those of no
# file. (The program itself may be on a tmpfs: then /proc/PID/status takes it for shared memory.)
resident() { # PID
	awk '
		/^[0-9a-f]+-[0-9a-f]+ / { file = $6 ~ /^\// }
		/^Size:/ { size = $2 }
		/^Rss:/ { rss = $2 }
		/^VmFlags:/ && !(size > 65536 && / dc/) { all += rss; if (!file) private += rss }
		END { print all, private }
	' "/proc/$1/smaps"
}

# To the prompt: the line before it is the shell's greeting.
linux() {
	mkfifo "$tmp/in"
	: >"$tmp/out"
	begin=$(now)
	"$god" run --engine kvm --kernel "$dir/Image" --initramfs "$dir/initramfs.cpio.gz" \
		--append "console=ttyAMA0 quiet" <"$tmp/in" >"$tmp/out" &
	pid=$!
	exec 3>"$tmp/in"
	until grep -q 'built-in shell' "$tmp/out"; do
		usleep 10000
	done
	end=$(now)
	say "exec to the BusyBox prompt" $(((end - begin) * 10)) ms
	# shellcheck disable=SC2046 # two numbers
	set -- $(resident $pid)
	say "resident memory beyond the guest's own" "$1" KiB
	say "  of which no file's" "$2" KiB
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

# A row of the benchmark in a guest with a disk, in part.
work() { # ROW PERCENT
	printf 'work %s %s </dev/null\npoweroff -f\n' "$1" "$2" |
		"$god" run --engine kvm --timeout 300 --kernel "$dir/Image" \
			--initramfs "$dir/initramfs.cpio.gz" --append "console=ttyAMA0 quiet" \
			--disk "$tmp/disk" >"$tmp/out" && grep -q "^work: $1" "$tmp/out"
}

hits() { # EVENT KEY VALUE
	sed -n "s/^{ $2: *$3 } hitcount: *//p" $tracing/events/kvm/"$1"/hist | grep . || echo 0
}

# What the host's kernel counts meanwhile: "ABORTS WAITS EXITS", the guest's accesses to devices, its WFIs, and what
# of all that came out to god.
counts() { # ROW PERCENT
	# Opening the files anew begins to count anew.
	echo 'hist:keys=esr_ec' >$tracing/events/kvm/kvm_exit/trigger || return 1
	echo 'hist:keys=reason' >$tracing/events/kvm/kvm_userspace_exit/trigger || return 1
	work "$1" "$2" || return 1
	# DDI 0487, ESR_EL2.EC: 0x24 data abort, 0x01 WFI. linux/kvm.h: 6 KVM_EXIT_MMIO.
	echo "$(hits kvm_exit esr_ec 36) $(hits kvm_exit esr_ec 1) $(hits kvm_userspace_exit reason 6)"
}

# For a request to the disk: the difference between two runs, so that what a boot costs does not count.
requests() { # NAME ROW REQUESTS-OF-ONE-PERCENT
	# shellcheck disable=SC2046 # three numbers each
	set -- "$1" "$3" $(counts "$2" 5) $(counts "$2" 25)
	[ $# = 8 ] || return 1
	echo "$2 $3 $4 $5 $6 $7 $8" | awk -v name="$1" '{
		requests = $1 * 20
		printf "%s: %.2f device accesses, %.2f of them exits to god, %.2f WFIs a request\n", name,
			($5 - $2) / requests, ($7 - $4) / requests, ($6 - $3) / requests
	}'
}

exits() {
	tracing=/sys/kernel/tracing
	mount -t tracefs tracefs $tracing 2>/dev/null
	truncate -s 16M "$tmp/disk"
	# What is read has to have been written.
	work write1m 7 &&
		requests "4 KiB reads, 1 at a time" read4k 80 &&
		requests "4 KiB reads, 32 at a time" randread32 160
}

case $what in
times)
	mmio
	first
	linux
	;;
calls) calls ;;
exits) exits ;;
esac
status=$?
rm -rf "$tmp"
exit $status
