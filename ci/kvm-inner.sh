#!/bin/sh
# The tests of the engine kvm, on an arm64 Linux host with /dev/kvm:
#
#   ci/kvm-inner.sh DIR WHAT
#
# DIR holds god, unit-tests, guest-tests/, Image, initramfs.cpio.gz, loop.bin and known.txt; and god-shared,
# one with libslirp, where god itself has none. WHAT is "all", or "gic" for what may depend on the host's
# interrupt controller: the guest tests with kvm, and Linux.
# EMULATED=1: the host is the emulated one that ci/kvm-check.sh starts; then the device itself may be
# tampered with (this runs as root there and everything ends with the machine), and known.txt says what
# its CPU gets wrong.
#
# Prints TAP, one stream for all; exit status 0 when nothing failed. BusyBox runs it.

set -u
dir=${1:?usage: ci/kvm-inner.sh DIR all|gic}
what=${2:?usage: ci/kvm-inner.sh DIR all|gic}
god=$dir/god
tmp=$(mktemp -d)
count=0 failed=0

result() { # STATUS NAME
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
}

# What a failed test said.
show() {
	sed 's/\r$//; s/^/    # /' "$@" | tail -n 30
}

# Run god; its standard error, and exit status, are what is expected.
expect() { # NAME STATUS TEXT ARGUMENT...
	name=$1 status=$2 text=$3
	shift 3
	timeout -k 5 60 "$god" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ $got = "$status" ] && { [ -z "$text" ] || grep -q -e "$text" "$tmp/err"; }; then
		result 0 "$name"
	else
		result 1 "$name: status $got, not $status, or not \"$text\""
		show "$tmp/out" "$tmp/err"
	fi
}

# --- The host ------------------------------------------------------------------------------------

test_info() {
	"$god" kvm info | sed 's/^/# /'
	"$god" kvm info >/dev/null
	result $? "god kvm info: kvm can be used"
	# For ci/kvm-check.sh, which has a JSON parser.
	"$god" kvm info --json | sed 's/^/# json: /'
	"$god" kvm info --json | grep -q '"usable": true'
	result $? "god kvm info --json"
	"$god" --version | grep -q '^  kvm  *the host'
	result $? "kvm is the first choice"
}

# --- Guest tests ---------------------------------------------------------------------------------

