/*
 * ITS: the tables in guest memory (IHI 0069, 5.2 and 12.19.2).
 *
 * What an entry looks like is the implementation's affair, since software never looks into one:
 *
 *	device       63 valid, 51:8 address of the interrupt translation table, 4:0 EventID bits - 1
 *	collection   63 valid, 15:0 number of the vCPU
 *	event        63 valid, 47:32 collection, 31:0 INTID of the LPI
 *
 * A guest can write to its tables behind the ITS' back. It harms itself: each entry is checked when
 * it is used, as a command's operands are. A table may be one piece or, with GITS_BASER.Indirect, a
 * page of pointers to pages.
 */
#include "core/memory.h"
#include "core/vm.h"
#include "devices/its_state.h"

#define VALID	 (1ULL << 63)
#define INDIRECT (1ULL << 62)

#define DEVICE_ITT  0x000fffffffffff00ULL
#define DEVICE_BITS 0x1fULL

/* --- Words of guest memory --- */

static uint64_t *word_at(const struct its *its, uint64_t addr)
{
	return memory_at(&its->device.vm->memory, addr, sizeof(uint64_t));
}

static uint64_t word_read(const struct its *its, uint64_t addr)
{
	const uint64_t *at = word_at(its, addr);

	return at ? __atomic_load_n(at, __ATOMIC_RELAXED) : 0;
}

static void word_write(struct its *its, uint64_t addr, uint64_t value)
{
	uint64_t *at = word_at(its, addr);

	if (at)
		__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

/* --- The place of an entry --- */

/* GITS_BASER.Page_Size: 4 KiB, 16 KiB, 64 KiB. With 64 KiB, bits [15:12] are [51:48] of the address. */
static unsigned page_shift(uint64_t baser)
{
	unsigned size = baser >> 8 & 3;

	return size < 2 ? 12 + 2 * size : 16;
}

static uint64_t table_address(uint64_t baser)
{
	if (page_shift(baser) == 16)
		return (baser & 0x0000ffffffff0000ULL) | (baser & 0xf000) << 36;
	return baser & 0x0000fffffffff000ULL;
}

static uint64_t page_address(const struct its *its, uint64_t pointer_at, unsigned shift)
{
	uint64_t pointer = word_read(its, pointer_at);

	return pointer & VALID ? pointer & 0x000fffffffffffffULL & ~0ULL << shift : 0;
}

/* Where entry `id` of a table is; 0: nowhere. (No RAM is at 0: the gate would refuse it as well.) */
static uint64_t entry_address(const struct its *its, unsigned table, uint32_t id)
{
	uint64_t baser = its->state.baser[table], base = table_address(baser), page;
	unsigned shift = page_shift(baser);
	uint64_t in_page = (1ULL << shift) / ITS_ENTRY_SIZE;
	uint64_t entries = ((baser & 0xff) + 1) * in_page;

	if (!(baser & VALID) || id >> ITS_ID_BITS)
		return 0;
	if (!(baser & INDIRECT))
		return id < entries ? base + id * ITS_ENTRY_SIZE : 0;
	if (id / in_page >= entries)
		return 0;
	page = page_address(its, base + id / in_page * ITS_ENTRY_SIZE, shift);
	return page ? page + id % in_page * ITS_ENTRY_SIZE : 0;
}

/* --- Entries --- */

bool its_device_get(const struct its *its, uint32_t id, struct its_device *device)
{
	uint64_t at = entry_address(its, ITS_DEVICES, id), entry = at ? word_read(its, at) : 0;

	*device = (struct its_device){.itt = entry & DEVICE_ITT, .bits = (entry & DEVICE_BITS) + 1};
	return entry & VALID && device->bits <= ITS_ID_BITS;
}

void its_device_set(struct its *its, uint32_t id, const struct its_device *device)
{
	uint64_t at = entry_address(its, ITS_DEVICES, id);

	if (at)
		word_write(its, at,
			   device ? VALID | (device->itt & DEVICE_ITT) | (device->bits - 1) : 0);
}

bool its_collection_get(const struct its *its, uint32_t id, unsigned *cpu)
{
	uint64_t at = entry_address(its, ITS_COLLECTIONS, id), entry = at ? word_read(its, at) : 0;

	*cpu = entry & 0xffff;
	return entry & VALID && *cpu < its->device.vm->cpus;
}

void its_collection_set(struct its *its, uint32_t id, unsigned cpu)
{
	uint64_t at = entry_address(its, ITS_COLLECTIONS, id);

	if (at)
		word_write(its, at, cpu == ITS_NO_CPU ? 0 : VALID | cpu);
}

bool its_event_get(const struct its *its, const struct its_device *device, uint32_t id,
		   struct its_event *event)
{
	uint64_t entry;

	if (id >> device->bits)
		return false;
	entry = word_read(its, device->itt + (uint64_t)id * ITS_ENTRY_SIZE);
	*event = (struct its_event){.intid = entry, .collection = entry >> 32};
	return entry & VALID;
}

void its_event_set(struct its *its, const struct its_device *device, uint32_t id,
		   const struct its_event *event)
{
	uint64_t entry = 0;

	if (id >> device->bits)
		return;
	if (event)
		entry = VALID | (uint64_t)event->collection << 32 | event->intid;
	word_write(its, device->itt + (uint64_t)id * ITS_ENTRY_SIZE, entry);
}

bool its_translate(const struct its *its, uint32_t device, uint32_t event, struct its_event *found,
		   unsigned *cpu)
{
	struct its_device entry;

	return its_device_get(its, device, &entry) && its_event_get(its, &entry, event, found) &&
	       its_collection_get(its, found->collection, cpu);
}
