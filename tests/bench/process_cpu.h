#pragma once

#include <sys/types.h>

namespace listenpost::bench {

/// CPU time of this process so far, user and system, microseconds.
double own_cpu_us();

/// CPU time so far of a process and of its children, those that have ended too. To 10 ms for each.
double tree_cpu_us(pid_t process);

}