# TAP in, TAP out: our numbers, known differences marked as such. Without an engine's name in brackets,
# tests are those of kvm. Last line: "# guest-tests COUNT FAILED PASSED-BY-KVM".
renumber() {
	awk -v known="$1" -v count=$count '
		BEGIN {
			while ((getline line <known) > 0)
				if (line !~ /^#/) {
					split(line, field, "\t")
					why[field[1]] = field[2]
				}
		}
		/^TAP version|^1\.\./ { next }
		/^(not )?ok / {
			status = /^not/ ? "not ok" : "ok"
			text = $0
			sub(/^(not )?ok [0-9]+ - /, "", text)
			split(text, word, /[ :]/)
			kvm = text !~ /^[^:]*\[/ || text ~ /^[^:]*\[kvm\]/
			if (status == "not ok" && kvm && word[1] in why)
				text = text " # TODO known of the emulated host: " why[word[1]]
			else if (status == "not ok")
				failed++
			if (status == "ok" && kvm && text !~ /# SKIP/)
				passed++
			printf "%s %d - %s\n", status, ++count, text
			fflush()
			next
		}
		/^# differs: / {
			name = $3
			sub(/:$/, "", name)
			print $0 (name in why ? " (known)" : "")
			next
		}
		{ print }
		END { printf "# guest-tests %d %d %d\n", count, failed, passed }
	'
}

test_guests() { # LEAST OPTION...: at least that many must pass with kvm
	least=$1
	shift
	known=/dev/null
	[ "${EMULATED:-}" != 1 ] || known=$dir/known.txt
	{
		"$god" test --jobs 4 --timeout 60 --format tap "$@" "$dir/guest-tests"
		echo $? >"$tmp/status"
	} | renumber "$known" | tee "$tmp/renumbered"
	status=$(cat "$tmp/status")
	line=$(grep '^# guest-tests ' "$tmp/renumbered")
	# shellcheck disable=SC2086 # three numbers
	set -- $line
	count=$3 failed=$((failed + $4))
	[ "$status" -le 1 ] && [ "$5" -ge "$least" ]
	result $? "god test ran to its end, with $5 tests passed by kvm"
}

# A GICv2 is tested on hosts that have one.
least_with_gicv2() {
	"$god" kvm info --json | grep -q '"gic": \[2' && echo 10 || echo 0
}

# --- Unit tests of the engine ---------------------------------------------------------------------

# One at a time: several VMs whose vCPUs are kicked without end take the emulated host itself down, now and
# then (the kernel gets an exception at EL2 on the way into a guest: "hard LOCKUP").
test_units() {
	"$dir/unit-tests" --jobs 1 kvm >"$tmp/out" 2>&1
	status=$?
	show "$tmp/out"
	[ $status = 0 ] && grep -q '^[1-9][0-9]* passed, 0 failed' "$tmp/out"
	result $? "unit tests of the engine"
}

# --- Linux ---------------------------------------------------------------------------------------

# Boot, ask, power off. That it was KVM is said by the guest's kernel, which asks its hypervisor, and
# by the statistics.
test_linux() { # NAME CPUS COMMANDS OPTION...
	name=$1 cpus=$2 commands=$3
	shift 3
	# The last command in two parts: the echo of what was typed must not look like its output.
	# shellcheck disable=SC2016 # for the guest's shell
	printf '%s\n' 'dmesg | grep -m1 "KVM: hypervisor"' 'echo cpus "$(nproc)"' \
		"$commands" 'echo at the "end"' 'poweroff -f' |
		timeout -k 5 250 "$god" run --engine kvm --cpus "$cpus" --timeout 240 --stats "$@" \
			--kernel "$dir/Image" --initramfs "$dir/initramfs.cpio.gz" \
			--append "console=ttyAMA0 quiet" >"$tmp/out" 2>"$tmp/err"
	status=$?
	if [ $status = 0 ] && grep -q '^cpus '"$cpus" "$tmp/out" &&
		grep -q 'smccc: KVM: hypervisor services detected' "$tmp/out" &&
		grep -q '^at the end' "$tmp/out" && grep -q '^kvm: ' "$tmp/err"; then
		result 0 "$name: $(sed -n 's/^kvm: .* in \(.*\) seconds.*/\1 s/p' "$tmp/err")"
	else
		result 1 "$name: status $status"
		show "$tmp/out" "$tmp/err"
	fi
}

md5_of_mebibyte() { # FILE NUMBER
	dd if="$1" bs=1M skip="$2" count=1 2>/dev/null | md5sum
}

# Devices that are notified by ioeventfd, and interrupt by way of the host's vGIC.
test_virtio() {
	dd if=/dev/urandom of="$tmp/disk" bs=1M count=8 2>/dev/null
	sum=$(md5sum <"$tmp/disk")
	# shellcheck disable=SC2016 # for the guest's shell
	test_linux "Linux, 2 CPUs, with a disk, a balloon, entropy and a console port" 2 \
		'md5sum </dev/vda; dd if=/dev/vda of=/dev/vda bs=1M count=1 seek=4 conv=fsync
		cd /sys/bus/virtio/drivers/virtio_blk; echo virtio0 >unbind; echo virtio0 >bind
		echo then $(md5sum </dev/vda)
		cat /sys/class/virtio-ports/*/name; head -c 4096 /dev/hwrng | wc -c
		echo virtio $(sort -u /sys/bus/virtio/devices/*/device)' \
		--disk "$tmp/disk" --rng --balloon 0 --port "named=$tmp/port"
	grep -q "^$sum" "$tmp/out"
	result $? "the guest reads what is on the disk"
	[ "$(md5_of_mebibyte "$tmp/disk" 0)" = "$(md5_of_mebibyte "$tmp/disk" 4)" ]
	result $? "what the guest writes is on the disk"
	sum=$(md5sum <"$tmp/disk")
	grep -q "^then ${sum%% *}" "$tmp/out"
	result $? "a new driver reads what is on the disk"
	grep -q '^named' "$tmp/out" && grep -q '^4096' "$tmp/out" &&
		grep -q '^virtio 0x0002 0x0003 0x0004 0x0005' "$tmp/out"
	result $? "the guest finds all of the devices"
	rm "$tmp/disk"
}

# Wait until a file has so many lines with that text; not for ever. Processes that look all the time are what
# an emulated host is slowest at.
await() { # TEXT FILE [COUNT]
	for _ in $(seq 120); do
		[ "$(grep -c -e "$1" "$2")" -lt "${3:-1}" ] || return 0
		sleep 1
	done
	return 1
}

