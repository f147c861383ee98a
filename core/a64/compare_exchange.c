/*
 * Compare and swap of 16 bytes: CMPXCHG16B on x86-64 (every one since 2006), an exclusive loop on
 * arm64, libatomic elsewhere.
 */
#include "core/a64/compare_exchange.h"

static unsigned __int128 join(const uint64_t halves[2])
{
	return (unsigned __int128)halves[1] << 64 | halves[0];
}

#if defined(__x86_64__)

/*
 * Not by a builtin: for ThreadSanitizer that takes a lock, which other accesses do not, and clang
 * knows it only where all of a file is for such CPUs.
 */
static unsigned __int128 compare_exchange(unsigned __int128 *host, unsigned __int128 old,
					  unsigned __int128 new)
{
	uint64_t low = (uint64_t)old, high = (uint64_t)(old >> 64);

	__asm__ volatile("lock cmpxchg16b %[host]"
			 : "+a"(low), "+d"(high), [host] "+m"(*host)
			 : "b"((uint64_t)new), "c"((uint64_t)(new >> 64))
			 : "cc", "memory");
	return (unsigned __int128)high << 64 | low;
}

#elif defined(__aarch64__)

static unsigned __int128 compare_exchange(unsigned __int128 *host, unsigned __int128 old,
					  unsigned __int128 new)
{
	uint64_t low, high;
	uint32_t failed;

	/* Where the values differ, what was read is stored back: only then was the load atomic. */
	__asm__ volatile(
		"1:	ldaxp	%[low], %[high], %[host]\n"
		"	cmp	%[low], %[old_low]\n"
		"	ccmp	%[high], %[old_high], #0, eq\n"
		"	b.ne	2f\n"
		"	stlxp	%w[failed], %[new_low], %[new_high], %[host]\n"
		"	b	3f\n"
		"2:	stlxp	%w[failed], %[low], %[high], %[host]\n"
		"3:	cbnz	%w[failed], 1b\n"
		"	dmb	ish\n"
		: [low] "=&r"(low), [high] "=&r"(high), [failed] "=&r"(failed), [host] "+Q"(*host)
		: [old_low] "r"((uint64_t)old), [old_high] "r"((uint64_t)(old >> 64)),
		  [new_low] "r"((uint64_t)new), [new_high] "r"((uint64_t)(new >> 64))
		: "cc", "memory");
	return (unsigned __int128)high << 64 | low;
}

#else

static unsigned __int128 compare_exchange(unsigned __int128 *host, unsigned __int128 old,
					  unsigned __int128 new)
{
	__atomic_compare_exchange_n(host, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return old;
}

#endif

bool a64_compare_exchange128(void *host, uint64_t old[2], const uint64_t new[2])
{
	unsigned __int128 expected = join(old), seen;

	seen = compare_exchange(host, expected, join(new));
	old[0] = (uint64_t)seen;
	old[1] = (uint64_t)(seen >> 64);
	return seen == expected;
}
