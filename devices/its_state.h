/*
 * The ITS' state, and what its parts ask of one another. Private to devices/its*.c. All with the
 * lock held.
 */
#ifndef GOD_DEVICES_ITS_STATE_H
#define GOD_DEVICES_ITS_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/device.h"
#include "devices/its.h"

/* Bits of a DeviceID, an EventID, a collection's ID and an INTID. */
#define ITS_ID_BITS 16

/* Entries of all three kinds of table are 8 bytes. */
#define ITS_ENTRY_SIZE 8

/* GITS_BASER: which table is where. */
enum { ITS_DEVICES, ITS_COLLECTIONS, ITS_TABLES };

struct its_state {
	bool enabled;		  /* GITS_CTLR.Enabled */
	bool stalled;		  /* GITS_CREADR.Stalled */
	uint64_t cbaser;	  /* GITS_CBASER */
	uint32_t cwriter, creadr; /* offsets */
	uint64_t baser[ITS_TABLES];
};

struct its {
	struct device device;
	struct gicv3 *gic;
	uint64_t base;
	pthread_mutex_t lock; /* guards state; taken before the GIC's */
	uint32_t changed;     /* while commands are executed: vCPUs to update */
	struct its_state state;
};

/*
 * its_table.c: the tables in guest memory. Everything in them is the guest's word: what is returned
 * has been checked. False: there is no such entry, or it is not valid.
 */
struct its_device {
	uint64_t itt;  /* address of the interrupt translation table */
	unsigned bits; /* of its EventIDs */
};

struct its_event {
	uint32_t intid;
	uint16_t collection;
};

bool its_device_get(const struct its *its, uint32_t id, struct its_device *device);
void its_device_set(struct its *its, uint32_t id, const struct its_device *device);
bool its_collection_get(const struct its *its, uint32_t id, unsigned *cpu);
void its_collection_set(struct its *its, uint32_t id, unsigned cpu);
bool its_event_get(const struct its *its, const struct its_device *device, uint32_t id,
		   struct its_event *event);
void its_event_set(struct its *its, const struct its_device *device, uint32_t id,
		   const struct its_event *event);
/* NULL instead of the device, an `event` of NULL, a `cpu` of this: unmap. */
#define ITS_NO_CPU UINT32_MAX

/* The way through all of them: which LPI at which vCPU. */
bool its_translate(const struct its *its, uint32_t device, uint32_t event, struct its_event *found,
		   unsigned *cpu);

/* its_command.c: execute what is between GITS_CREADR and GITS_CWRITER. */
void its_execute(struct its *its);
/* Bytes of the command queue; 0: there is none. */
uint32_t its_queue_size(const struct its *its);

#endif
