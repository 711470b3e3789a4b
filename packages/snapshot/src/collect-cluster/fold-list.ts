import { SlipwayError } from "@slipway/base";
import {
  isExpired,
  type KubeApi,
  type KubeList,
  type KubeObject,
  type ListOptions,
  type Resource,
} from "@slipway/kube";

/** What becomes of the objects of a list: only what is kept of them stays in memory. */
export interface Fold<State> {
  readonly start: () => State;
  readonly add: (state: State, object: KubeObject) => void;
}

/** What a page holds at most. With kubectl's 500 the peak of memory is a fifth higher, and nothing is faster. */
const PAGE = 250;
/** How often a list that the server forgot in the middle is begun again. */
const ATTEMPTS = 3;

/**
 * Reads a list page by page, the next page being under way while this one is looked at, so that no more than two are held.
 * Pages are asked for without a resourceVersion: with `0` the server would send all objects at once from its cache.
 *
 * @throws SlipwayError as `KubeApi.list` does; UNAVAILABLE when the server forgot the list three times (410)
 */
export async function foldList<State>(
  api: Pick<KubeApi, "list">,
  resource: Resource,
  options: ListOptions,
  fold: Fold<State>,
): Promise<State> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await foldOnce(api, resource, options, fold);
    } catch (error) {
      if (!isExpired(error)) throw error;
      if (attempt < ATTEMPTS) continue;
      throw new SlipwayError("UNAVAILABLE", `the server forgot the list of ${resource.plural} before its last page`, {
        hint: "It compacts its history faster than the list can be read; try again when it is less busy.",
        cause: error,
      });
    }
  }
}

async function foldOnce<State>(
  api: Pick<KubeApi, "list">,
  resource: Resource,
  options: ListOptions,
  { start, add }: Fold<State>,
): Promise<State> {
  const fetch = (token: string): Promise<KubeList> =>
    api.list(resource, { limit: PAGE, ...options, ...(token === "" ? {} : { continue: token }) });
  const state = start();
  let page = await fetch("");
  for (;;) {
    const token = page.continue ?? "";
    const next = token === "" ? undefined : fetch(token);
    // Looked at below, but not when this page is refused first.
    next?.catch(() => undefined);
    for (const object of page.items) add(state, object);
    if (next === undefined) return state;
    page = await next;
  }
}
