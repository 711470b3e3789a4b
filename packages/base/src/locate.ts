import { EVENT_ID, getScalarValue, parseEvents, type Event } from "js-yaml";
import type { Place } from "./errors.ts";
import { parsePath } from "./path.ts";

/**
 * Where in a YAML text the value at a path stands, so that an error found after parsing can name a line.
 *
 * @param text the source, YAML or JSON, which must parse; the first document counts
 * @param field a path as in {@link parsePath}: `spec.componentRefs[2].name`
 * @returns line and column from 1 of the deepest part of the path that is there
 */
export function locate(text: string, field: string): Pick<Place, "line" | "column"> {
  let start = 0;
  let node = rootOf(parseEvents(text, {}), text);
  for (const step of parsePath(field)) {
    const child = node.children.get(String(step));
    if (child === undefined) break;
    start = child.start;
    node = child;
  }
  const before = text.slice(0, start).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

interface Located {
  readonly start: number;
  readonly children: Map<string, Located>;
}

/** Rebuilds the nesting of the first document from the flat events; an entry of a map starts at its key. */
function rootOf(events: readonly Event[], text: string): Located {
  let at = events.findIndex((event) => event.type !== EVENT_ID.DOCUMENT);
  const closes = (): boolean => at >= events.length || events[at]?.type === EVENT_ID.POP;
  const read = (): Located => {
    const event = events[at++];
    const children = new Map<string, Located>();
    if (event?.type === EVENT_ID.SEQUENCE) {
      for (let index = 0; !closes(); index++) children.set(String(index), read());
      at++;
    }
    if (event?.type === EVENT_ID.MAPPING) {
      while (!closes()) {
        const key = events[at];
        const start = read().start;
        const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(text, key) : "";
        children.set(name, { start, children: read().children });
      }
      at++;
    }
    return { start: startOf(event), children };
  };
  return read();
}

function startOf(event: Event | undefined): number {
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
  return event?.type === EVENT_ID.ALIAS ? event.anchorStart : 0;
}
