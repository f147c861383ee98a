/*
 * gzip (RFC 1952), by zlib. A compressed kernel comes from outside: it may be cut off, damaged, or
 * a few bytes that expand without end. The output grows step by step and never beyond what the
 * guest's RAM could take.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "core/boot/loader.h"

#define GZIP_WINDOW   (16 + MAX_WBITS) /* inflateInit2: expect a gzip header */
#define INITIAL_BYTES ((size_t)4 << 20)
#define CHUNK_MAX     ((size_t)1 << 30) /* zlib counts in unsigned int */

struct output {
	uint8_t *bytes;
	size_t len, capacity, max;
};

static int too_large(const char *name, const struct output *out, struct error *err)
{
	return error_set(err, ERROR_USAGE,
			 "%s: decompresses to more than the guest's %zu MiB of RAM", name,
			 out->max >> 20);
}

/* Make room for more; one byte beyond the maximum is allowed, to see that there is more. */
static int grow(const char *name, struct output *out, struct error *err)
{
	size_t capacity = out->capacity ? out->capacity * 2 : INITIAL_BYTES;

	if (out->len > out->max)
		return too_large(name, out, err);
	if (capacity > out->max + 1)
		capacity = out->max + 1;

	uint8_t *bytes = realloc(out->bytes, capacity);

	if (!bytes)
		return error_set(err, ERROR_NO_MEMORY, "%s: no memory to decompress it", name);
	out->bytes = bytes;
	out->capacity = capacity;
	return 0;
}

static int corrupt(const char *name, const z_stream *z, struct error *err)
{
	return error_set(err, ERROR_BAD_DATA, "%s: corrupt gzip data (%s)", name,
			 z->msg ? z->msg : "unknown fault");
}

static size_t chunk(size_t len)
{
	return len < CHUNK_MAX ? len : CHUNK_MAX;
}

/* Decompress one member, from z->next_in of `left` bytes. */
static int inflate_member(const char *name, z_stream *z, size_t *left, struct output *out,
			  struct error *err)
{
	int rc = Z_OK;

	while (rc != Z_STREAM_END) {
		if (out->len == out->capacity && grow(name, out, err))
			return -1;

		size_t in = chunk(*left), room = chunk(out->capacity - out->len);

		z->avail_in = (unsigned)in;
		z->next_out = out->bytes + out->len;
		z->avail_out = (unsigned)room;
		rc = inflate(z, Z_NO_FLUSH);
		*left -= in - z->avail_in;
		out->len += room - z->avail_out;
		if (rc == Z_MEM_ERROR)
			return error_set(err, ERROR_NO_MEMORY, "%s: no memory to decompress it",
					 name);
		if (rc == Z_BUF_ERROR && !*left)
			return error_set(err, ERROR_BAD_DATA, "%s: truncated gzip data", name);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return corrupt(name, z, err);
	}
	return out->len > out->max ? too_large(name, out, err) : 0;
}

static bool is_gzip(const uint8_t *bytes, size_t len)
{
	return len >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* All members; what follows the last one (padding, mostly) is ignored, as gzip does. */
static int inflate_all(const char *name, z_stream *z, size_t left, struct output *out,
		       struct error *err)
{
	do {
		if (inflate_member(name, z, &left, out, err))
			return -1;
		inflateReset(z);
	} while (is_gzip(z->next_in, left));
	return 0;
}

int gzip_inflate(const char *name, const uint8_t *bytes, size_t len, size_t max, uint8_t **result,
		 size_t *result_len, struct error *err)
{
	struct output out = {.max = max};
	z_stream z = {.next_in = (uint8_t *)bytes};

	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return error_set(err, ERROR_NO_MEMORY, "%s: no memory to decompress it", name);

	int rc = inflate_all(name, &z, len, &out, err);

	inflateEnd(&z);
	if (rc) {
		free(out.bytes);
		return -1;
	}
	*result = out.bytes;
	*result_len = out.len;
	return 0;
}
