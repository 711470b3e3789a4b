import type { NimServiceView, WantedReplicas } from "./nim-object.ts";

/** What the operator passes on from the Deployment while it waits (Kubernetes' own words for a rollout). */
const AVAILABLE = /\b(\d+) of \d+ updated replicas are available/;

/**
 * How many copies of a service are available, as far as the object itself says it: by its status, by the operator's message,
 * or because it is ready and has a fixed number of them.
 */
export function availableReplicas(service: NimServiceView): number | undefined {
  if (service.available !== undefined) return service.available;
  if (service.state === "Ready" && service.wanted.kind === "fixed" && service.platform === "standalone")
    return service.wanted.count;
  for (const { message } of service.conditions) {
    const count = AVAILABLE.exec(message)?.[1];
    if (count !== undefined) return Number(count);
    if (message.endsWith("is scaled down")) return 0;
  }
  return undefined;
}

/** `1/2`, `3/2-10` with autoscaling, `-/2` where nobody said how many are available. */
export function replicasText(available: number | undefined, wanted: WantedReplicas): string {
  const goal = wanted.kind === "fixed" ? String(wanted.count) : `${wanted.least}-${wanted.most}`;
  return `${available ?? "-"}/${goal}`;
}
