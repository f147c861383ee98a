/*
 * Futexes, exclusives and atomics: counters that must come out exactly.
 *
 * The instructions are written out: a compiler would choose between them by what the CPU has.
 */
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "stress.h"

#define PER_ROUND 500

/* ---- Mutex and condition variables: futexes ---- */

/* A bounded queue: half of the threads put numbers in, half take them out. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t room, filled;
	uint64_t items[8];
	unsigned count, producers;
	uint64_t put_sum, take_sum;
	uint64_t left, right; /* equal whenever the lock is free */
} queue;

static void queue_put(uint64_t item)
{
	pthread_mutex_lock(&queue.lock);
	while (queue.count == 8)
		pthread_cond_wait(&queue.room, &queue.lock);
	queue.items[queue.count++] = item;
	queue.put_sum += item;
	pthread_cond_signal(&queue.filled);
	pthread_mutex_unlock(&queue.lock);
}

static bool queue_take(void)
{
	bool taken = false;

	pthread_mutex_lock(&queue.lock);
	while (!queue.count && queue.producers)
		pthread_cond_wait(&queue.filled, &queue.lock);
	if (queue.count) {
		queue.take_sum += queue.items[--queue.count];
		taken = true;
		pthread_cond_signal(&queue.room);
	}
	pthread_mutex_unlock(&queue.lock);
	return taken;
}

static void queue_close(void)
{
	pthread_mutex_lock(&queue.lock);
	queue.producers--;
	pthread_cond_broadcast(&queue.filled);
	pthread_mutex_unlock(&queue.lock);
}

static void count_both(struct workload *w)
{
	for (unsigned n = 0; n < PER_ROUND; n++) {
		pthread_mutex_lock(&queue.lock);
		queue.left++;
		check(w, queue.left == queue.right + 1, "somebody else was inside the lock");
		queue.right++;
		pthread_mutex_unlock(&queue.lock);
	}
}

static void mutex_thread(struct workload *w, unsigned index)
{
	uint64_t seed = index + 1;

	if (index % 2) {
		while (queue_take())
			;
		return;
	}
	while (time_left(w)) {
		count_both(w);
		for (unsigned n = 0; n < 50; n++)
			queue_put(next_random(&seed));
		count_round(w);
	}
	queue_close();
}

void run_mutex(struct workload *w)
{
	pthread_mutex_init(&queue.lock, NULL);
	pthread_cond_init(&queue.room, NULL);
	pthread_cond_init(&queue.filled, NULL);
	queue.producers = THREADS / 2;
	run_threads(w, mutex_thread);
	check(w, queue.put_sum == queue.take_sum, "the queue lost something");
	check(w, queue.left == *w->rounds * PER_ROUND, "%llu increments instead of %llu",
	      (unsigned long long)queue.left, (unsigned long long)*w->rounds * PER_ROUND);
}

/* ---- Load-exclusive and store-exclusive ---- */

/* All in one line, so that they are in each other's way. */
static struct {
	uint64_t pair[2]; /* equal */
	uint64_t doubleword;
	uint32_t word;
	uint16_t halfword;
	uint8_t byte;
} __attribute__((aligned(64))) counters;

#define EXCLUSIVE_ADD(name, type, suffix)                             \
	static void exclusive_add_##name(type *at)                    \
	{                                                             \
		uint32_t value, failed;                               \
                                                                      \
		__asm__ volatile("1: ldxr" suffix " %w0, [%2]\n"      \
				 "   add %w0, %w0, #1\n"              \
				 "   stxr" suffix " %w1, %w0, [%2]\n" \
				 "   cbnz %w1, 1b\n"                  \
				 : "=&r"(value), "=&r"(failed)        \
				 : "r"(at)                            \
				 : "memory");                         \
	}

EXCLUSIVE_ADD(byte, uint8_t, "b")
EXCLUSIVE_ADD(halfword, uint16_t, "h")
EXCLUSIVE_ADD(word, uint32_t, "")

static void exclusive_add_doubleword(uint64_t *at)
{
	uint64_t value;
	uint32_t failed;

	__asm__ volatile("1: ldaxr %0, [%2]\n"
			 "   add %0, %0, #1\n"
			 "   stlxr %w1, %0, [%2]\n"
			 "   cbnz %w1, 1b\n"
			 : "=&r"(value), "=&r"(failed)
			 : "r"(at)
			 : "memory");
}

