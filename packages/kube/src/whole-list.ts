import type { KubeApi, ListOptions } from "./api.ts";
import { isExpired } from "./errors.ts";
import type { KubeList, KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";

const PAGE = 500;
/** How often a list is started over in pages before it is asked for whole. */
const MOST_STARTS = 2;

/**
 * A list page by page. Where the server forgets it between two pages, because reading took longer than it keeps old
 * versions, it is read anew from the start and what was given before is left out: no object comes twice, and none that is
 * there all the time is missing. The next page is asked for while the last one is taken apart and looked at.
 *
 * @param options `limit` 0 asks for everything at once
 * @throws SlipwayError as {@link KubeApi.list} does
 */
export async function* eachPage(
  api: Pick<KubeApi, "list">,
  resource: Resource,
  options: ListOptions = {},
): AsyncGenerator<readonly KubeObject[], void, undefined> {
  const seen = new Set<string>();
  for (let starts = 1; ; starts++) {
    const limit = starts > MOST_STARTS ? 0 : (options.limit ?? PAGE);
    try {
      for await (const page of pages(api, resource, { ...options, limit })) {
        const fresh = starts === 1 ? page.items : page.items.filter((object) => !seen.has(keyOf(object)));
        if (page.continue !== undefined) for (const object of fresh) seen.add(keyOf(object));
        yield fresh;
      }
      return;
    } catch (error) {
      if (!isExpired(error) || limit === 0) throw error;
    }
  }
}

/** A page that has been asked for. */
interface Asked {
  readonly page: Promise<KubeList>;
  /** Whether the reader waits for it: only then the one behind it is asked for. */
  isWanted: boolean;
  token?: string;
  next?: Asked;
}

/** One page is read, at most one more is on its way: however slow the reader is, no more than two are held. */
async function* pages(
  api: Pick<KubeApi, "list">,
  resource: Resource,
  options: ListOptions,
): AsyncGenerator<KubeList, void, undefined> {
  const ask = (token?: string): Asked => {
    const onContinue = (found: string): void => {
      asked.token = found;
      if (asked.isWanted) asked.next ??= ask(found);
    };
    const page = api.list(resource, { ...options, ...(token === undefined ? {} : { continue: token }), onContinue });
    // Whoever stops reading leaves a request behind that nobody waits for.
    page.catch(() => undefined);
    const asked: Asked = { page, isWanted: false };
    return asked;
  };
  for (let current: Asked | undefined = ask(); current !== undefined; current = current.next) {
    current.isWanted = true;
    if (current.token !== undefined) current.next ??= ask(current.token);
    const page = await current.page;
    if (page.continue !== undefined) current.next ??= ask(page.continue);
    yield page;
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
