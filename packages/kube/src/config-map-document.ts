import { SlipwayError, type Clock } from "@slipway/base";
import type { KubeApi } from "./api.ts";
import { addressOf, checkPlace, type ConfigMapPlace } from "./documents/place.ts";
import { readConfigMapDocument, type FoundDocument } from "./documents/read.ts";
import { writeConfigMapDocument, type DocumentInfo } from "./documents/write.ts";

export type { ConfigMapPlace } from "./documents/place.ts";
export { documentOf, readConfigMapDocument, type FoundDocument } from "./documents/read.ts";
export { configMapOf, writeConfigMapDocument, type DocumentInfo } from "./documents/write.ts";

/** Reads and writes the documents of `cm://` addresses. */
export interface ConfigMapDocuments {
  /** Refuses names that cannot be any, without asking the cluster. */
  check(place: ConfigMapPlace): void;
  read(place: ConfigMapPlace, signal: AbortSignal): Promise<FoundDocument>;
  write(place: ConfigMapPlace, text: string, info: DocumentInfo, signal: AbortSignal): Promise<void>;
}

/**
 * The documents of a cluster that is reached when the first one is asked for.
 *
 * @param reach gives the client; called at most once
 */
export function configMapDocuments(
  reach: () => Promise<Pick<KubeApi, "get" | "list" | "patch">>,
  clock: Clock,
): ConfigMapDocuments {
  let reached: ReturnType<typeof reach> | undefined;
  const apiFor = async (place: ConfigMapPlace): ReturnType<typeof reach> => {
    try {
      return await (reached ??= reach());
    } catch (error) {
      throw error instanceof SlipwayError ? error.at({ file: addressOf(place) }) : error;
    }
  };
  return {
    check: checkPlace,
    read: async (place, signal) => {
      checkPlace(place);
      return readConfigMapDocument(await apiFor(place), place, signal);
    },
    write: async (place, text, info, signal) => {
      checkPlace(place);
      await writeConfigMapDocument(await apiFor(place), place, text, { ...info, now: clock.now(), signal });
    },
  };
}
