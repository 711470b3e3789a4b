import type { KubeApi, ListOptions } from "./api.ts";
import type { KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";

/** What a page holds at most unless told; kubectl takes the same. */
const PAGE = 500;

/**
 * All objects of a list, page by page: no more than one page is held at a time.
 *
 * @throws SlipwayError as {@link KubeApi.list} does; a `KubeApiError` with status 410 when paging took so long that the
 * server forgot the list
 */
export async function* eachObject(
  api: Pick<KubeApi, "list">,
  resource: Resource,
  options: ListOptions = {},
): AsyncGenerator<KubeObject, void, undefined> {
  let next: string | undefined;
  do {
    const page = await api.list(resource, {
      limit: PAGE,
      ...options,
      ...(next === undefined ? {} : { continue: next }),
    });
    yield* page.items;
    next = page.continue;
  } while (next !== undefined && next !== "");
}
