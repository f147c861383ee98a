/*
 * The seam between a UART and whatever is at its other end (a terminal, a pipe, a test's buffer).
 */
#ifndef GOD_DEVICES_SERIAL_H
#define GOD_DEVICES_SERIAL_H

#include <stddef.h>
#include <stdint.h>

struct serial_backend {
	/*
	 * The guest sent these bytes. Called on a vCPU thread with the device's lock not held;
	 * calls for one UART never overlap. The back end takes all of them (it may block).
	 */
	void (*transmit)(void *owner, const uint8_t *bytes, size_t len);
	/*
	 * The UART has room for input again, after an earlier receive took fewer bytes than were
	 * offered (or none was offered yet). Called on a vCPU thread, no lock held: the back end
	 * arranges for its loop thread to offer again. May be NULL.
	 */
	void (*ready)(void *owner);
	void *owner;
};

#endif
