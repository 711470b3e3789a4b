import { RESOURCES, inform, type KubeApi, type KubeObject, type ObjectChange, type Timer } from "@slipway/kube";
import { cachePodName, isOwnPod, podSelectorsOf, type NimAddress } from "../related/pods.ts";
import { containersOf, type PodContainer } from "./containers.ts";

/** What following the pods of objects takes. */
export interface BoardDeps {
  readonly api: Pick<KubeApi, "list" | "watch">;
  readonly timer: Timer;
  readonly signal: AbortSignal;
}

/** The pods of some objects as they are, shortly after, and who wants to hear of their changes. */
export class PodBoard {
  readonly #pods = new Map<string, KubeObject>();
  readonly #listeners = new Set<() => void>();

  /** The containers of all pods, by pod in byte order. */
  containers(): readonly PodContainer[] {
    return [...this.#pods.keys()].toSorted().flatMap((key) => this.#of(key));
  }

  /** A container as it is now; nothing when its pod is gone, or another one of its name is there. */
  find({ namespace, pod, uid, container }: PodContainer): PodContainer | undefined {
    return this.#of(`${namespace}/${pod}`).find((found) => found.uid === uid && found.container === container);
  }

  /** Done when any pod has changed, after so many milliseconds, or when the signal is aborted. */
  async changed(timer: Timer, milliseconds: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const listener = (): void => over.abort();
    this.#listeners.add(listener);
    await timer.sleep(milliseconds, AbortSignal.any([signal, over.signal]));
    this.#listeners.delete(listener);
  }

  /** Takes the news of a pod in. */
  tell({ type, object }: ObjectChange): void {
    const key = `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
    if (type === "deleted") this.#pods.delete(key);
    else if (isOwnPod(object)) this.#pods.set(key, object);
    for (const listener of this.#listeners) listener();
  }

  #of(key: string): readonly PodContainer[] {
    const pod = this.#pods.get(key);
    return pod === undefined ? [] : containersOf(pod);
  }
}

/**
 * Follows the pods of an object.
 *
 * @param onChange is told after each change
 * @returns when those that are there are known
 * @throws SlipwayError when pods may not be listed or watched
 */
export async function followPods(
  { api, ...options }: BoardDeps,
  address: NimAddress,
  board: PodBoard,
  onChange: () => void,
): Promise<void> {
  const { namespace, kind, name } = address;
  const selections = [
    ...podSelectorsOf(address).map((labelSelector) => ({ labelSelector })),
    ...(kind === "NIMCache" ? [{ fieldSelector: `metadata.name=${cachePodName(name)}` }] : []),
  ];
  const informers = selections.map((selection) =>
    inform(api, RESOURCES.pods, {
      namespace,
      ...options,
      ...selection,
      onChange: (change) => {
        board.tell(change);
        onChange();
      },
    }),
  );
  await Promise.all(informers.map(({ synced }) => synced));
}
