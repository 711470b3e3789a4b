import { RESOURCES, nameOf, type Resource } from "@slipway/kube";
import { NIM_KINDS, nimKindOf, type NimKindNames } from "@slipway/serving";
import type { CompletionLine, Suggestion } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { CONNECTION_FLAGS } from "../flags/connection-flags.ts";
import { clusterOfLine } from "./cluster-of.ts";

/** What completes a word by what the cluster has; nothing where the cluster does not say. */
export type CompleteWord = (word: string, line: CompletionLine) => Promise<readonly Suggestion[]>;

/** More names than anybody reads. */
const MOST = 500;

/** Completes the name of an object of a kind, in the namespace that the line means. */
export function completeNames(deps: Pick<NimDeps, "connect" | "io">, resource: Resource): CompleteWord {
  return async (_word, line) => (await namesOf(deps, resource, line)).map((value) => ({ value }));
}

/** Completes `KIND NAME...` and `KIND/NAME...`: both kinds first, then the names of the kind before it. */
export function completeTargets(deps: Pick<NimDeps, "connect" | "io">): CompleteWord {
  return async (word, line) => {
    const [first] = line.args;
    const isSpaced = first !== undefined && !first.includes("/");
    if (isSpaced) return completeSpaced(deps, nimKindOf(first), line);
    const slash = word.indexOf("/");
    if (slash >= 0) return completeSlashed(deps, word.slice(0, slash), line);
    return first === undefined ? KINDS : SLASHED_KINDS;
  };
}

/** Completes a name of either kind, or a kind before it. */
export function completeNamesOrTargets(deps: Pick<NimDeps, "connect" | "io">): CompleteWord {
  const completeTarget = completeTargets(deps);
  return async (word, line) => {
    const targets = await completeTarget(word, line);
    if (line.args.length > 0 || word.includes("/")) return targets;
    const found = await Promise.all(KIND_NAMES.map(({ resource }) => namesOf(deps, resource, line)));
    return [...new Set(found.flat())].map((value): Suggestion => ({ value })).concat(targets);
  };
}

/** Completes a namespace. */
export function completeNamespaces(deps: Pick<NimDeps, "connect" | "io">): CompleteWord {
  return completeNames(deps, RESOURCES.namespaces);
}

/** Completes a context of the kubeconfig. */
export function completeContexts({ files, io }: Pick<NimDeps, "files" | "io">): CompleteWord {
  return async (_word, { read }) => {
    try {
      const { loadKubeconfig } = await import("@slipway/kube/node");
      const { contexts } = await loadKubeconfig({ kubeconfig: read(CONNECTION_FLAGS.kubeconfig), env: io.env, files });
      return [...contexts.keys()].map((value) => ({ value }));
    } catch {
      return [];
    }
  };
}

const KIND_NAMES = Object.values(NIM_KINDS);
const KINDS: readonly Suggestion[] = KIND_NAMES.map(({ singular }) => ({ value: singular }));
const SLASHED_KINDS: readonly Suggestion[] = KIND_NAMES.map(({ singular }) => ({ value: `${singular}/`, open: true }));

async function completeSpaced(
  deps: Pick<NimDeps, "connect" | "io">,
  kind: NimKindNames | undefined,
  line: CompletionLine,
): Promise<readonly Suggestion[]> {
  if (kind === undefined) return [];
  const named = new Set(line.args.slice(1));
  const names = await namesOf(deps, kind.resource, line);
  return names.filter((name) => !named.has(name)).map((value) => ({ value }));
}

async function completeSlashed(
  deps: Pick<NimDeps, "connect" | "io">,
  kindWord: string,
  line: CompletionLine,
): Promise<readonly Suggestion[]> {
  const kind = nimKindOf(kindWord);
  if (kind === undefined) return [];
  const named = new Set(line.args);
  const names = await namesOf(deps, kind.resource, line);
  return names.map((name) => ({ value: `${kindWord}/${name}` })).filter(({ value }) => !named.has(value));
}

async function namesOf(
  { connect, io }: Pick<NimDeps, "connect" | "io">,
  resource: Resource,
  line: CompletionLine,
): Promise<readonly string[]> {
  try {
    const { client, namespace } = await clusterOfLine({ connect }, line);
    const scope = resource.namespaced ? { namespace } : {};
    const { items } = await client.list(resource, { ...scope, limit: MOST, metadataOnly: true, signal: io.signal });
    return items.map(nameOf);
  } catch {
    // A shell that waits for a word has no place for a message.
    return [];
  }
}
