/**
 * Components that an installation does not wait for: their pods become ready only when there is something to schedule,
 * which may be long after (release 0.11.1 of aicr).
 */
const NEVER_WAITED_FOR: ReadonlySet<string> = new Set(["kai-scheduler"]);

/** Whether an installation waits until the component is ready. */
export function isWaitedFor(component: string): boolean {
  return !NEVER_WAITED_FOR.has(component);
}
