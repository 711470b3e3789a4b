import { SlipwayError, type Files } from "@slipway/base";

/** Files in memory by path. What is put into the map later is there from then on; a null is a file that may not be read. */
export function textFiles(texts: Map<string, string | null>): Files {
  return {
    info: (path) => {
      const text = texts.get(path);
      return Promise.resolve(text === undefined ? undefined : { kind: "file", size: text?.length ?? 0 });
    },
    list: () => Promise.reject(new Error("these files are not listed")),
    read: (path) => {
      const text = texts.get(path);
      if (typeof text === "string") return Promise.resolve(new TextEncoder().encode(text));
      const place = { file: path };
      return Promise.reject(
        text === null
          ? new SlipwayError("NOT_ALLOWED", "permission denied", { place })
          : new SlipwayError("NOT_FOUND", "no such file or directory", { place }),
      );
    },
    write: (path, content) => {
      texts.set(path, typeof content === "string" ? content : new TextDecoder().decode(content));
      return Promise.resolve();
    },
  };
}
