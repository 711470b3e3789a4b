/**
 * Files below /proc/sys that are not measured, each with its reason. A value that changes without anybody changing the
 * system would show as drift in every comparison.
 */
const LEFT_OUT: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^net(\/|$)/, "thousands of entries, one set for each interface of the network namespace"],
  [/^dev\/cdrom(\/|$)/, "a report in columns about drives"],
  [/^fs\/(aio-nr|dentry-state|file-nr|inode-nr|inode-state)$/, "counters of what is in use"],
  [/^fs\/quota\/(?!warnings$)/, "counters"],
  [/^fs\/binfmt_misc\/register$/, "made for writing"],
  [/^fs\/xfs\/stats_clear$/, "a button"],
  [/^kernel\/random\/(boot_id|uuid|entropy_avail)$/, "random, or new at every start"],
  [/^kernel\/(ns_last_pid|pty\/nr)$/, "counters"],
  [/^kernel\/(hung_task_detect_count|hung_task_warnings)$/, "counters, one of them counts down"],
  [/^kernel\/perf_event_max_sample_rate$/, "the kernel lowers it under load"],
  [/^kernel\/(msg|sem|shm)_next_id$/, "for checkpoints of processes"],
  [/^kernel\/hostname$/, "the name of the node, or of a pod; metadata has it"],
  [/^kernel\/keys(\/|$)/, "limits of key rings, whose names a search for secrets trips over"],
  [/^kernel\/sched_domain(\/|$)/, "one set for each CPU, with costs that are measured as it runs"],
  [/^kernel\/spl\/(hostid|kmem)(\/|$)/, "counters of ZFS, and an identity"],
  [/^vm\/(compact_memory|drop_caches|stat_refresh)$/, "buttons: reading or writing them does something"],
];

/** @param path below /proc/sys, without a slash in front: `kernel/osrelease` */
export function isMeasuredSysctl(path: string): boolean {
  return !LEFT_OUT.some(([pattern]) => pattern.test(path));
}