# The host's end of a stream to or from the guest, whose output goes to its port's file.
peer() { # PORT ARGUMENT...
	port=$1
	shift
	timeout -k 5 250 "$dir/stream" "$@" >"$tmp/peer-$port" 2>&1 &
}

# It connects to the guest, when somebody listens there.
dialer() { # PORT ARGUMENT...
	port=$1
	shift
	(
		for _ in $(seq 300); do
			! timeout -k 5 60 "$dir/stream" "$@" >"$tmp/peer-$port" 2>&1 || break
			sleep 0.2
		done
	) &
}

# Did the host and the guest, whose output that is, have so many whole streams?
streams() { # HOST GUEST FILE
	[ "$(cat "$tmp"/peer-* | grep -c '^stream: 1048576 in')" = "$1" ] &&
		[ "$(grep -c '^stream: 1048576 in' "$3")" = "$2" ]
}

# A tap interface, which god makes as the emulated host's root; the network of another is left alone.
test_network() {
	peer 8001 accept receive 0.0.0.0 8001
	peer 8002 accept send 0.0.0.0 8002 1
	(
		for _ in $(seq 300); do
			! ip addr add 10.9.9.1/24 dev god0 2>/dev/null || break
			sleep 0.2
		done
		ip link set god0 up
	) &
	test_linux "Linux, 2 CPUs, with a network card" 2 \
		'ip addr add 10.9.9.2/24 dev eth0; ip link set eth0 up
		stream send 10.9.9.1 8001 1; stream receive 10.9.9.1 8002' \
		--net tap=god0
	await '1048576 in' "$tmp/peer-8002" && streams 2 2 "$tmp/out"
	result $? "TCP both ways"
	streams 2 2 "$tmp/out" || show "$tmp/out" "$tmp/err" "$tmp"/peer-*
	rm "$tmp"/peer-*
}

# Can this not be tested, for want of what god then names? The emulated host has everything.
lacks() { # LIBRARY OPTION...
	[ "${EMULATED:-}" != 1 ] || return 1
	library=$1
	shift
	"$god" run --kernel /no/such/file "$@" 2>&1 | grep -q "$library"
}

# For the guest's shell. It listens before it connects.
# shellcheck disable=SC2016
user_commands='
	echo "#!/bin/sh" >/tmp/dhcp; chmod +x /tmp/dhcp; ip link set eth0 up
	echo "[ \$1 != bound ] || ip addr add \$ip/\$mask dev \$interface" >>/tmp/dhcp
	udhcpc -q -n -i eth0 -s /tmp/dhcp; ip addr show eth0
	stream accept send 0.0.0.0 28003 1 >/tmp/3 & stream accept receive 0.0.0.0 28004 >/tmp/4 &
	until [ -s /tmp/3 ] && [ -s /tmp/4 ]; do usleep 100000; done
	stream send 10.0.2.2 28001 1; stream receive 10.0.2.2 28002; wait; cat /tmp/[34]
'

# A network that god itself is the other end of, with the sockets in its own loop: the guest connects to the
# host, and then the host to the guest, through god's ports.
test_user_network() {
	if lacks libslirp --net user; then
		result 0 "user-mode network # SKIP this god was built without libslirp"
		return
	fi
	(
		peer 28001 accept receive 127.0.0.1 28001
		wait
		peer 28003 receive 127.0.0.1 28003
		peer 28004 send 127.0.0.1 28004 1
	) &
	peer 28002 accept send 127.0.0.1 28002 1
	test_linux "Linux, 2 CPUs, with a user-mode network" 2 "$user_commands" \
		--net user,hostfwd=tcp:127.0.0.1:28003-:28003,hostfwd=tcp:127.0.0.1:28004-:28004
	grep -q 'inet 10.0.2.15/24' "$tmp/out"
	result $? "user-mode network: an address by DHCP"
	await '1048576 in' "$tmp/peer-28004" && streams 4 4 "$tmp/out"
	result $? "user-mode network: TCP both ways, from both sides"
	streams 4 4 "$tmp/out" || show "$tmp/out" "$tmp/err" "$tmp"/peer-*
	rm "$tmp"/peer-*
}

# One sum of all files below a directory, their names included.
sum_of_tree() {
	(cd "$1" && find . -type f | LC_ALL=C sort | xargs md5sum | md5sum | cut -d ' ' -f 1)
}

# The processes of virtiofsd that serve a directory.
servers_of() { # DIRECTORY
	for pid in $(pidof virtiofsd); do
		! tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$1" || echo "$pid"
	done
}

