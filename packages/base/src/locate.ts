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
  const events = parseEvents(text, {});
  let at = events.findIndex((event) => event.type !== EVENT_ID.DOCUMENT);
  let start = 0;
  for (const step of parsePath(field)) {
    const child = childOf(events, text, at, String(step));
    if (child === undefined) break;
    start = startOf(events[child.entry]);
    at = child.value;
  }
  const before = text.slice(0, start).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The index of the event where an entry of a map (at its key) or an item of a list starts, and that of its value. */
interface Child {
  readonly entry: number;
  readonly value: number;
}

/** Finds a child of the container that starts at an event; of a key that is there twice, the last. */
function childOf(events: readonly Event[], text: string, container: number, step: string): Child | undefined {
  const type = events[container]?.type;
  if (type !== EVENT_ID.SEQUENCE && type !== EVENT_ID.MAPPING) return undefined;
  let found: Child | undefined;
  let index = 0;
  for (let at = container + 1; at < events.length && events[at]?.type !== EVENT_ID.POP; index++) {
    const key = events[at];
    const value = type === EVENT_ID.MAPPING ? endOf(events, at) : at;
    const isScalar = key?.type === EVENT_ID.SCALAR;
    const name = type === EVENT_ID.SEQUENCE ? String(index) : isScalar ? getScalarValue(text, key) : "";
    if (name === step) found = { entry: at, value };
    at = endOf(events, value);
  }
  return found;
}

/** The index behind the last event of the value that starts at an index. */
function endOf(events: readonly Event[], start: number): number {
  let open = 0;
  let at = start;
  do {
    const type = events[at++]?.type;
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) open++;
    if (type === EVENT_ID.POP) open--;
  } while (open > 0 && at < events.length);
  return at;
}

function startOf(event: Event | undefined): number {
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
  return event?.type === EVENT_ID.ALIAS ? event.anchorStart : 0;
}
