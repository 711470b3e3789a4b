import type { Reading } from "../../model.ts";
import type { ReportElement } from "./report.ts";

/** Brackets stand around such texts in some versions. */
const NOTHING =
  /^\[?(N\/A|Not Supported|Function Not Found|Not Found|Not Available|Insufficient Permissions|Requested functionality has been deprecated)?\]?$/i;
const FAULT = /GPU is lost|^\[?(ERR!|Unknown Error|GPU requires reset|GPU access blocked[^\]]*)\]?$/i;

/** Whether a text says that there is no value: `N/A`, `[Not Supported]`, deprecated, not permitted. */
export function isNothing(text: string): boolean {
  return NOTHING.test(text);
}

/** Whether a text stands in place of a value because the GPU could not be asked: `GPU is lost`, `ERR!`. */
export function isFault(text: string): boolean {
  return FAULT.test(text);
}

/** The first of several paths that has a value, which may be a fault: versions name the same thing differently. */
export function valueAt(element: ReportElement, paths: readonly string[]): string | undefined {
  const texts = paths.flatMap((path) => element.text(path) ?? []);
  return texts.find((text) => !isNothing(text));
}

/**
 * The number in front of a unit: `81559 MiB` is 81559. A fault stays the text that it is, so that it is seen; anything
 * else that is no number too.
 */
export function amount(text: string | undefined): Reading | undefined {
  if (text === undefined) return undefined;
  const [, digits] = /^(-?\d+(?:\.\d+)?)(?:\s*[A-Za-z()%/]+)*$/.exec(text) ?? [];
  return digits === undefined ? text : Number(digits);
}

/** Yes and no, active and not active, as true and false; a fault, or anything else, stays. */
export function truth(text: string | undefined): Reading | undefined {
  if (text === undefined) return undefined;
  if (/^(yes|active|enabled|true)$/i.test(text)) return true;
  return /^(no|not active|disabled|false)$/i.test(text) ? false : text;
}