static bool exclusive_add_pair(uint64_t at[2])
{
	uint64_t low, high;
	uint32_t failed;

	__asm__ volatile("1: ldaxp %0, %1, [%3]\n"
			 "   add %0, %0, #1\n"
			 "   add %1, %1, #1\n"
			 "   stlxp %w2, %0, %1, [%3]\n"
			 "   cbnz %w2, 1b\n"
			 : "=&r"(low), "=&r"(high), "=&r"(failed)
			 : "r"(at)
			 : "memory");
	return low == high;
}

static void exclusive_thread(struct workload *w, unsigned index)
{
	(void)index;
	while (time_left(w)) {
		for (unsigned n = 0; n < PER_ROUND; n++) {
			exclusive_add_byte(&counters.byte);
			exclusive_add_halfword(&counters.halfword);
			exclusive_add_word(&counters.word);
			exclusive_add_doubleword(&counters.doubleword);
			check(w, exclusive_add_pair(counters.pair), "half of a pair was stored");
		}
		count_round(w);
	}
}

void run_exclusive(struct workload *w)
{
	uint64_t expected;

	run_threads(w, exclusive_thread);
	expected = *w->rounds * PER_ROUND;
	check(w, counters.byte == (uint8_t)expected, "bytes were lost");
	check(w, counters.halfword == (uint16_t)expected, "halfwords were lost");
	check(w, counters.word == (uint32_t)expected, "words were lost");
	check(w, counters.doubleword == expected, "doublewords were lost");
	check(w, counters.pair[0] == expected && counters.pair[1] == expected, "pairs were lost");
}

/*
 * A stack of nodes without a lock. A compare-and-swap alone would take the head for unchanged when
 * it was popped and pushed again meanwhile, with another next: exclusives must not.
 */
struct node {
	struct node *next;
	uint32_t owner; /* thread that has it, or 0: in the stack */
} __attribute__((aligned(64)));

static struct node nodes[2 * THREADS];
static struct {
	struct node *head;
} __attribute__((aligned(64))) stack;

/* The first try takes `delay` turns between load and store, for others to come in between. */
static struct node *stack_pop(uint64_t delay)
{
	struct node *head, *next;
	uint32_t failed;

	__asm__ volatile("1: ldaxr %0, [%4]\n"
			 "   cbz %0, 3f\n"
			 "   ldr %1, [%0]\n"
			 "2: cbz %3, 4f\n"
			 "   sub %3, %3, #1\n"
			 "   b 2b\n"
			 "4: stlxr %w2, %1, [%4]\n"
			 "   cbnz %w2, 1b\n"
			 "3:\n"
			 : "=&r"(head), "=&r"(next), "=&r"(failed), "+&r"(delay)
			 : "r"(&stack.head)
			 : "memory");
	return head;
}

static void stack_push(struct node *node)
{
	struct node *head, *now;
	uint32_t failed;

	do {
		head = __atomic_load_n(&stack.head, __ATOMIC_ACQUIRE);
		node->next = head;
		failed = 1;
		__asm__ volatile("   ldaxr %0, [%2]\n"
				 "   cmp %0, %4\n"
				 "   b.ne 1f\n"
				 "   stlxr %w1, %3, [%2]\n"
				 "1:\n"
				 : "=&r"(now), "+&r"(failed)
				 : "r"(&stack.head), "r"(node), "r"(head)
				 : "memory", "cc");
	} while (failed);
}

static struct node *take_node(struct workload *w, uint32_t owner, uint64_t delay)
{
	struct node *node = stack_pop(delay);

	check(w, !node || __atomic_exchange_n(&node->owner, owner, __ATOMIC_ACQ_REL) == 0,
	      "a node was popped twice");
	return node;
}

static void return_node(struct workload *w, uint32_t owner, struct node *node)
{
	check(w, __atomic_exchange_n(&node->owner, 0, __ATOMIC_ACQ_REL) == owner,
	      "a node has two owners");
	stack_push(node);
}

/* Two are popped, and the first is pushed while the second is held: there it is again, alone. */
static void stack_thread(struct workload *w, unsigned index)
{
	uint64_t seed = index + 1;

	while (time_left(w)) {
		for (unsigned n = 0; n < PER_ROUND; n++) {
			struct node *first = take_node(w, index + 1, next_random(&seed) % 512);
			struct node *second = take_node(w, index + 1, 0);

			if (first)
				return_node(w, index + 1, first);
			for (uint64_t turns = next_random(&seed) % 512; turns; turns--)
				__asm__ volatile("");
			if (second)
				return_node(w, index + 1, second);
		}
		count_round(w);
	}
}

