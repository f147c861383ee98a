// Chapter 08: a disk driver of forty lines. Four sectors are written by one request; then each is read
// by a request of its own, all four made available at once, with one notification and without an interrupt.
// What comes back may come in any order, so what is added up here does not depend on it.
//
//	BUFFER + 0, 16, 32, 48		headers: u32 type, u32 reserved, u64 sector (virtio 1.2, 5.2.6)
//	BUFFER + DATA			the data; a status byte behind it
	.include "test.inc"
	test	"Four sectors come back for one notification"
	devices	disk
	.set	TYPE_IN, 0			// read
	.set	TYPE_OUT, 1			// write
	.set	NO_INTERRUPT, 1			// in the available ring's flags
	.set	DATA, 0x100
	.set	ROOM, 0x208			// for a sector and its status
	expect	x4, 4 * 513			// the used lengths: each a sector and a status
	expect	x5, 1 + 2 + 3 + 4		// what was in the sectors
	expect	x6, 0				// no status says that something failed
	expect	x7, 0				// InterruptStatus
	begin
	.include "virtio/virtio.inc"
	mmu_on					// rings must be cached: the device's side is
	virtio	0, 0				// slot 0, queue 0: to DRIVER_OK

	// Write sectors 8 to 11: one chain, in the pieces that everybody cuts it into.
	mov	x0, #TYPE_OUT
	str	x0, [x10, #BUFFER]
	mov	x0, #8
	str	x0, [x10, #(BUFFER + 8)]
	.irp	n, 0, 1, 2, 3
	mov	x0, #(\n + 1)
	str	x0, [x10, #(BUFFER + DATA + 512 * \n)]
	.endr
	describe 0, 0, 16, 1, 1			// NEXT: descriptor 1
	describe 1, DATA, 2048, 1, 2		// NEXT: descriptor 2
	describe 2, 16, 1, 2			// WRITE: the status is the device's to write
	offer	0, 0				// notifies
	await_used 1
1:	ldr	w0, [x9, #INTERRUPT_STATUS]	// the device puts, then interrupts
	tbz	w0, #0, 1b
	str	w0, [x9, #INTERRUPT_ACK]

	// Read them, without being disturbed. Data and status in one piece: the device may not mind (2.7.4).
	mov	w0, #NO_INTERRUPT
	strh	w0, [x10, #AVAIL]
	.irp	n, 0, 1, 2, 3
	mov	x0, #TYPE_IN
	str	x0, [x10, #(BUFFER + 16 * \n)]
	mov	x0, #(8 + \n)
	str	x0, [x10, #(BUFFER + 16 * \n + 8)]
	str	xzr, [x10, #(BUFFER + DATA + ROOM * \n)]
	describe 2 * \n, 16 * \n, 16, 1, 2 * \n + 1
	describe 2 * \n + 1, DATA + ROOM * \n, 513, 2
	mov	w0, #(2 * \n)			// the chain's head, as available number 1 + n
	strh	w0, [x10, #(AVAIL + 4 + 2 * (1 + \n))]
	.endr
	dmb	sy				// all that is there before the index that says so
	mov	w0, #5
	strh	w0, [x10, #(AVAIL + 2)]
	dmb	sy
	str	w3, [x9, #QUEUE_NOTIFY]		// w3: the queue
	await_used 5

	mov	x4, #0
	mov	x5, #0
	mov	x6, #0
	.irp	n, 0, 1, 2, 3
	ldr	w0, [x10, #(USED + 4 + 8 * (1 + \n) + 4)]
	add	x4, x4, x0
	ldr	x0, [x10, #(BUFFER + DATA + ROOM * \n)]
	add	x5, x5, x0
	ldrb	w0, [x10, #(BUFFER + DATA + ROOM * \n + 512)]
	orr	x6, x6, x0
	.endr
	ldr	w7, [x9, #INTERRUPT_STATUS]
	finish
