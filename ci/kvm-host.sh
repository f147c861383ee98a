# shellcheck shell=bash
# An arm64 host with a working /dev/kvm, in emulation, for machines that are none: Debian's arm64
# kernel at EL2 of a CPU that QEMU emulates.  Sourced by kvm-check.sh and kvm-bench.sh.
#
#   kvm_files DIR                   put god, its tests and the nested guest into DIR
#   kvm_host_build                  make the host's file system of that
#   kvm_host_run GIC LIMIT WHAT...  run a script of ci/ inside, with the GIC of that version, for
#                                   LIMIT seconds at most; its output is ours, its status, too

kvm_host=build/kvm
kvm_host_cpus=2
kvm_host_options=()
kvm_guest_programs=(build/linux-tests/programs/stream)
# Programs of the host's that are linked with shared libraries: NAME=FILE.
kvm_host_shared=()
images=build/images

kvm_files() {
	local test
	rm -rf "$1"
	mkdir -p "$1"
	cp build/arm64/god build/arm64/unit-tests build/linux/arch/arm64/boot/Image \
		build/linux-tests/{loop,mmio,first}.bin build/linux-tests/programs/stream "$1"
	mkdir "$1/programs"
	cp "${kvm_guest_programs[@]}" "$1/programs"
	/usr/bin/python3 ci/programs.py $images/initramfs.cpio.gz "$1/programs" \
		"$1/initramfs.cpio.gz"
	rm -r "$1/programs"
	cp ci/kvm-known.txt "$1/known.txt"
	find build/guest-tests -name '*.elf' -printf '%P\n' | while read -r test; do
		mkdir -p "$1/guest-tests/$(dirname "$test")"
		cp "build/guest-tests/$test" "$1/guest-tests/$test"
	done
}

# What Debian's kernel needs for tap interfaces and /dev/vhost-vsock, in order of need.
kvm_host_modules=(tun vmw_vsock/vsock vmw_vsock/vmw_vsock_virtio_transport_common
	vhost/vhost_iotlb vhost/vhost vhost/vhost_vsock)

# A program, or a library, with the shared libraries that it is linked with, and those that these are.
kvm_host_add_shared() { # NAME FILE
	local library found
	[ ! -e "$kvm_host/root/$1" ] || return 0
	mkdir -p "$(dirname "$kvm_host/root/$1")"
	aarch64-linux-gnu-strip -o "$kvm_host/root/$1" "$2"
	for library in $(aarch64-linux-gnu-readelf -d "$2" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
		found=$(find build/sysroot-arm64 build/virtiofsd -name "$library" -print -quit)
		if [ -z "$found" ]; then
			echo "${0##*/}: there is no $library, which $2 needs" >&2
			return 1
		fi
		kvm_host_add_shared "lib/$library" "$found"
	done
}

kvm_host_build() {
	local name number=0
	kvm_files $kvm_host/files
	aarch64-linux-gnu-strip --strip-debug $kvm_host/files/{god,unit-tests}
	cp ci/kvm-*.sh $kvm_host/files
	mkdir $kvm_host/files/modules
	for name in "${kvm_host_modules[@]}"; do
		number=$((number + 1))
		xz -dc "$images/modules/$name.ko.xz" >"$kvm_host/files/modules/$number-${name##*/}.ko"
	done
	# What the emulated CPU does not survive.
	sed -n 's/^!\([^\t]*\).*/\1/p' ci/kvm-known.txt | while read -r name; do
		rm "$kvm_host/files/guest-tests/$name.elf"
	done
	rm -rf $kvm_host/root
	mkdir $kvm_host/root
	for name in "${kvm_host_shared[@]}"; do
		kvm_host_add_shared "${name%%=*}" "${name#*=}"
	done
	/usr/bin/python3 ci/kvm_initramfs.py $images/initramfs.cpio.gz $kvm_host/initrd \
		init=ci/kvm-init.sh kvm=$kvm_host/files =$kvm_host/root
}

# One run: 0, 1 when the script or the host failed, 2 when the host itself locked up.
kvm_host_run_once() {
	local gic=$1 limit=$2 status name=$3
	local log=$kvm_host/log-gicv$gic
	shift 2
	# Without PAuth and SVE, whose emulation costs much and which no test needs.
	timeout -k 5 "$limit" qemu-system-aarch64 \
		-M "virt,virtualization=on,gic-version=$gic" -cpu max,pauth=off,sve=off \
		-smp $kvm_host_cpus -m 1G -nic none -nographic -no-reboot \
		"${kvm_host_options[@]}" -kernel $images/Image -initrd $kvm_host/initrd \
		-append "console=ttyAMA0 quiet panic=-1 nmi_watchdog=panic god.run=\"$*\"" </dev/null |
		sed -u 's|\r$||' | tee "$log"
	status=${PIPESTATUS[0]}
	if grep -q 'Watchdog detected hard LOCKUP' "$log"; then
		return 2
	elif [ "$status" = 124 ] || [ "$status" = 137 ]; then
		echo "${0##*/}: the emulated host did not end within $limit seconds" >&2
		return 1
	fi
	grep -qx "emulated host: $name ended with status 0" "$log"
}

# A kernel that no longer takes its interrupts says nothing of what a process of its user did: that is
# QEMU's or its own fault. It happens, rarely, and the run is made anew. Twice is no accident.
kvm_host_run() {
	local status
	for _ in 1 2; do
		status=0
		kvm_host_run_once "$@" || status=$?
		[ $status = 2 ] || return $status
		echo "${0##*/}: the emulated host's kernel has locked up" >&2
	done
	return 1
}