# For the guest's shell: the tree comes and goes; when the host has seen the server, again with a new driver.
# shellcheck disable=SC2016
share_commands='
	mount -t virtiofs host /mnt; cp -r /mnt/tree /tmp; cp -r /tmp/tree /mnt/back
	sum() { find . -type f | sort | xargs md5sum | md5sum; }
	cd /tmp/tree; sum; cd
	until [ -e /mnt/seen ]; do sleep 1; done; umount /mnt
	cd /sys/bus/virtio/drivers/virtiofs; echo virtio0 >unbind; echo virtio0 >bind
	mount -t virtiofs host /mnt; cd /mnt/back; echo then $(sum); cd; umount /mnt
'

# A folder whose queues virtiofsd serves, a process of its own.
test_share() {
	share=$tmp/share
	mkdir -p "$share"
	if lacks virtiofsd --share "$share"; then
		result 0 "shared folder # SKIP there is no virtiofsd that could be used"
		return
	fi
	mkdir "$share/tree"
	cp -r "$dir/guest-tests/psci" "$dir/guest-tests/tutorial" "$share/tree"
	dd if=/dev/urandom of="$share/tree/big" bs=1M count=2 2>/dev/null
	sum=$(sum_of_tree "$share/tree")
	(
		for _ in $(seq 250); do
			[ ! -e "$share/back" ] || break
			sleep 1
		done
		servers_of "$share" >"$tmp/servers"
		: >"$share/seen"
	) &
	test_linux "Linux, 2 CPUs, with a shared folder" 2 "$share_commands" --share "$share,tag=host"
	grep -q "^$sum" "$tmp/out"
	result $? "shared folder: the guest reads the host's tree"
	[ "$(sum_of_tree "$share/back")" = "$sum" ]
	result $? "shared folder: the host reads the guest's tree"
	grep -q "^then $sum" "$tmp/out"
	result $? "shared folder: a new driver reads it"
	grep -q "^then $sum" "$tmp/out" || show "$tmp/out" "$tmp/err"
	for _ in $(seq 50); do
		[ -n "$(servers_of "$share")" ] || break
		sleep 0.2
	done
	[ -s "$tmp/servers" ] && [ -z "$(servers_of "$share")" ]
	result $? "shared folder: virtiofsd ends with god"
	rm -r "$share"
}

vsock_cid=42
vsock_commands='
	stream send vsock:2 7001 1; stream receive vsock:2 7002
	stream accept send vsock:any 7003 1; stream accept receive vsock:any 7004
	cd /sys/bus/virtio/drivers/vmw_vsock_virtio_transport; echo virtio0 >unbind; echo virtio0 >bind
	stream send vsock:2 7005 1; stream receive vsock:2 7006 &
'

# Sockets between the host and the guest, to which the other end is the host's kernel: both ways, from
# both sides, with the driver gone and come, over a reset of the guest.
test_vsock() {
	if [ ! -c /dev/vhost-vsock ] && [ "${EMULATED:-}" != 1 ]; then
		result 0 "sockets between host and guest # SKIP there is no /dev/vhost-vsock"
		return
	fi
	peer 7001 accept receive vsock:any 7001
	peer 7002 accept send vsock:any 7002 1
	dialer 7003 receive vsock:$vsock_cid 7003
	dialer 7004 send vsock:$vsock_cid 7004 1
	peer 7005 accept receive vsock:any 7005
	peer 7006 accept receive vsock:any 7006
	peer 7007 accept receive vsock:any 7007
	rm -f "$tmp/in"
	mkfifo "$tmp/in"
	timeout -k 5 250 "$god" run --engine kvm --cpus 2 --timeout 240 --vsock $vsock_cid \
		--kernel "$dir/Image" --initramfs "$dir/initramfs.cpio.gz" \
		--append "console=ttyAMA0 quiet" <"$tmp/in" >"$tmp/guest" 2>"$tmp/guest-err" &
	pid=$!
	exec 3>"$tmp/in"
	await 'built-in shell' "$tmp/guest"
	echo "$vsock_commands" >&3
	await 'stream: connected' "$tmp/peer-7006" && await '1048576 in' "$tmp/peer-7004" &&
		streams 5 5 "$tmp/guest"
	result $? "sockets: streams both ways, from both sides, and with a new driver"
	expect "a context ID that is in use: refused" 69 "the context ID $vsock_cid is in use" \
		run --engine kvm --vsock $vsock_cid --binary "$dir/guest-tests/hello.elf"
	echo 'reboot -f' >&3
	await 'reset by peer' "$tmp/peer-7006"
	result $? "sockets: the host hears of the guest's reset"
	await 'built-in shell' "$tmp/guest" 2
	echo 'stream send vsock:2 7007 1; poweroff -f' >&3
	exec 3>&-
	wait $pid
	status=$?
	[ $status = 0 ] && [ ! -s "$tmp/guest-err" ] && streams 6 6 "$tmp/guest"
	result $? "sockets: the guest has them again after its reset (status $status)"
	streams 6 6 "$tmp/guest" || show "$tmp/guest" "$tmp/guest-err" "$tmp"/peer-*
	expect "a context ID that was in use" 0 '' \
		run --engine kvm --vsock $vsock_cid --binary "$dir/guest-tests/hello.elf"
}

