/* See iov.h. */
#include "devices/iov.h"

unsigned iov_slice(const struct iovec *iov, unsigned count, uint64_t offset, uint64_t len,
		   struct iovec *part)
{
	unsigned parts = 0;

	for (unsigned i = 0; i < count && len; i++) {
		uint64_t here = iov[i].iov_len;

		if (offset >= here) {
			offset -= here;
			continue;
		}
		here -= offset;
		if (here > len)
			here = len;
		part[parts++] = (struct iovec){(uint8_t *)iov[i].iov_base + offset, here};
		offset = 0;
		len -= here;
	}
	return parts;
}
