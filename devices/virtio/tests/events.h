/*
 * For tests: an engine whose host's kernel signals eventfds for a guest's writes, as KVM's does.
 */
#ifndef GOD_DEVICES_VIRTIO_TESTS_EVENTS_H
#define GOD_DEVICES_VIRTIO_TESTS_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

struct driver;

/* Before the device is created: the driver's machine gets that engine. Refuse: it takes no eventfd. */
void events_attach(struct driver *driver, bool refuse);

/* How many are there, of all writes. */
unsigned events_count(void);

/* Is there one for the write of that value to the device's register? */
bool events_has(uint64_t offset, uint32_t value);

/* The guest writes it: no exit, but what the kernel does. There must be one. */
void events_write(uint64_t offset, uint32_t value);

#endif
