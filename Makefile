# Veleiro God: the one Makefile.  `make help` lists what it can do.
#
# Sources are found by wildcard: a new .c file in core/, devices/ or harness/, a new .s file in
# guest-tests/, needs no line here.  Everything built goes below $(BUILD).
#
#   V=1                              print the commands
#   ENGINE=interp|jit|kvm|auto       the engine that check-guest and check-linux run on
#   SANITIZE=address,undefined       build (and check) below build/san-address-undefined/
#   SANITIZE=thread                  the same with ThreadSanitizer
#   CROSS_COMPILE=aarch64-linux-gnu- BUILD=build-arm64 STATIC=1
#                                    build for another host

MAKEFLAGS  += --no-builtin-rules
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

V        ?= 0
Q        := $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' '$(1)' '$(2)')
comma    := ,

BUILD    ?= build
SANITIZE ?=
override BUILD := $(BUILD)$(if $(SANITIZE),/san-$(subst $(comma),-,$(SANITIZE)))

# Guest images do not depend on how god was built.
IMAGES   := build/images
LINUX    := build/linux
ENGINE   ?= auto

# --- Tools --------------------------------------------------------------------------------------

ifeq ($(origin CC),default)
CC       := $(CROSS_COMPILE)gcc
endif
ifeq ($(origin AR),default)
AR       := $(CROSS_COMPILE)ar
endif
# Debian's own Python: the one that its python3-* packages are installed for.
PYTHON   ?= /usr/bin/python3
GUEST    ?= aarch64-linux-gnu-
# One version, that Debian 12 and 13 both have: versions differ in what they make of a style, and in
# what they take for undefined.
CLANG_FORMAT ?= clang-format-19
CLANG    ?= clang-19

# The architecture that god itself runs on: x86_64, aarch64, ...
ARCH     ?= $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))

CFLAGS   ?= -O2 -g
CPPFLAGS ?=
LDFLAGS  ?=
STATIC   ?=

all_cflags := -std=gnu11 $(CFLAGS) -Wall -Wextra -Wno-missing-field-initializers -Werror -fno-plt -pthread
all_cppflags := -D_GNU_SOURCE -I. -I$(BUILD)/gen $(CPPFLAGS)
all_ldflags := -pthread $(if $(STATIC),-static) $(LDFLAGS)
ifneq ($(SANITIZE),)
all_cflags += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
all_ldflags += -fsanitize=$(SANITIZE)
endif

# Libraries that a build may lack (there are no static ones of them): what they are for is then
# refused on the command line.  The program refers to the library, or no archive would be asked.
hash := \#
has_library = $(shell printf '$(hash)include <%s>\nint main(void) { return !&%s; }\n' $(2) $(3) | \
	$(CC) -x c $(all_cppflags) - $(all_ldflags) -l$(1) -o /dev/null 2>/dev/null && echo 1)
HAVE_LIBNBD   := $(call has_library,nbd,libnbd.h,nbd_create)
HAVE_LIBSLIRP := $(call has_library,slirp,slirp/libslirp.h,slirp_new)
all_cppflags += $(if $(HAVE_LIBNBD),-DHAVE_LIBNBD) $(if $(HAVE_LIBSLIRP),-DHAVE_LIBSLIRP)
lib_ldlibs := -lfdt -lz -luring $(if $(HAVE_LIBNBD),-lnbd) $(if $(HAVE_LIBSLIRP),-lslirp)
god_ldlibs := -lcapstone $(lib_ldlibs)

# Each instruction function of the interpreter ends in a call of the next: only as a sibling call
# does that use no stack.  ThreadSanitizer's epilogues would be in the way.  And the host compiler
# may not fuse a multiplication and an addition that the guest wrote as two.  The fences that
# ThreadSanitizer does not follow (-Wno-tsan) order accesses to guest RAM, which are all atomic.
a64_cflags := -foptimize-sibling-calls -ffp-contract=off -fno-math-errno $(A64_CFLAGS)
ifneq ($(filter thread,$(subst $(comma), ,$(SANITIZE))),)
a64_cflags += --param tsan-instrument-func-entry-exit=0 -Wno-tsan
endif

# --- Sources ------------------------------------------------------------------------------------

find_c     = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
is_test    = $(foreach f,$(1),$(if $(findstring /tests/,$(f)),$(f)))

