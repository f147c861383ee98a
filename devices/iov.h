/*
 * Scattered memory: a transfer's pieces, in order.
 */
#ifndef GOD_DEVICES_IOV_H
#define GOD_DEVICES_IOV_H

#include <stdint.h>
#include <sys/uio.h>

/* No transfer has more. */
#define IOV_PIECES_MAX 512

/*
 * The pieces of [offset, offset + len) of `count` pieces, as at most `count` pieces in `part`. Returns
 * how many. What is beyond their end is left out.
 */
unsigned iov_slice(const struct iovec *iov, unsigned count, uint64_t offset, uint64_t len,
		   struct iovec *part);

#endif
