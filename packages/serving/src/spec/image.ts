import { SlipwayError } from "@slipway/base";

// https://github.com/distribution/reference: a host, and names in lower case between slashes.
const REPOSITORY =
  /^(?:[A-Za-z0-9][-A-Za-z0-9.]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,}$/;
/** Longer than any image's name can be. */
const LONGEST = 512;

/** An image taken apart; what is not there is empty. */
export interface ImageName {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Takes `repository:tag@digest` apart. */
export function imageName(text: string): ImageName {
  const [name = "", digest = ""] = text.split("@", 2);
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  if (colon < 0) return { repository: name, tag: "", digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}

/**
 * Refuses what is no repository, and one that has a tag or a digest of its own.
 *
 * @throws SlipwayError USAGE
 */
export function checkRepository(text: string): void {
  const { repository, tag, digest } = imageName(text);
  checkName("image-repository", text, repository);
  if (tag !== "" && digest === "")
    throw new SlipwayError("USAGE", `--image-repository takes no tag, but "${text}" has one`, {
      hint: `Give them apart: --image-repository=${repository} --tag=${tag}`,
    });
  if (digest !== "")
    throw new SlipwayError("USAGE", `--image-repository takes no digest, but "${text}" has one`, {
      hint: `The digest goes behind the tag: --image-repository=${repository} --tag=${tag || "TAG"}@${digest}`,
    });
}

/** Refuses what is no tag; a digest may stand behind it. */
export function checkTag(text: string): void {
  const [tag = "", digest, ...more] = text.split("@");
  if (TAG.test(tag) && more.length === 0 && (digest === undefined || DIGEST.test(digest))) return;
  throw new SlipwayError("USAGE", `--tag takes a tag such as 1.3.3, not "${text}"`);
}

/**
 * Refuses what is no image.
 *
 * @returns a warning, for one whose tag is left to chance
 */
export function checkPuller(text: string): string | undefined {
  const { repository, tag, digest } = imageName(text);
  checkName("model-puller", text, repository);
  if ((tag !== "" && !TAG.test(tag)) || (digest !== "" && !DIGEST.test(digest)))
    throw new SlipwayError(
      "USAGE",
      `--model-puller takes an image such as nvcr.io/nim/nvidia/llm-nim:1.12, not "${text}"`,
    );
  return tag === "" && digest === ""
    ? `--model-puller names no tag, so that latest is pulled, which NGC may not have: ${text}:TAG`
    : undefined;
}

function checkName(flag: string, text: string, repository: string): void {
  if (repository.length <= LONGEST && REPOSITORY.test(repository)) return;
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0];
  const lower = repository.toLowerCase();
  const hint =
    scheme === undefined
      ? REPOSITORY.test(lower)
        ? `Did you mean "${lower}"?`
        : undefined
      : `Images have no ${scheme} before them.`;
  throw new SlipwayError("USAGE", `--${flag} takes an image such as nvcr.io/nim/nvidia/llm-nim, not "${text}"`, {
    hint,
  });
}