core_c    := $(call find_c,core devices)
ifneq ($(ARCH),aarch64)
# Asking for KVM is possible everywhere, running on it is not.
kvm_ask   := core/kvm/host.c core/kvm/tests/test_host.c
core_c    := $(filter-out $(filter-out $(kvm_ask),$(filter core/kvm/%,$(core_c))),$(core_c))
endif
ifneq ($(ARCH),x86_64)
core_c    := $(filter-out core/a64/jit/%,$(core_c))
endif
harness_c := $(call find_c,harness)
# Fuzz targets are programs of their own; tests/fuzz.c is what those of a folder share.
fuzz_all  := $(foreach f,$(call is_test,$(core_c) $(harness_c)),$(if $(findstring /fuzz,$(f)),$(f)))
fuzz_c    := $(foreach f,$(fuzz_all),$(if $(findstring /fuzz_,$(f)),$(f)))
test_c    := $(filter-out $(fuzz_all),$(call is_test,$(core_c) $(harness_c)))
lib_c     := $(filter-out $(call is_test,$(core_c)),$(core_c))
god_c     := $(filter-out $(call is_test,$(harness_c)),$(harness_c))
guest_s   := $(sort $(shell find guest-tests -name '*.s' -not -name '_*' 2>/dev/null))
data_s    := $(sort $(wildcard linux-tests/data/*.s))

generated :=
ifneq ($(wildcard core/a64/gen_decode.py),)
generated := $(BUILD)/gen/a64_table.h
table_o   := $(BUILD)/obj/gen/a64_table.o
endif

object     = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
lib_o     := $(call object,$(lib_c)) $(table_o)
god_o     := $(call object,$(god_c))
test_o    := $(call object,$(test_c))
fuzz_program = $(patsubst fuzz_%,$(BUILD)/targets/%,$(basename $(notdir $(1))))
fuzz_x    := $(call fuzz_program,$(fuzz_c))
guest_elf := $(patsubst guest-tests/%.s,$(BUILD)/guest-tests/%.elf,$(guest_s))
guest_bin := $(guest_elf:.elf=.bin)
data_elf  := $(patsubst linux-tests/data/%.s,build/linux-tests/%.elf,$(data_s))
data_bin  := $(data_elf:.elf=.bin)
# Programs for the Linux guest: a .c file each, or a directory of them.
programs_1 := $(patsubst linux-tests/programs/%.c,build/linux-tests/programs/%, \
	$(sort $(wildcard linux-tests/programs/*.c)))
programs_n := $(patsubst linux-tests/programs/%/,build/linux-tests/programs/%, \
	$(sort $(dir $(wildcard linux-tests/programs/*/*.c))))
programs  := $(programs_1) $(programs_n)

# --- Tasks --------------------------------------------------------------------------------------

