// FCMP sets NZCV: equal, less, greater, unordered (Arm ARM, FPCompare).
	.include "test.inc"
	test	"FCMP and FCMPE set NZCV; only FCMPE finds a quiet NaN invalid"
	expect	x10, 0x60000000
	expect	x11, 0x80000000
	expect	x12, 0x20000000
	expect	x13, 0x30000000
	expect	x14, 0x60000000
	expect	x15, 0
	expect	x16, 0x30000000
	expect	x17, 1
	begin
	fmov	d0, #1.0
	fmov	d1, #2.0
	ldr	d2, =0x7ff8000000000000
	ldr	d3, =0x8000000000000000
	fcmp	d0, d0
	mrs	x10, nzcv
	fcmp	d0, d1
	mrs	x11, nzcv
	fcmpe	d1, d0
	mrs	x12, nzcv
	fcmp	d0, d2
	mrs	x13, nzcv
	fcmpe	d3, #0.0
	mrs	x14, nzcv
	mrs	x15, fpsr
	fcmpe	d2, #0.0
	mrs	x16, nzcv
	mrs	x17, fpsr
	finish
