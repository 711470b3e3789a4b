import { SlipwayError, type Task } from "@slipway/base";
import { eachObject, isNotFound, type KubeApi, type KubeObject, type KubeStreams } from "@slipway/kube";
import { redactText } from "@slipway/base/redact";
import { resourceName, type ListFile } from "./bundle-files.ts";
import type { BundleEntry, BundleSource, BundleStatus, BundleTarget } from "./bundle-target.ts";
import { listText } from "./list-text.ts";

/** What collecting takes from outside. */
export interface CollectDeps {
  readonly api: Pick<KubeApi, "get" | "list" | "read"> & Pick<KubeStreams, "logs">;
  readonly target: BundleTarget;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Is told how many files are done, and how many there will be as far as is known. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** What a file holds, when it could be read. */
export interface FileContent {
  readonly content: string | AsyncIterable<string>;
  readonly objects?: number;
  /** Is asked when the content was written. */
  readonly outcome?: () => { readonly status: BundleStatus; readonly reason?: string; readonly code?: string };
}

/** Makes the files of a bundle and keeps account of them; what cannot be read ends nothing. */
export class Collector {
  readonly deps: CollectDeps;
  readonly entries: BundleEntry[] = [];
  #all = 0;

  constructor(deps: CollectDeps) {
    this.deps = deps;
  }

  /** A file to be made. */
  file(path: string, source: BundleSource, read: () => Promise<FileContent>): Task<void> {
    this.#all++;
    return async (signal) => {
      signal.throwIfAborted();
      this.entries.push(await this.#make(path, source, read));
      this.deps.onProgress?.(this.entries.length, this.#all);
    };
  }

  /** A file with all objects of a kind, which are given to `use` too. */
  list(
    { path, resource }: ListFile,
    selection: { readonly namespace?: string; readonly labelSelector?: string },
    use: (objects: readonly KubeObject[]) => void = () => undefined,
  ): Task<void> {
    const { namespace, labelSelector } = selection;
    const source = { verb: "list", resource: resourceName(resource), ...named({ namespace, selector: labelSelector }) };
    return this.file(path, { ...source, verb: "list" }, async () => {
      const objects: KubeObject[] = [];
      const options = { ...selection, signal: this.deps.signal };
      for await (const object of eachObject(this.deps.api, resource, options)) objects.push(withKind(object, resource));
      use(objects);
      return { content: listText(objects), objects: objects.length };
    });
  }

  async #make(path: string, source: BundleSource, read: () => Promise<FileContent>): Promise<BundleEntry> {
    const found = await this.#read(read);
    if ("status" in found) return { path, bytes: 0, source, ...found };
    const { content, objects, outcome } = found;
    const bytes = await this.deps.target.write(path, content);
    const count = objects === undefined ? {} : { objects };
    return { path, bytes, status: "complete", source, ...count, ...outcome?.() };
  }

  async #read(
    read: () => Promise<FileContent>,
  ): Promise<FileContent | Pick<BundleEntry, "status" | "reason" | "code">> {
    try {
      return await read();
    } catch (error) {
      this.deps.signal.throwIfAborted();
      if (!(error instanceof SlipwayError)) throw error;
      // A kind that is not installed is an answer.
      if (isNotFound(error)) return { status: "absent", reason: "the cluster does not have it" };
      return { status: "failed", ...failureOf(error) };
    }
  }
}

/** Why something could not be read, for the index. */
export function failureOf(error: SlipwayError): { readonly reason: string; readonly code: string } {
  return { reason: redactText(error.message), code: error.code };
}

/** Only what is given. */
export function named(fields: {
  readonly namespace?: string | undefined;
  readonly selector?: string | undefined;
}): Pick<BundleSource, "namespace" | "selector"> {
  const { namespace, selector } = fields;
  return { ...(namespace === undefined ? {} : { namespace }), ...(selector === undefined ? {} : { selector }) };
}

/** Items of a list may come without their kind. */
function withKind(object: KubeObject, { group, version, kind }: ListFile["resource"]): KubeObject {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return { ...object, apiVersion: object.apiVersion || apiVersion, kind: object.kind || kind };
}
