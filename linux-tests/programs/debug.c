/*
 * What a debugger does to a process on arm64, by ptrace(2): hardware breakpoints and watchpoints
 * (NT_ARM_HW_BREAK, NT_ARM_HW_WATCH), single steps, breakpoints written into the code, and all that in
 * one of several threads of a process which runs already, as gdbserver does it. A line for each thing
 * found out; linux-tests/test_debug.py knows what they should say.
 *
 * The child runs five times through a piece of assembly whose instructions are known one by one.
 */
#include <asm/ptrace.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Eight instructions are executed of it: a system call, a branch, a load, a store of `watched`. */
extern void piece(volatile uint64_t *watched);
extern const char piece_load[], piece_store[], piece_end[];

__asm__("	.text\n"
	"	.globl	piece, piece_load, piece_store, piece_end\n"
	"piece:	mov	x8, #178\n" /* gettid */
	"	mov	x2, x0\n"
	"	svc	#0\n"
	"	b	1f\n"
	"	nop\n"
	"1:\n"
	"piece_load:\n"
	"	ldr	w1, [x2, #4]\n"
	"	mov	x1, #42\n"
	"piece_store:\n"
	"	strb	w1, [x2, #5]\n"
	"	mov	x0, #0\n"
	"piece_end:\n"
	"	ret\n");

static volatile uint64_t watched;

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static void child(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	for (unsigned i = 0; i < 5; i++)
		piece(&watched);
	_exit(7);
}

/* Slot 0 of the breakpoints or watchpoints. */
static void set(pid_t pid, int note, const volatile void *address, uint32_t control)
{
	struct user_hwdebug_state state = {0};
	struct iovec iov = {&state, offsetof(struct user_hwdebug_state, dbg_regs[1])};

	state.dbg_regs[0].addr = (uint64_t)address;
	state.dbg_regs[0].ctrl = control;
	if (ptrace(PTRACE_SETREGSET, pid, (void *)(uintptr_t)note, &iov))
		fail("PTRACE_SETREGSET");
}

static unsigned slots(pid_t pid, int note)
{
	struct user_hwdebug_state state = {0};
	struct iovec iov = {&state, sizeof(state)};

	if (ptrace(PTRACE_GETREGSET, pid, (void *)(uintptr_t)note, &iov))
		fail("PTRACE_GETREGSET");
	return state.dbg_info & 0xff;
}

static struct user_pt_regs registers(pid_t pid)
{
	struct user_pt_regs regs;
	struct iovec iov = {&regs, sizeof(regs)};

	if (ptrace(PTRACE_GETREGSET, pid, (void *)(uintptr_t)NT_PRSTATUS, &iov))
		fail("NT_PRSTATUS");
	return regs;
}

/* Let it go on; it stops again, or is gone. */
static bool resume(pid_t pid, int how)
{
	int status;

	if (ptrace(how, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid)
		fail("ptrace");
	if (WIFSTOPPED(status))
		return true;
	printf("child ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return false;
}

static void say_stop(pid_t pid, const char *what, const volatile void *expected)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, pid, NULL, &info))
		fail("PTRACE_GETSIGINFO");
	printf("%s: signal %d code %d at %+ld, pc at %+ld\n", what, info.si_signo, info.si_code,
	       (long)((char *)info.si_addr - (char *)expected),
	       (long)(registers(pid).pc - (uint64_t)piece));
}

/* Step until pc is the end of the piece. The kernel stops twice at a system call, before its
 * return and after. */
static void step_through(pid_t pid)
{
	unsigned steps = 0;

	while (registers(pid).pc != (uint64_t)piece_end && steps < 100) {
		if (!resume(pid, PTRACE_SINGLESTEP))
			return;
		steps++;
	}
	printf("steps: %u\n", steps);
}

/* Write a word of code, which is half of what ptrace writes at a time. */
static uint32_t poke(pid_t pid, const char *at, uint32_t word)
{
	char *aligned = (char *)((uintptr_t)at & ~7UL);
	unsigned shift = 8 * (unsigned)(at - aligned);
	uint64_t old = (uint64_t)ptrace(PTRACE_PEEKTEXT, pid, aligned, NULL);
	uint64_t new = (old & ~(0xffffffffULL << shift)) | (uint64_t)word << shift;

	if (ptrace(PTRACE_POKETEXT, pid, aligned, (void *)new))
		fail("PTRACE_POKETEXT");
	return (uint32_t)(old >> shift);
}

#define BRK 0xd4200000u

/* A breakpoint in the code: hit, stepped over, and hit again. */
static void break_by_code(pid_t pid)
{
	uint32_t word = poke(pid, piece_store, BRK);

	resume(pid, PTRACE_CONT);
	say_stop(pid, "brk", piece_store);
	poke(pid, piece_store, word);
	resume(pid, PTRACE_SINGLESTEP);
	say_stop(pid, "stepped over", piece_store);
	poke(pid, piece_store, BRK);
	resume(pid, PTRACE_CONT);
	say_stop(pid, "brk again", piece_store);
	poke(pid, piece_store, word);
}

