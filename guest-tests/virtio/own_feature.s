	.include "test.inc"
	test	"A disk's cache is switched off by its configuration, with the feature for that alone"
	devices	disk
	.set	CONFIG_WCE, 1 << 11
	.set	WRITEBACK, 0x120		// in configuration space, virtio 1.2, 5.2.4
	expect	w4, 1				// after reset
	expect	w5, 1				// written without the feature
	expect	w6, 0				// and with it
	expect	w7, 1				// after the next reset
	begin
	.include "virtio/virtio.inc"
	virtio	0, 0
	ldrb	w4, [x9, #WRITEBACK]
	strb	wzr, [x9, #WRITEBACK]
	ldrb	w5, [x9, #WRITEBACK]
	virtio	0, 0, VERSION_1, CONFIG_WCE
	strb	wzr, [x9, #WRITEBACK]
	ldrb	w6, [x9, #WRITEBACK]
	virtio	0, 0
	ldrb	w7, [x9, #WRITEBACK]
	finish
