#!/bin/sh
# Runs in the guest: worker.sh NAME END does what a shell does until the clock says END, and checks
# all that it reads.

mkdir "/tmp/$1" && cd "/tmp/$1" || exit 1
rounds=0
while [ "$(date +%s)" -lt "$2" ]; do
	head -c 40000 /dev/urandom >a
	tee b <a | gzip -1 | gunzip >c && cmp a c || exit 1
	cmp a b || exit 1
	[ "$(printf 'a\nb\nc\n' | sort -r | tr -d '\n' | rev)" = abc ] || exit 1
	for status in 1 2 3 4 5 6 7 8; do
		(exit $status)
		[ $? = $status ] || exit 1
	done
	mkdir d
	ln -s ../a d/link
	cp d/link c
	mv c d/e
	cmp d/e a || exit 1
	rm -r d
	rounds=$((rounds + 1))
done
echo "worker $1: $rounds rounds"
