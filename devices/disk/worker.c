/*
 * A thread that performs a disk's requests one after the other, and says itself that each is done: another
 * thread would have to be woken for it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "devices/disk/file.h"

struct disk_worker {
	struct disk_file *file;
	pthread_t thread;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t more;
	struct disk_request *first, **end;
	bool stopping;
};

static struct disk_request *wait_for_request(struct disk_worker *worker)
{
	struct disk_request *request;

	pthread_mutex_lock(&worker->lock);
	while (!worker->first && !worker->stopping)
		pthread_cond_wait(&worker->more, &worker->lock);
	request = worker->first;
	if (request) {
		worker->first = request->next;
		if (!worker->first)
			worker->end = &worker->first;
	}
	pthread_mutex_unlock(&worker->lock);
	return request;
}

static void *worker_main(void *arg)
{
	struct disk_worker *worker = arg;
	struct disk_request *request;

	pthread_setname_np(pthread_self(), "disk");
	while ((request = wait_for_request(worker)))
		request->done(request, disk_file_perform(worker->file, request));
	return NULL;
}

void disk_worker_submit(struct disk_worker *worker, struct disk_request *request)
{
	pthread_mutex_lock(&worker->lock);
	request->next = NULL;
	*worker->end = request;
	worker->end = &request->next;
	pthread_cond_signal(&worker->more);
	pthread_mutex_unlock(&worker->lock);
}

static void free_worker(struct disk_worker *worker)
{
	pthread_cond_destroy(&worker->more);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}

int disk_worker_create(struct disk_worker **result, struct disk_file *file, struct error *err)
{
	struct disk_worker *worker = calloc(1, sizeof(*worker));
	sigset_t all, before;
	int failed;

	if (!worker)
		return error_set(err, ERROR_NO_MEMORY, "no memory for a disk's thread");
	worker->file = file;
	worker->end = &worker->first;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->more, NULL);
	/* Signals are for the threads of the harness. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&worker->thread, NULL, worker_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed) {
		free_worker(worker);
		return error_set_errno(err, failed, "cannot create a disk's thread");
	}
	*result = worker;
	return 0;
}

void disk_worker_destroy(struct disk_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->stopping = true;
	pthread_cond_signal(&worker->more);
	pthread_mutex_unlock(&worker->lock);
	pthread_join(worker->thread, NULL);
	free_worker(worker);
}
