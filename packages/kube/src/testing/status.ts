import { mapAt, textAt, valueAt, type Tree, type TreeMap } from "@slipway/base";

/**
 * The status that controllers would give an object, given at once: workloads are ready, definitions are established,
 * namespaces and claims are bound to nothing and active.
 */
export function settled(object: TreeMap): TreeMap {
  const status = statusOf(object);
  return status === undefined ? object : { ...object, status: { ...mapAt(object, "status"), ...status } };
}

function statusOf(object: TreeMap): TreeMap | undefined {
  const observedGeneration = valueAt(object, "metadata", "generation") ?? 1;
  const replicas = valueAt(object, "spec", "replicas") ?? 1;
  switch (textAt(object, "kind")) {
    case "Namespace":
      return { phase: "Active" };
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
      return { observedGeneration, ...readyReplicas(replicas), conditions: conditions("Available", "Progressing") };
    case "DaemonSet":
      return {
        observedGeneration,
        desiredNumberScheduled: 1,
        currentNumberScheduled: 1,
        updatedNumberScheduled: 1,
        numberAvailable: 1,
        numberReady: 1,
        numberMisscheduled: 0,
      };
    case "Pod":
      return { phase: "Running", conditions: conditions("Ready") };
    case "Job":
      return { succeeded: 1, conditions: conditions("Complete") };
    case "CustomResourceDefinition":
      return {
        conditions: conditions("NamesAccepted", "Established"),
        acceptedNames: valueAt(object, "spec", "names") ?? {},
      };
    default:
      return undefined;
  }
}

function readyReplicas(replicas: Tree): TreeMap {
  return { replicas, readyReplicas: replicas, availableReplicas: replicas, updatedReplicas: replicas };
}

function conditions(...types: readonly string[]): readonly TreeMap[] {
  return types.map((type) => ({ type, status: "True", reason: "Settled" }));
}