void run_stack(struct workload *w)
{
	unsigned count = 0;

	for (unsigned n = 0; n < sizeof(nodes) / sizeof(nodes[0]); n++)
		stack_push(&nodes[n]);
	run_threads(w, stack_thread);
	while (stack_pop(0))
		count++;
	check(w, count == sizeof(nodes) / sizeof(nodes[0]), "%u nodes are left", count);
}

/*
 * Plain stores, too, end a reservation, and the more so where the last of them stores what was there
 * before: one thread stores 1 and 0 and counts, the others would store what they have loaded.
 */
static struct {
	uint64_t flag __attribute__((aligned(64)));
	uint64_t count __attribute__((aligned(64)));
} monitor;

static void monitor_store(struct workload *w)
{
	while (time_left(w))
		for (unsigned n = 0; n < PER_ROUND; n++) {
			__atomic_store_n(&monitor.flag, 1, __ATOMIC_RELAXED);
			__atomic_store_n(&monitor.flag, 0, __ATOMIC_RELEASE);
			__atomic_store_n(&monitor.count, monitor.count + 1, __ATOMIC_RELEASE);
		}
}

/* How many counts passed between load and store; 0 when the store failed. */
static uint64_t monitor_try(uint64_t delay)
{
	uint64_t value, before, after;
	uint32_t failed;

	__asm__ volatile("   ldaxr %0, [%5]\n"
			 "   ldar %1, [%6]\n"
			 "1: subs %4, %4, #1\n"
			 "   b.hi 1b\n"
			 "   ldar %2, [%6]\n"
			 "   stlxr %w3, %0, [%5]\n"
			 : "=&r"(value), "=&r"(before), "=&r"(after), "=&r"(failed), "+&r"(delay)
			 : "r"(&monitor.flag), "r"(&monitor.count)
			 : "memory", "cc");
	return failed ? 0 : after - before;
}

static void monitor_thread(struct workload *w, unsigned index)
{
	uint64_t seed = index + 1;

	if (index == 0) {
		monitor_store(w);
		return;
	}
	while (time_left(w)) {
		for (unsigned n = 0; n < PER_ROUND; n++)
			check(w, monitor_try(next_random(&seed) % 256) < 2,
			      "a reservation outlived stores");
		count_round(w);
	}
}

void run_monitor(struct workload *w)
{
	run_threads(w, monitor_thread);
}

/* ---- Atomic instructions (FEAT_LSE) ---- */

static struct {
	uint64_t sum;
	uint64_t tokens, returned; /* what threads swap, and what they have in the end */
	uint32_t bits;
	uint32_t compared;
	uint64_t pair[2] __attribute__((aligned(16)));
	uint32_t ticket, serving;
	uint64_t left, right; /* guarded by the ticket lock */
} __attribute__((aligned(64))) atomics;

static uint64_t lse_add(uint64_t *at, uint64_t value)
{
	uint64_t old;

	__asm__ volatile(".arch_extension lse\n"
			 "ldadd %1, %0, [%2]"
			 : "=r"(old)
			 : "r"(value), "r"(at)
			 : "memory");
	return old;
}

static uint32_t lse_add32(uint32_t *at, uint32_t value)
{
	uint32_t old;

	__asm__ volatile(".arch_extension lse\n"
			 "ldaddal %w1, %w0, [%2]"
			 : "=r"(old)
			 : "r"(value), "r"(at)
			 : "memory");
	return old;
}

static uint64_t lse_swap(uint64_t *at, uint64_t value)
{
	uint64_t old;

	__asm__ volatile(".arch_extension lse\n"
			 "swpal %1, %0, [%2]"
			 : "=r"(old)
			 : "r"(value), "r"(at)
			 : "memory");
	return old;
}

static uint32_t lse_cas(uint32_t *at, uint32_t expected, uint32_t value)
{
	__asm__ volatile(".arch_extension lse\n"
			 "casal %w0, %w1, [%2]"
			 : "+r"(expected)
			 : "r"(value), "r"(at)
			 : "memory");
	return expected;
}

static uint32_t lse_set(uint32_t *at, uint32_t bits)
{
	uint32_t old;

	__asm__ volatile(".arch_extension lse\n"
			 "ldsetal %w1, %w0, [%2]"
			 : "=r"(old)
			 : "r"(bits), "r"(at)
			 : "memory");
	return old;
}

static uint32_t lse_clear(uint32_t *at, uint32_t bits)
{
	uint32_t old;

	__asm__ volatile(".arch_extension lse\n"
			 "ldclral %w1, %w0, [%2]"
			 : "=r"(old)
			 : "r"(bits), "r"(at)
			 : "memory");
	return old;
}