#define ENABLE	 1u
#define LOAD	 (1u << 3)
#define STORE	 (2u << 3)
#define BYTES(n) ((n) << 5)

/* --- Threads of a process that runs already --- */

static volatile uint64_t thread_data[2];

static void *work(void *data)
{
	for (;;)
		piece(data);
	return NULL;
}

static void many_threads(int ready)
{
	pthread_t other;

	if (pthread_create(&other, NULL, work, (void *)&thread_data[1]))
		_exit(1);
	if (write(ready, "x", 1) != 1)
		_exit(1);
	work((void *)&thread_data[0]);
}

/* The second thread's number: the one in /proc that is not the process' own. */
static pid_t second_thread(pid_t pid)
{
	char path[32];
	pid_t found = 0;
	struct dirent *entry;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	if (!tasks)
		fail(path);
	while ((entry = readdir(tasks)))
		if (atoi(entry->d_name) > 0 && atoi(entry->d_name) != pid)
			found = atoi(entry->d_name);
	closedir(tasks);
	return found;
}

static void seize(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
	    waitpid(pid, &status, __WALL) != pid)
		fail("PTRACE_SEIZE");
}

/* A thread's own breakpoint or watchpoint stops that thread alone, again and again. */
static void break_one_thread(pid_t main_thread, pid_t other)
{
	unsigned stops = 0;

	set(other, NT_ARM_HW_WATCH, &thread_data[1], ENABLE | STORE | BYTES(0xffu));
	if (ptrace(PTRACE_CONT, main_thread, NULL, NULL))
		fail("PTRACE_CONT");
	for (unsigned i = 0; i < 20; i++) {
		siginfo_t info;
		int status;

		if (ptrace(PTRACE_CONT, other, NULL, NULL) ||
		    waitpid(-1, &status, __WALL) != other || !WIFSTOPPED(status) ||
		    ptrace(PTRACE_GETSIGINFO, other, NULL, &info))
			fail("a thread");
		stops +=
			info.si_code == TRAP_HWBKPT && registers(other).pc == (uint64_t)piece_store;
		/* Over the store, without the watchpoint. */
		set(other, NT_ARM_HW_WATCH, &thread_data[1], STORE | BYTES(0xffu));
		if (ptrace(PTRACE_SINGLESTEP, other, NULL, NULL) ||
		    waitpid(other, &status, __WALL) != other)
			fail("PTRACE_SINGLESTEP");
		set(other, NT_ARM_HW_WATCH, &thread_data[1], ENABLE | STORE | BYTES(0xffu));
	}
	printf("one thread: %u stops\n", stops);
}

static void debug_threads(void)
{
	int ready[2];
	char byte;
	pid_t pid, other;

	if (pipe(ready))
		fail("pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		many_threads(ready[1]);
	if (pid < 0 || read(ready[0], &byte, 1) != 1)
		fail("fork");
	other = second_thread(pid);
	seize(pid);
	seize(other);
	break_one_thread(pid, other);
	kill(pid, SIGKILL);
}

int main(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		child();
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		fail("fork");
	printf("breakpoints: %u, watchpoints: %u\n", slots(pid, NT_ARM_HW_BREAK),
	       slots(pid, NT_ARM_HW_WATCH));

	set(pid, NT_ARM_HW_BREAK, (const void *)piece, ENABLE | BYTES(0xfu));
	resume(pid, PTRACE_CONT);
	say_stop(pid, "breakpoint", (const void *)piece);
	set(pid, NT_ARM_HW_BREAK, (const void *)piece, BYTES(0xfu));
	step_through(pid);

	set(pid, NT_ARM_HW_WATCH, &watched, ENABLE | STORE | BYTES(0x20u));
	resume(pid, PTRACE_CONT);
	say_stop(pid, "store", &watched);
	set(pid, NT_ARM_HW_WATCH, &watched, STORE | BYTES(0x20u));
	resume(pid, PTRACE_SINGLESTEP);
	printf("after the store: %+ld, byte %ld\n", (long)(registers(pid).pc - (uint64_t)piece),
	       ptrace(PTRACE_PEEKDATA, pid, (void *)&watched, NULL) >> 40 & 0xff);

	set(pid, NT_ARM_HW_WATCH, &watched, ENABLE | LOAD | BYTES(0xf0u));
	resume(pid, PTRACE_CONT);
	say_stop(pid, "load", &watched);
	set(pid, NT_ARM_HW_WATCH, &watched, LOAD | BYTES(0xf0u));
	break_by_code(pid);
	while (resume(pid, PTRACE_CONT))
		;
	debug_threads();
	return 0;
}
