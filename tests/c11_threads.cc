// C11's threads on POSIX ones, for builds under the thread sanitizer.
//
// librdkafka uses the C library's thrd_create, which the sanitizer (GCC 12, clang 14)
// does not know: a thread that it has not seen begin crashes in the first function it
// watches. The program's own definitions come before those of the C library.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <memory>

namespace {

struct Call {
  thrd_start_t function;
  void* argument;
};

void* Run(void* call) {
  const std::unique_ptr<Call> own(static_cast<Call*>(call));
  return reinterpret_cast<void*>(static_cast<intptr_t>(own->function(own->argument)));
}

int Answer(int error) { return error == 0 ? thrd_success : thrd_error; }

// The C library's own types are those of POSIX under another name.
pthread_mutex_t* Of(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* Of(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

}  // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t function, void* argument) {
  auto call = std::make_unique<Call>(Call{function, argument});
  const int error = pthread_create(thread, nullptr, Run, call.get());
  if (error == 0) static_cast<void>(call.release());
  return Answer(error);
}

int thrd_join(thrd_t thread, int* result) {
  void* value = nullptr;
  const int error = pthread_join(thread, &value);
  if (error == 0 && result != nullptr) {
    *result = static_cast<int>(reinterpret_cast<intptr_t>(value));
  }
  return Answer(error);
}

int mtx_init(mtx_t* mutex, int type) noexcept {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  if ((type & mtx_recursive) != 0) {
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  }
  return Answer(pthread_mutex_init(Of(mutex), &attributes));
}
int mtx_lock(mtx_t* mutex) { return Answer(pthread_mutex_lock(Of(mutex))); }
int mtx_unlock(mtx_t* mutex) noexcept { return Answer(pthread_mutex_unlock(Of(mutex))); }
void mtx_destroy(mtx_t* mutex) noexcept { pthread_mutex_destroy(Of(mutex)); }

int cnd_init(cnd_t* condition) noexcept {
  return Answer(pthread_cond_init(Of(condition), nullptr));
}
int cnd_signal(cnd_t* condition) noexcept { return Answer(pthread_cond_signal(Of(condition))); }
int cnd_broadcast(cnd_t* condition) noexcept {
  return Answer(pthread_cond_broadcast(Of(condition)));
}
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return Answer(pthread_cond_wait(Of(condition), Of(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  const int error = pthread_cond_timedwait(Of(condition), Of(mutex), until);
  return error == ETIMEDOUT ? thrd_timedout : Answer(error);
}
void cnd_destroy(cnd_t* condition) noexcept { pthread_cond_destroy(Of(condition)); }

}  // extern "C"