# A task that first installs packages starts make again: what make found out about the machine
# when it read this file may have changed.
again = $(MAKE) --no-print-directory $(if $(findstring j,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all bench boot check iperf3 check-unit check-guest check-linux check-lockstep arm64 arm64-shared sysroot virtiofsd check-kvm bench-kvm lint format images kernel guests clean help
.PHONY: install uninstall deb fuzz fuzz-targets check-sanitize check-sanitized FORCE

all: $(BUILD)/libgod.a $(if $(god_c),$(BUILD)/god) ## build libgod.a and god (the default)

boot: ## install what is missing, build, fetch Linux and BusyBox, boot to a prompt
	$(Q)ci/setup.sh build images
	+$(Q)$(again) all images
	$(Q)$(BUILD)/god run --engine $(ENGINE) --kernel $(IMAGES)/Image \
		--initramfs $(IMAGES)/initramfs.cpio.gz

hello: ## the tutorial's first experiment: install what is missing, build, run a guest of one line
	$(Q)ci/setup.sh build guests
	+$(Q)$(again) all build/guest-tests/hello.elf
	$(Q)$(BUILD)/god run --binary build/guest-tests/hello.elf

check: ## install what is missing, build, run every test
	$(Q)ci/setup.sh build images test kernel
	+$(Q)$(again) all guests images kernel $(if $(test_c),$(BUILD)/unit-tests)
	+$(Q)$(MAKE) --no-print-directory -j1 check-unit check-guest check-linux
	+$(Q)$(if $(also_interp),$(MAKE) --no-print-directory -j1 check-guest check-linux \
		ENGINE=interp PYTEST_ARGS='-k "$(also_interp)"')

# Where auto means another engine, the reference is tested as well: by all guest tests, and by those
# Linux tests in which the CPU and not the VMM is asked for most.
also_interp := $(if $(filter x86_64 aarch64,$(ARCH)),$(if $(filter auto,$(ENGINE)),shell or interrupts or debug))

# The translator's tests compare millions of instructions on one thread: nothing to be seen there by ThreadSanitizer.
unit_args := $(if $(filter thread,$(SANITIZE)),--filter '!(jit|jit_simd)/*')

check-unit: $(if $(test_c),$(BUILD)/unit-tests) ## run the unit tests (Criterion)
	$(call say,UNIT,core devices harness)
	$(Q)$(if $(test_c),$(BUILD)/unit-tests $(unit_args))

check-guest: $(BUILD)/god guests ## run the guest tests
	$(call say,GUEST,$(BUILD)/guest-tests)
	$(Q)$(if $(filter thread,$(SANITIZE)),TSAN_OPTIONS=halt_on_error=1) $(BUILD)/god test --engine $(ENGINE) $(BUILD)/guest-tests

# What is worth its time in a build that is several times slower: on both engines a boot with four CPUs;
# on the faster one also all that the user and the host can do wrong, and who presses what when.
sanitize_boot := test_cpus_online and small-4
sanitize_address := $(sanitize_boot) or test_reboot or test_bad_input or test_hostile
sanitize_thread  := $(sanitize_boot) or test_reboot or test_power_key
sanitize_linux    = $(if $(findstring thread,$(SANITIZE)),$(sanitize_thread),$(sanitize_address))

check-sanitize: ## run the tests with each sanitizer, on both software engines
	$(Q)ci/setup.sh build images test kernel
	+$(Q)$(MAKE) --no-print-directory SANITIZE=address,undefined check-sanitized
	+$(Q)$(MAKE) --no-print-directory SANITIZE=thread check-sanitized

check-sanitized: # what check-sanitize does with one
	+$(Q)$(again) all guests images kernel $(BUILD)/unit-tests
	+$(Q)$(MAKE) --no-print-directory -j1 check-unit
	+$(Q)$(MAKE) --no-print-directory -j1 ENGINE=interp PYTEST_ARGS="-q -k '$(sanitize_boot)'" \
		check-guest check-linux
	+$(Q)$(MAKE) --no-print-directory -j1 ENGINE=jit PYTEST_ARGS="-q -k '$(sanitize_linux)'" \
		check-guest check-linux

# As many files at a time as there are CPUs; -n0 in PYTEST_ARGS: one after the other.
pytest_jobs = $(shell $(PYTHON) -c 'import xdist' 2>/dev/null && echo --numprocesses=$$(nproc) --dist=loadfile)

check-linux: $(BUILD)/god $(BUILD)/guest-tests/hello.bin $(BUILD)/guest-tests/code/much.elf images kernel iperf3 $(data_elf) $(data_bin) $(programs) ## boot Linux and test it (pytest)
	$(call say,LINUX,linux-tests)
	$(Q)$(PYTHON) -m pytest linux-tests --god $(BUILD)/god --engine $(ENGINE) $(pytest_jobs) \
		$(PYTEST_ARGS)

# LONG=1: Debian's kernel too, which takes minutes.
lockstep_kernels = $(LINUX)/arch/arm64/boot/Image $(if $(LONG),$(IMAGES)/Image)

check-lockstep: $(BUILD)/god guests images kernel $(programs) ## compare jit with interp, step by step: tests, Linux (LONG=1: Debian's too)
	$(call say,LOCKSTEP,$(BUILD)/guest-tests linux)
	$(Q)ci/lockstep.sh $(BUILD)/god $(BUILD)/guest-tests $(lockstep_kernels)

# libFuzzer comes with clang.  The software CPU has no magic numbers that it would have to find by
# watching each comparison, and makes very many.
fuzz_flags := address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
fuzz_make   = $(MAKE) --no-print-directory BUILD=build/fuzz CC="$(CLANG)" SANITIZE= \
	CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,$(fuzz_flags)" \
	LDFLAGS="-fsanitize=fuzzer,$(fuzz_flags)" A64_CFLAGS=-fno-sanitize-coverage=trace-cmp

fuzz: ## fuzz with FUZZ_SECONDS=60 for each target; FUZZ_TARGETS='pl011 its' chooses
	$(Q)ci/setup.sh build fuzz
	+$(Q)$(if $(findstring j,$(MAKEFLAGS)),$(fuzz_make),$(fuzz_make) -j$(shell nproc)) fuzz-targets
	$(Q)FUZZ_SECONDS='$(FUZZ_SECONDS)' FUZZ_SEED='$(FUZZ_SEED)' ci/fuzz.sh run $(FUZZ_TARGETS)

fuzz-targets: $(fuzz_x)

check-kvm: ## run the tests with KVM: in an emulated arm64 host, or here on an arm64 one
	$(Q)ci/setup.sh build images test kernel kvm
	+$(Q)$(again) arm64 $(if $(is_arm64),,arm64-shared virtiofsd) guests images kernel $(data_bin) \
		build/linux-tests/programs/stream
	$(Q)ci/kvm-check.sh

bench-kvm: ## measure the kvm engine, in the same emulated host
	$(Q)ci/setup.sh build images kernel kvm
	+$(Q)$(again) arm64 guests images kernel $(data_bin) build/linux-tests/programs/stream build/bench/work
	$(Q)ci/kvm-bench.sh

# Below build/iperf3: a program of Debian's with all that it is linked with, for the Linux tests.
iperf3:
	$(Q)ci/sysroot.sh build/iperf3 iperf3 libiperf0 'libsctp1(t64)?' 'libssl3(t64)?' libc6

# Below build/virtiofsd: the arm64 one that serves the emulated host's shared folders, QEMU's (Debian 12)
# or the one in Rust, and what either is linked with.
virtiofsd: sysroot
	$(Q)ci/sysroot.sh build/virtiofsd '(qemu-system-common|virtiofsd)' libcap-ng0 libseccomp2 libnuma1 \
		libgcc-s1 libc6

# god for an arm64 host; from another one, in a single file that runs on any Linux.
ARM64    := build/arm64
SYSROOT  := build/sysroot-arm64
sysroot_lib := $(SYSROOT)/usr/lib/aarch64-linux-gnu
is_arm64 := $(filter aarch64,$(shell uname -m))
arm64_make = $(MAKE) --no-print-directory SANITIZE= $(if $(is_arm64),,CROSS_COMPILE=aarch64-linux-gnu- \
	CC=aarch64-linux-gnu-gcc AR=aarch64-linux-gnu-ar CPPFLAGS="-isystem $(SYSROOT)/usr/include" \
	LDFLAGS="-L$(sysroot_lib) -Wl$(comma)-rpath-link$(comma)$(sysroot_lib)")

arm64: sysroot ## build god and its unit tests for arm64, in build/arm64
	+$(Q)$(arm64_make) BUILD=$(ARM64) $(if $(is_arm64),,STATIC=1) all $(ARM64)/unit-tests

# god with libslirp, which Debian has no static one of. The other libraries are static here, too.
arm64-shared: sysroot
	+$(Q)$(arm64_make) BUILD=$(ARM64)-shared $(ARM64)-shared/god

# What they are linked with: static libraries, and libslirp with those that it needs.
sysroot:
	$(Q)$(if $(is_arm64),:,ci/sysroot.sh $(SYSROOT) libfdt-dev zlib1g-dev libcapstone-dev liburing-dev \
		libcriterion-dev libslirp-dev libslirp0 'libglib2.0-0(t64)?' libpcre2-8-0 libatomic1)

bench: ## compare god with QEMU on this machine; BENCH_ARGS=--help lists the options
	$(Q)ci/setup.sh build images kernel test bench
	+$(Q)$(again) all images kernel build/bench/work build/bench/off.elf
	$(Q)$(PYTHON) ci/bench/bench.py --god $(BUILD)/god --svg build/bench/chart.svg $(BENCH_ARGS)

install: all ## install below PREFIX=/usr/local (and DESTDIR): program, library, manual, completion
	$(install_all)

uninstall: ## remove what install installs
	$(uninstall_all)

deb: ## make a Debian package of it, in build/
	$(Q)ci/setup.sh build deb
	+$(Q)$(again) all
	+$(Q)MAKE='$(MAKE)' ci/deb.sh $(BUILD) $(VERSION)

# The tutorial. Its experiments run god, guest tests and Debian's kernel.
.PHONY: hello docs check-docs check-docs-kvm docs-update check-site

check-docs: ## check the tutorial: excerpts, commands with their output, links, spelling
	$(Q)ci/setup.sh build images test docs
	+$(Q)$(again) all guests images
	$(Q)$(PYTHON) -m pytest -q -p no:cacheprovider ci/docs/tests
	$(Q)$(PYTHON) ci/docs/check.py $(DOCS_ARGS)

check-docs-kvm: ## check its experiments with KVM, in an emulated arm64 host where there is none
	$(Q)ci/setup.sh build images test kvm
	+$(Q)$(again) arm64 guests images
	$(Q)ci/docs/kvm.sh

docs-update: all guests images ## refresh its excerpts (DOCS_ARGS=--output: and its outputs)
	$(Q)$(PYTHON) ci/docs/check.py --update $(DOCS_ARGS)

docs: ## build its site in build/site
	$(Q)ci/setup.sh site
	$(Q)ci/docs/mermaid.sh build/docs/mermaid.min.js
	$(Q)$(PYTHON) ci/docs/site.py --mermaid build/docs/mermaid.min.js --work build/docs/site \
		--site build/site

check-site: docs ## the site in a headless Chromium
	$(Q)ci/setup.sh site test
	$(Q)$(PYTHON) -m pytest -q -p no:cacheprovider ci/docs/tests_site

images: ## fetch Debian's arm64 kernel and BusyBox into build/images
	$(Q)ci/images.sh $(IMAGES)

kernel: ## build the small arm64 kernel into build/linux
	$(Q)ci/kernel.sh $(LINUX)

clean: ## remove what was built (downloads and guest images stay; rm -r build removes those too)
	$(Q)rm -rf $(BUILD)/obj $(BUILD)/gen $(BUILD)/guest-tests $(BUILD)/linux-tests \
		$(BUILD)/cppcheck $(BUILD)/deb $(BUILD)/*.deb build/bench build/fuzz $(BUILD)/libgod.a $(BUILD)/god $(BUILD)/unit-tests build/san-* build/site build/docs/site

help: ## list the tasks
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | \
		while IFS="$$(printf '\t')" read -r task what; do \
			printf '  make %-14s %s\n' "$$task" "$$what"; \
		done
	@sed -n '/^#   V=1/,/^#  *build for/s/^#   /  /p' Makefile

# --- Style --------------------------------------------------------------------------------------

lint_dirs := $(wildcard core devices harness linux-tests ci guest-tests)
format_c   = find $(lint_dirs) -name '*.[ch]'
shell_sh   = find ci linux-tests -name '*.sh'

lint: ## check style and look for mistakes, in C, shell and Python
	$(Q)ci/setup.sh build lint
	+$(Q)$(MAKE) --no-print-directory $(generated)
	$(call say,LINT,clang-format)
	$(Q)$(format_c) -print0 | xargs -0 -r $(CLANG_FORMAT) --dry-run -Werror
	$(call say,LINT,cppcheck)
	$(Q)mkdir -p $(BUILD)/cppcheck
	$(Q)cppcheck --quiet --error-exitcode=1 -j$(shell nproc) --std=c11 --language=c \
		--cppcheck-build-dir=$(BUILD)/cppcheck --suppressions-list=ci/cppcheck.txt \
		--enable=warning,performance,portability --inline-suppr --platform=unix64 \
		-D_GNU_SOURCE -D__x86_64__ -I. -I$(BUILD)/gen $(lib_c) $(god_c)
	$(call say,LINT,shellcheck)
	$(Q)shellcheck $$($(shell_sh)) .ci/run dist/god.bash
	$(call say,LINT,flake8)
	$(Q)$(PYTHON) -m flake8 --max-line-length=100 $(lint_dirs)

format: ## rewrite the C sources in the project's style
	$(Q)$(format_c) -print0 | xargs -0 -r $(CLANG_FORMAT) -i

# --- god and libgod.a ---------------------------------------------------------------------------

# Criterion brings main(); the sanitizers need our own, and an arm64 build on another machine has no
# Criterion at all.
unit_o := $(test_o) $(filter-out %/main.o,$(god_o))
unit_ldlibs := -lcriterion
ifneq ($(SANITIZE),)
unit_o += $(BUILD)/obj/ci/unit_main.o
else ifneq ($(CROSS_COMPILE),)
unit_o += $(BUILD)/obj/ci/unit_main.o $(BUILD)/obj/ci/unit_library.o
unit_ldlibs :=
endif

# A file that holds what it was built with, and changes only when that does.  Objects depend on the
# compiler's flags; an archive or a program on the list of its parts, so that deleting a source
# file rebuilds it.
define remember
	$(Q)mkdir -p $(@D); printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' >$@
endef

$(BUILD)/obj/flags: FORCE
	$(call remember,$(CC) $(all_cflags) $(a64_cflags) $(all_cppflags))
$(BUILD)/obj/lib.parts: FORCE
	$(call remember,$(AR) $(lib_o))
$(BUILD)/obj/god.parts: FORCE
	$(call remember,$(all_ldflags) $(god_o) $(god_ldlibs))
$(BUILD)/obj/unit-tests.parts: FORCE
	$(call remember,$(all_ldflags) $(unit_o))

$(BUILD)/libgod.a: $(lib_o) $(BUILD)/obj/lib.parts
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $(lib_o)

$(BUILD)/god: $(god_o) $(BUILD)/libgod.a $(BUILD)/obj/god.parts
	$(call say,LD,$@)
	$(Q)$(CC) $(all_cflags) $(all_ldflags) -o $@ $(god_o) $(BUILD)/libgod.a $(god_ldlibs)

$(BUILD)/unit-tests: $(unit_o) $(BUILD)/libgod.a $(BUILD)/obj/unit-tests.parts
	$(call say,LD,$@)
	$(Q)$(CC) $(all_cflags) $(all_ldflags) -o $@ $(unit_o) $(BUILD)/libgod.a \
		$(unit_ldlibs) $(god_ldlibs)

# A fuzz target: its own object, its folder's fuzz.o, and what it needs of the rest.
$(foreach f,$(fuzz_c),$(eval $(call fuzz_program,$(f)): \
	$(call object,$(f) $(wildcard $(dir $(f))fuzz.c))))
fuzz_lib_o := $(call object,core/tests/idle_engine.c harness/tests/elf_builder.c) \
	$(filter-out %/main.o,$(god_o))

$(BUILD)/fuzz.a: $(fuzz_lib_o)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $(fuzz_lib_o)

$(fuzz_x): $(BUILD)/fuzz.a $(BUILD)/libgod.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_cflags) $(all_ldflags) -o $@ $(filter %.o,$^) $(BUILD)/fuzz.a \
		$(BUILD)/libgod.a $(god_ldlibs)

compile = $(CC) $(all_cflags) $(object_cflags) $(all_cppflags) -MMD -MP -c -o $@ $<

$(BUILD)/obj/core/a64/%.o: object_cflags := $(a64_cflags)
$(BUILD)/obj/gen/%.o: object_cflags := $(a64_cflags)

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/obj/flags | $(generated)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(compile)

$(BUILD)/obj/%.o: %.c $(BUILD)/obj/flags | $(generated)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(compile)

# The decoder, made from the instruction table.  Grouped: one run makes both files.
$(BUILD)/gen/a64_table.h $(BUILD)/gen/a64_table.c &: core/a64/gen_decode.py core/a64/a64.decode
	$(call say,GEN,$(BUILD)/gen/a64_table)
	$(Q)mkdir -p $(BUILD)/gen
	$(Q)$(PYTHON) core/a64/gen_decode.py core/a64/a64.decode \
		--header $(BUILD)/gen/a64_table.h --source $(BUILD)/gen/a64_table.c

-include $(patsubst %.o,%.d,$(lib_o) $(god_o) $(test_o) $(call object,$(fuzz_all)))

# --- Installation -------------------------------------------------------------------------------

PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
LIBDIR      ?= $(PREFIX)/lib
INCLUDEDIR  ?= $(PREFIX)/include
DATADIR     ?= $(PREFIX)/share
ZSHDIR      ?= $(DATADIR)/zsh/site-functions
DESTDIR     ?=
INSTALL     ?= install
VERSION     := $(shell sed -n 's/^.define GOD_VERSION "\(.*\)"/\1/p' harness/main.c)

install_bin  = $(DESTDIR)$(BINDIR)/god
install_lib  = $(DESTDIR)$(LIBDIR)/libgod.a
install_pc   = $(DESTDIR)$(LIBDIR)/pkgconfig/god.pc
install_h    = $(DESTDIR)$(INCLUDEDIR)/god
install_man  = $(DESTDIR)$(DATADIR)/man/man1/god.1
install_bash = $(DESTDIR)$(DATADIR)/bash-completion/completions/god
install_fish = $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/god.fish
install_zsh  = $(DESTDIR)$(ZSHDIR)/_god

# The public headers of the library are those that harness/ includes, directly or not.
public_h     = $(shell $(CC) $(all_cppflags) -MM $(god_c) | tr -s ' \\' '\n' | \
	grep -E '^(core|devices)/.*\.h$$' | sort -u)

define install_all
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)$(INSTALL) -D -m 755 $(BUILD)/god $(install_bin)
	$(Q)$(INSTALL) -D -m 644 $(BUILD)/libgod.a $(install_lib)
	$(Q)set -e; for header in $(public_h); do \
		$(INSTALL) -D -m 644 $$header $(install_h)/$$header; done
	$(Q)$(INSTALL) -d $(dir $(install_pc))
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(VERSION)|; s|@LIBS@|$(strip $(lib_ldlibs))|' dist/god.pc.in >$(install_pc)
	$(Q)chmod 644 $(install_pc)
	$(Q)$(INSTALL) -D -m 644 dist/god.1 $(install_man)
	$(Q)$(INSTALL) -D -m 644 dist/god.bash $(install_bash)
	$(Q)$(INSTALL) -D -m 644 dist/god.fish $(install_fish)
	$(Q)$(INSTALL) -D -m 644 dist/god.zsh $(install_zsh)
endef

define uninstall_all
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -f $(install_bin) $(install_lib) $(install_pc) $(install_man) $(install_bash) \
		$(install_fish) $(install_zsh)
	$(Q)rm -rf $(install_h)
endef

# --- Guest programs -----------------------------------------------------------------------------

guest_asflags := -gdwarf-4 -march=armv8.2-a+crypto+fp16+dotprod+rcpc+lse+crc+rdma+ssbs -I guest-tests
guest_ldflags := -nostdlib --build-id=none -z max-page-size=4096 --no-warn-rwx-segments

# A test whose source is gone must not run any more.
guest_stale = $(filter-out $(guest_elf) $(guest_bin), \
	$(shell find $(BUILD)/guest-tests -name '*.elf' -o -name '*.bin' 2>/dev/null))

guests: $(guest_elf) $(guest_bin) ## assemble the guest tests
	$(Q)$(if $(strip $(guest_stale)),rm -f $(guest_stale),:)

$(BUILD)/obj/guest-tests/%.o: guest-tests/%.s
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(GUEST)as $(guest_asflags) --MD $(@:.o=.d) -o $@ $<

$(BUILD)/guest-tests/%.elf: $(BUILD)/obj/guest-tests/%.o guest-tests/link.ld
	$(Q)mkdir -p $(@D)
	$(Q)$(GUEST)ld $(guest_ldflags) -T guest-tests/link.ld -o $@ $<

# The programs that linux-tests runs as they are: no test.inc, entered at the start of a raw image.
build/linux-tests/%.elf: linux-tests/data/%.s
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(GUEST)as $(guest_asflags) -o $(@:.elf=.o) $<
	$(Q)$(GUEST)ld $(guest_ldflags) -Ttext=0x40080000 --entry=0x40080000 -o $@ $(@:.elf=.o)

# The programs that linux-tests runs in the guest, beside BusyBox.
$(programs_1): build/linux-tests/programs/%: linux-tests/programs/%.c
.SECONDEXPANSION:
$(programs_n): build/linux-tests/programs/%: $$(wildcard linux-tests/programs/%/*.[ch])
$(programs):
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(GUEST)gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -static -pthread -s \
		-o $@ $(filter %.c,$^)

# What `make bench` runs in guests: a Linux program, and a bare-metal one.
build/bench/work: $(wildcard ci/bench/*.[ch])
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(GUEST)gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -pthread -static -o $@ $(filter %.c,$^) -lm

build/bench/off.elf: ci/bench/off.s guest-tests/test.inc guest-tests/link.ld
	$(call say,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(GUEST)as $(guest_asflags) -o $(@:.elf=.o) $<
	$(Q)$(GUEST)ld $(guest_ldflags) -T guest-tests/link.ld -o $@ $(@:.elf=.o)

%.bin: %.elf
	$(Q)$(GUEST)objcopy -O binary $< $@

-include $(patsubst %.elf,%.d,$(subst $(BUILD)/guest-tests/,$(BUILD)/obj/guest-tests/,$(guest_elf)))

FORCE:
