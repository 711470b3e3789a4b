import { SlipwayError, compareBytes, didYouMean } from "@slipway/base";
import { cyclePath } from "./cycle-path.ts";
import type { ComponentRef } from "./model.ts";

/**
 * The order in which components are deployed: each after all it depends on, ties by name in byte order (Kahn's
 * algorithm with a sorted queue; release 0.11.1 of aicr).
 *
 * @param components with distinct names
 * @param fileOf the file that a component's dependencies come from, for errors
 * @throws SlipwayError INVALID_INPUT when a dependency does not exist or dependencies form a cycle
 */
export function deploymentOrder(
  components: readonly ComponentRef[],
  fileOf: (component: string) => string | undefined = () => undefined,
): readonly string[] {
  const waitsFor = new Map(components.map(({ name, dependencyRefs }) => [name, dependencyRefs?.length ?? 0]));
  const dependents = dependentsOf(components, waitsFor, fileOf);
  const queue = [...waitsFor].filter(([, count]) => count === 0).map(([name]) => name);
  queue.sort((left, right) => compareBytes(right, left));
  const order: string[] = [];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    order.push(name);
    for (const dependent of dependents.get(name) ?? []) {
      const left = (waitsFor.get(dependent) ?? 0) - 1;
      waitsFor.set(dependent, left);
      if (left === 0) insert(queue, dependent);
    }
  }
  if (order.length < waitsFor.size) throw cycleError(components, new Set(order), fileOf);
  return order;
}

/** Component to those that name it, as often as they do: a repeated dependency counts on both sides. */
function dependentsOf(
  components: readonly ComponentRef[],
  known: ReadonlyMap<string, number>,
  fileOf: (component: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, dependencyRefs } of components) {
    for (const dependency of dependencyRefs ?? []) {
      if (!known.has(dependency)) throw missingError(name, dependency, known.keys(), fileOf(name));
      const list = dependents.get(dependency) ?? [];
      list.push(name);
      dependents.set(dependency, list);
    }
  }
  return dependents;
}

/** The queue is kept with its first at the end, where taking it costs nothing. */
function insert(queue: string[], name: string): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(queue[middle] ?? "", name) > 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, name);
}

function missingError(name: string, dependency: string, known: Iterable<string>, file: string | undefined): Error {
  const message = `component "${name}" depends on "${dependency}", which the recipe does not have`;
  return new SlipwayError("INVALID_INPUT", message, {
    place: { file },
    hint: didYouMean(dependency, known) ?? `Add a component "${dependency}", or take it out of dependencyRefs.`,
  });
}

/** Each component that is left waits for one that is left, so following them must come back to one that was seen. */
function cycleError(
  components: readonly ComponentRef[],
  done: ReadonlySet<string>,
  fileOf: (component: string) => string | undefined,
): Error {
  const next = new Map(
    components.map(({ name, dependencyRefs }) => [name, dependencyRefs?.find((dependency) => !done.has(dependency))]),
  );
  const left = components.map(({ name }) => name).filter((name) => !done.has(name));
  const seen = new Set<string>();
  let name = left.toSorted(compareBytes)[0];
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    name = next.get(name);
  }
  const cycle = [...seen].slice([...seen].indexOf(name ?? ""));
  const path = cyclePath([...cycle, ...cycle.slice(0, 1)]);
  return new SlipwayError("INVALID_INPUT", `components depend on each other in a cycle: ${path}`, {
    place: { file: fileOf(cycle[0] ?? "") },
    hint: "Take one of them out of the other's dependencyRefs.",
  });
}
