import { signsOf } from "../utf8.ts";
import { FunctionError } from "../function-error.ts";
import type { Runtime } from "../functions.ts";

/** The most numbers that `until`, `untilStep` and `seq` give. */
export const MAX_NUMBERS = 100_000;

/** A text repeated, unless that would be too large. */
export function repeated(text: string, count: number, runtime: Runtime): string {
  if (count < 0) throw new FunctionError(`a text cannot be repeated ${count} times`);
  runtime.checkSize(text.length * count);
  return text.repeat(count);
}

/** A text with every `search` replaced, unless that would be too large. */
export function replacedAll(text: string, search: string, replacement: string, runtime: Runtime): string {
  const parts = search === "" ? signsOf(text).length + 2 : text.split(search).length;
  runtime.checkSize(text.length + (parts - 1) * replacement.length);
  if (search !== "") return text.replaceAll(search, () => replacement);
  return (
    replacement +
    signsOf(text)
      .map((sign) => sign + replacement)
      .join("")
  );
}