# Everything of the guest before is gone after a reset: the second boot is like the first.
test_reboot() {
	rm -f "$tmp/in"
	mkfifo "$tmp/in"
	timeout -k 5 250 "$god" run --engine kvm --cpus 2 --timeout 240 --kernel "$dir/Image" \
		--initramfs "$dir/initramfs.cpio.gz" --append "console=ttyAMA0 quiet" \
		<"$tmp/in" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	exec 3>"$tmp/in"
	for boot in 1 2; do
		await 'built-in shell' "$tmp/out" $boot
		[ $boot = 1 ] && last='reboot -f' || last='poweroff -f'
		# shellcheck disable=SC2016 # for the guest's shell
		printf 'echo cpus "$(nproc)"\n%s\n' "$last" >&3
	done
	exec 3>&-
	wait $pid
	status=$?
	[ $status = 0 ] && [ "$(grep -c '^cpus 2' "$tmp/out")" = 2 ]
	result $? "Linux reboots, with both CPUs (status $status)"
	[ $status = 0 ] || show "$tmp/out" "$tmp/err"
}

# --- Faults --------------------------------------------------------------------------------------

test_no_syndrome() {
	expect "a load of a pair from a device is explained" 70 \
		'can not emulate the read of 0x90f0004.*pc 0x4.*instruction 0x29401c26, x1 0x90f0004' \
		run --engine kvm --binary "$dir/guest-tests/exit/pair.elf"
	expect "a load with write-back from a device is explained" 70 \
		'can not emulate the read of 0x90f0004.*pc 0x4.*instruction 0xb85fcc85.*sp 0x4' \
		run --engine kvm --binary "$dir/guest-tests/exit/write_back.elf"
	expect "a vector store to a device is explained" 70 \
		'can not emulate the write to 0x9000000.*instruction 0x4d008020, x1 0x9000000' \
		run --engine kvm --binary "$dir/guest-tests/simd/device.elf"
}

# More memory than the host gives (its address space for guests is core/kvm/tests/test_host.c's).
test_memory() {
	(
		# shellcheck disable=SC3045 # BusyBox and dash have it
		ulimit -v 1000000
		exec timeout -k 5 60 "$god" run --engine kvm --memory 8G --binary "$dir/loop.bin"
	) >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	[ $status = 71 ] && grep -q '^god: cannot allocate 8589934592 bytes' "$tmp/err"
	result $? "more memory than the host gives: refused (status $status)"
}

test_loop() {
	expect "a guest that loops is ended by --timeout" 124 'stopped after 1 seconds' \
		run --engine kvm --binary "$dir/loop.bin" --timeout 1
}

# Signal number of SIGRTMIN + 3, with which vCPUs are kicked.
kick_signal=37

