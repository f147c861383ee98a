/*
 * Floating-point and SIMD state: what a thread holds in its registers stays there through system
 * calls, preemption, migration and signal handlers that use all of them.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define WORDS 64 /* 32 registers of 128 bits */

/* FPCR: a rounding mode and flush-to-zero; FPSR: cumulative flags. */
#define FPCR_OF(seed) (((seed) & 3) << 22 | ((seed) >> 2 & 1) << 24)
#define FPSR_OF(seed) ((seed) & 0x1f)

#define EACH_PAIR(insn)                                                                     \
	insn " q0, q1, [%0]\n" insn " q2, q3, [%0, #32]\n" insn " q4, q5, [%0, #64]\n" insn \
	     " q6, q7, [%0, #96]\n" insn " q8, q9, [%0, #128]\n" insn                       \
	     " q10, q11, [%0, #160]\n" insn " q12, q13, [%0, #192]\n" insn                  \
	     " q14, q15, [%0, #224]\n" insn " q16, q17, [%0, #256]\n" insn                  \
	     " q18, q19, [%0, #288]\n" insn " q20, q21, [%0, #320]\n" insn                  \
	     " q22, q23, [%0, #352]\n" insn " q24, q25, [%0, #384]\n" insn                  \
	     " q26, q27, [%0, #416]\n" insn " q28, q29, [%0, #448]\n" insn                  \
	     " q30, q31, [%0, #480]\n"

#define ALL_V                                                                                   \
	"v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", \
		"v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24",    \
		"v25", "v26", "v27", "v28", "v29", "v30", "v31"

struct held {
	uint64_t v[WORDS];
	uint64_t fpcr, fpsr;
};

/*
 * Load all registers, let `turns` pass, store them again. With `syscall` a turn is a system call
 * without arguments, otherwise a few hundred instructions.
 */
static void hold(struct held *held, uint64_t turns, uint64_t syscall)
{
	register uint64_t x0 __asm__("x0");
	register uint64_t x8 __asm__("x8") = syscall;

	__asm__ volatile(EACH_PAIR("ldp") "	msr	fpcr, %[fpcr]\n"
					  "	msr	fpsr, %[fpsr]\n"
					  "1:	cbz	x8, 2f\n"
					  "	svc	#0\n"
					  "	b	4f\n"
					  "2:	mov	x0, #300\n"
					  "3:	subs	x0, x0, #1\n"
					  "	b.ne	3b\n"
					  "4:	subs	%[turns], %[turns], #1\n"
					  "	b.ne	1b\n"
					  "	mrs	%[fpcr], fpcr\n"
					  "	mrs	%[fpsr], fpsr\n"
					  "	msr	fpcr, xzr\n" EACH_PAIR("stp")
			 : "+&r"(held), [turns] "+&r"(turns), [fpcr] "+&r"(held->fpcr),
			   [fpsr] "+&r"(held->fpsr), "=&r"(x0), "+&r"(x8)
			 :
			 : "memory", "cc", ALL_V);
}

static void hold_and_check(struct workload *w, uint64_t seed, uint64_t turns, uint64_t syscall)
{
	struct held held = {.fpcr = FPCR_OF(seed), .fpsr = FPSR_OF(seed)};

	pattern_fill(held.v, WORDS, seed);
	hold(&held, turns, syscall);
	check(w, pattern_holds(held.v, WORDS, seed), "a SIMD register changed");
	check(w, held.fpcr == FPCR_OF(seed), "FPCR changed");
	check(w, held.fpsr == FPSR_OF(seed), "FPSR changed");
}

/* Computed twice, with a chance to be preempted between any two operations. */
static double series(double x, unsigned terms)
{
	double sum = 0, term = 1;

	for (unsigned n = 1; n <= terms; n++) {
		sum += term;
		term *= x / n;
	}
	return sum;
}

