import { NIM_KINDS } from "@slipway/serving";
import type { Consequences } from "@slipway/serving/deletion";
import { printable } from "@slipway/terminal";

/** Most objects whose consequences are told one by one. */
const MOST = 20;

/** What the deletion of objects brings about, for people. */
export function consequencesText(all: readonly Consequences[], namespace: string): string {
  const lines = all
    .slice(0, MOST)
    .flatMap(({ kind, name, goes, stays, claims, deletedAt }) => [
      `${NIM_KINDS[kind].singular}/${name} in namespace ${namespace}${deletedAt === "" ? "" : `, being deleted since ${deletedAt}`}`,
      `  goes with it: ${goes.length === 0 ? "nothing" : goes.join(", ")}`,
      ...(claims.length === 0 ? [] : [`  its data is lost: ${claims.join(", ")}`]),
      `  stays: ${stays.length === 0 ? "nothing" : stays.join(", ")}`,
    ]);
  const more = all.length - MOST;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `${printable(line)}\n`).join("");
}

/** The services that lose their model, unless they go too. */
export function lossText({ name, usedBy }: Consequences, gone: ReadonlySet<string>): string | undefined {
  const left = usedBy.filter((service) => !gone.has(service));
  if (left.length === 0) return undefined;
  return `nimcache/${name} IS IN USE by ${left.join(", ")}: without it ${left.length === 1 ? "it" : "they"} cannot start again`;
}

/** The question before anything is deleted. */
export function questionText(all: readonly Consequences[], namespace: string): string {
  const [only] = all;
  const what =
    only !== undefined && all.length === 1 ? `${NIM_KINDS[only.kind].singular}/${only.name}` : `${all.length} objects`;
  return `Delete ${what} in namespace ${namespace}?`;
}