# Hundreds of signals a second from outside while Linux boots: neither god nor the guest may care. They
# begin with the vCPU's thread: before there is a handler for them, they would be god's end.
test_storm() {
	: >"$tmp/storm"
	(
		until pid=$(pidof god) && grep -q vcpu0 /proc/"$pid"/task/*/comm; do
			sleep 0.1
		done
		sent=0
		while kill -$kick_signal "$pid"; do
			sent=$((sent + 1))
			echo $sent >"$tmp/storm"
			usleep 1000
		done
	) 2>/dev/null &
	storm=$!
	test_linux "Linux, 2 CPUs, in a storm of signals" 2 'sleep 1'
	kill $storm 2>/dev/null
	wait $storm 2>/dev/null
	sent=$(cat "$tmp/storm")
	[ "${sent:-0}" -ge 300 ]
	result $? "it was a storm, of $sent signals"
}

# A run ended by a signal dies of it, the terminal as it was; killed, it leaves nothing behind.
test_killed() {
	terminal=/dev/ttyAMA0
	if [ -c $terminal ] && [ "${EMULATED:-}" = 1 ]; then
		before=$(stty -g <$terminal)
		"$god" run --engine kvm --binary "$dir/loop.bin" <$terminal >/dev/null 2>&1 &
		pid=$!
		sleep 2
		raw=$(stty -g <$terminal)
		kill -TERM $pid
		wait $pid
		status=$?
		[ $status = 143 ] && [ "$raw" != "$before" ] && [ "$(stty -g <$terminal)" = "$before" ]
		result $? "SIGTERM: the terminal is as it was (status $status)"
	fi
	"$god" run --engine kvm --binary "$dir/loop.bin" >/dev/null 2>&1 </dev/null &
	pid=$!
	sleep 1
	kill -KILL $pid
	wait $pid
	[ $? = 137 ]
	result $? "SIGKILL while the guest runs"
	expect "the next run is not disturbed" 0 '' run --engine kvm --binary "$dir/guest-tests/hello.elf"
}

# The device is somebody else's, closed, another one, not there.
test_device() {
	hello=$dir/guest-tests/hello.elf
	echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >>/etc/passwd
	chmod 600 /dev/kvm
	su -s /bin/sh nobody -c "$god run --engine kvm --binary $hello" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status = 77 ] && grep -q '^god: /dev/kvm: permission denied: add yourself' "$tmp/err"
	result $? "/dev/kvm not permitted (status $status)"
	mv /dev/kvm /dev/kvm.away
	expect "no /dev/kvm" 69 '^god: /dev/kvm: there is no KVM here' \
		run --engine kvm --binary "$hello"
	expect "no /dev/kvm: auto takes another engine" 0 '^interp: ' run --stats --binary "$hello"
	"$god" kvm info >"$tmp/out"
	[ $? = 69 ] && grep -q 'there is no KVM here' "$tmp/out" && grep -q 'engine interp' "$tmp/out"
	result $? "no /dev/kvm: god kvm info says so, and what runs instead"
	mknod /dev/kvm c 1 3
	expect "/dev/kvm is something else" 69 'is not KVM' run --engine kvm --binary "$hello"
	rm /dev/kvm
	mv /dev/kvm.away /dev/kvm
}

# A version of the GIC that the host does not have; on a GICv2 there are no more than 8 CPUs.
test_gic_versions() {
	offers=$("$god" kvm info --json | sed -n 's/.*"gic": \[\(.*\)\].*/\1/p')
	case $offers in
	2 | 3)
		other=$((5 - offers))
		expect "--gic $other: refused, with what there is" 69 \
			"offers no GICv$other, but GICv$offers" \
			run --engine kvm --gic $other --binary "$dir/guest-tests/hello.elf"
		;;
	*) result 0 "this host has both GICs" ;;
	esac
	[ "$offers" != 2 ] ||
		expect "9 CPUs with a GICv2: refused" 69 'offers up to 8 CPUs, not 9' \
			run --engine kvm --cpus 9 --binary "$dir/guest-tests/hello.elf"
	version=${offers##*, }
	test_linux "Linux, --gic $version" 1 'grep -m1 -o "GICv*[23]*" /proc/interrupts' \
		--gic "$version"
}

# --- All of it -----------------------------------------------------------------------------------

echo "TAP version 14"
test_info
test_gic_versions
test_units
if [ "$what" = all ]; then
	test_guests 300 --engine all
	test_reboot
	test_no_syndrome
	test_memory
	test_loop
	test_storm
	test_killed
	[ "${EMULATED:-}" != 1 ] || test_device
else
	test_guests "$(least_with_gicv2)" --engine all --filter 'gicv2/*'
	test_guests 300 --engine kvm
fi
test_linux "Linux, 1 CPU" 1 'uname -r'
test_linux "Linux, 2 CPUs" 2 'taskset 1 echo a; taskset 2 echo b'
test_virtio
if [ "$what" = all ]; then
	[ "${EMULATED:-}" != 1 ] || test_network
	# The emulated host's own is static, and there is no static libslirp.
	[ ! -x "$dir/god-shared" ] || god=$dir/god-shared
	test_user_network
	god=$dir/god
	test_share
	test_vsock
fi
echo "1..$count"
echo "# $((count - failed)) passed, $failed failed"
rm -rf "$tmp"
[ $failed = 0 ]