static void simd_thread(struct workload *w, unsigned index)
{
	uint64_t seed = index + 100;
	double expected = series(1.25 + index, 200);

	while (time_left(w)) {
		hold_and_check(w, next_random(&seed) | 1, 50, SYS_sched_yield);
		hold_and_check(w, next_random(&seed) | 1, 200, 0);
		check(w, series(1.25 + index, 200) == expected, "a sum came out differently");
		count_round(w);
	}
}

void run_simd(struct workload *w)
{
	run_threads(w, simd_thread);
}

/* ---- Signals ---- */

#define OUTSTANDING 16

static struct {
	uint64_t sent, sent_sum;
	uint64_t received, received_sum;
	uint64_t ticks, kicks;
} signals;

/* A handler that leaves nothing as it was. */
static void scribble(void)
{
	struct held held = {.fpcr = FPCR_OF(7), .fpsr = FPSR_OF(31)};

	memset(held.v, 0xa5, sizeof(held.v));
	hold(&held, 1, 0);
}

static void on_tick(int number)
{
	int before = errno;

	(void)number;
	scribble();
	__atomic_fetch_add(&signals.ticks, 1, __ATOMIC_RELAXED);
	errno = before;
}

static void on_kick(int number)
{
	(void)number;
	scribble();
	__atomic_fetch_add(&signals.kicks, 1, __ATOMIC_RELAXED);
}

static void on_queued(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	scribble();
	__atomic_fetch_add(&signals.received_sum, (uint64_t)info->si_value.sival_int,
			   __ATOMIC_RELAXED);
	__atomic_fetch_add(&signals.received, 1, __ATOMIC_RELEASE);
}

/* Numbers that have to arrive, each once, whichever thread takes the signal. */
static void send_queued(struct workload *w)
{
	union sigval value = {.sival_int = (int)(signals.sent % 1000 + 1)};

	if (signals.sent - __atomic_load_n(&signals.received, __ATOMIC_ACQUIRE) >= OUTSTANDING) {
		sched_yield();
		return;
	}
	check(w, sigqueue(getpid(), SIGRTMIN, value) == 0, "sigqueue: %s", strerror(errno));
	signals.sent++;
	signals.sent_sum += (uint64_t)value.sival_int;
}

static timer_t start_timer(struct workload *w, long ns)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	struct itimerspec period = {.it_value.tv_nsec = ns, .it_interval.tv_nsec = ns};
	timer_t timer;

	check(w, timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "timer_create");
	check(w, timer_settime(timer, 0, &period, NULL) == 0, "timer_settime");
	return timer;
}

static void signals_thread(struct workload *w, unsigned index)
{
	uint64_t seed = index + 200;

	while (time_left(w)) {
		if (index == 0) {
			for (unsigned n = 0; n < 8; n++)
				send_queued(w);
			kill(getpid(), SIGUSR1);
		} else {
			hold_and_check(w, next_random(&seed) | 1, 100,
				       index == 1 ? SYS_getppid : 0);
		}
		count_round(w);
	}
}

void run_signals(struct workload *w)
{
	struct sigaction tick = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
	struct sigaction kicked = {.sa_handler = on_kick, .sa_flags = SA_RESTART};
	struct sigaction queued = {.sa_sigaction = on_queued, .sa_flags = SA_SIGINFO | SA_RESTART};
	uint64_t give_up;
	timer_t timer;

	sigaction(SIGUSR2, &tick, NULL);
	sigaction(SIGUSR1, &kicked, NULL);
	sigaction(SIGRTMIN, &queued, NULL);
	timer = start_timer(w, 2000000);
	run_threads(w, signals_thread);
	timer_delete(timer);
	give_up = now_ns() + 20000000000ULL;
	while (__atomic_load_n(&signals.received, __ATOMIC_ACQUIRE) < signals.sent)
		check(w, now_ns() < give_up, "%llu queued signals of %llu were lost",
		      (unsigned long long)(signals.sent - signals.received),
		      (unsigned long long)signals.sent);
	check(w, signals.received == signals.sent, "a queued signal came twice");
	check(w, signals.received_sum == signals.sent_sum, "a queued signal's value changed");
	check(w, signals.ticks > 0 && signals.kicks > 0, "no tick or no kick");
}