/* Add 1 to both halves; false: they were not equal. */
static bool lse_pair(uint64_t at[2])
{
	uint64_t low = 0, high = 0;

	for (;;) {
		register uint64_t x0 __asm__("x0") = low;
		register uint64_t x1 __asm__("x1") = high;
		register uint64_t x2 __asm__("x2") = low + 1;
		register uint64_t x3 __asm__("x3") = high + 1;

		__asm__ volatile(".arch_extension lse\n"
				 "caspal x0, x1, x2, x3, [%4]"
				 : "+r"(x0), "+r"(x1)
				 : "r"(x2), "r"(x3), "r"(at)
				 : "memory");
		if (x0 != x1)
			return false;
		if (x0 == low && x1 == high)
			return true;
		low = x0;
		high = x1;
	}
}

static void ticket_lock(void)
{
	uint32_t mine = lse_add32(&atomics.ticket, 1);

	while (__atomic_load_n(&atomics.serving, __ATOMIC_ACQUIRE) != mine)
		sched_yield();
}

static void ticket_unlock(void)
{
	__atomic_store_n(&atomics.serving, atomics.serving + 1, __ATOMIC_RELEASE);
}

static void lse_compared_add(void)
{
	uint32_t seen = __atomic_load_n(&atomics.compared, __ATOMIC_RELAXED), old;

	while ((old = lse_cas(&atomics.compared, seen, seen + 1)) != seen)
		seen = old;
}

static void lse_thread(struct workload *w, unsigned index)
{
	uint32_t mine = 1u << index;
	uint64_t token = index + 1;

	while (time_left(w)) {
		for (unsigned n = 0; n < PER_ROUND; n++) {
			lse_add(&atomics.sum, 1);
			lse_compared_add();
			token = lse_swap(&atomics.tokens, token);
			check(w, !(lse_set(&atomics.bits, mine) & mine), "a bit was set");
			check(w, lse_clear(&atomics.bits, mine) & mine, "a bit was clear");
			check(w, lse_pair(atomics.pair), "half of a pair was stored");
		}
		ticket_lock();
		atomics.left++;
		check(w, atomics.left == atomics.right + 1, "two hold the ticket lock");
		atomics.right++;
		ticket_unlock();
		count_round(w);
	}
	lse_add(&atomics.returned, token);
}

void run_lse(struct workload *w)
{
	uint64_t rounds, all = 0;

	for (unsigned n = 0; n < THREADS; n++)
		all += n + 1;
	run_threads(w, lse_thread);
	rounds = *w->rounds;
	check(w, atomics.sum == rounds * PER_ROUND, "LDADD lost something");
	check(w, atomics.compared == (uint32_t)(rounds * PER_ROUND), "CAS lost something");
	check(w, atomics.pair[0] == rounds * PER_ROUND && atomics.pair[1] == rounds * PER_ROUND,
	      "CASP lost something");
	check(w, atomics.returned + atomics.tokens == all, "SWP lost something");
	check(w, atomics.left == rounds, "the ticket lock lost something");
	check(w, atomics.bits == 0, "LDSET and LDCLR left bits");
}

/* ---- Order: messages through store-release and load-acquire ---- */

#define SLOTS 16

/* From each thread to the next one. */
static struct {
	uint64_t data[SLOTS][4];
	uint64_t written __attribute__((aligned(64)));
	uint64_t read __attribute__((aligned(64)));
} channels[THREADS];

static void ordering_thread(struct workload *w, unsigned index)
{
	unsigned to = index, from = (index + 1) % THREADS;
	uint64_t sent = 0, received = 0;

	while (time_left(w)) {
		uint64_t room =
			__atomic_load_n(&channels[to].read, __ATOMIC_ACQUIRE) + SLOTS - sent;
		uint64_t there;

		for (; room; room--, sent++) {
			pattern_fill(channels[to].data[sent % SLOTS], 4, sent + 1);
			__atomic_store_n(&channels[to].written, sent + 1, __ATOMIC_RELEASE);
		}
		there = __atomic_load_n(&channels[from].written, __ATOMIC_ACQUIRE);
		for (; received < there; received++) {
			check(w,
			      pattern_holds(channels[from].data[received % SLOTS], 4, received + 1),
			      "a message was not there yet");
			__atomic_store_n(&channels[from].read, received + 1, __ATOMIC_RELEASE);
			count_round(w);
		}
		sched_yield();
	}
}

void run_ordering(struct workload *w)
{
	run_threads(w, ordering_thread);
}
