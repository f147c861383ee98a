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
	 * Instead of transmit, of a back end that never blocks: how many bytes were taken, 0 to len. When it
	 * has room for the rest it says so (virtio_console_resume). May be NULL, and a UART has no use for it.
	 */
	size_t (*try_transmit)(void *owner, const uint8_t *bytes, size_t len);
	/*
	 * The UART has room for input again, after an earlier receive took fewer bytes than were
	 * offered (or none was offered yet). Called on any thread, no lock held: the back end
	 * arranges for its loop thread to offer again. May be NULL.
	 */
	void (*ready)(void *owner);
	void *owner;
};

/*
 * The other direction, which a UART or console offers to whoever has input for it. Any thread but a vCPU
 * inside transmit() or ready().
 */
struct serial_port {
	/*
	 * Offer input. Returns how many bytes were taken, 0 to len: as many as the guest has room
	 * for; the rest is offered again after ready().
	 */
	size_t (*receive)(void *owner, const uint8_t *bytes, size_t len);
	/* A break condition, or what stands for it there: Linux's magic SysRq. */
	void (*receive_break)(void *owner);
	void *owner;
};

#endif
