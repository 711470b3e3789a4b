/** Where randomness and time come from. */
export interface NameSource {
  readonly now: () => Date;
  /** That many random hexadecimal digits. */
  readonly hex: (digits: number) => string;
}

/** The name of a run: `YYYYMMDD-HHMMSS-` and 16 hexadecimal digits, so that two runs never share an object. */
export function runId({ now, hex }: NameSource): string {
  const [date = "", time = ""] = now().toISOString().split("T");
  return `${date.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}-${hex(16)}`;
}

/** How an image is chosen. */
export interface ImageChoice {
  /** Version of this program; `latest` stands for it in releases. */
  readonly version: string;
  /** Takes the place of the first two parts of every image (AICR_VALIDATOR_IMAGE_REGISTRY). */
  readonly registry?: string | undefined;
}

/** The image of a check, by the rules of release 0.11.1 of aicr: a tag that was written is never changed. */
export function imageOf(image: string, { version, registry }: ImageChoice): string {
  const tagged = image.endsWith(":latest") && isRelease(version) ? image.replace(/latest$/, `v${version}`) : image;
  if (registry === undefined || registry === "") return tagged;
  return [registry.replace(/\/+$/, ""), ...tagged.split("/").slice(2)].join("/");
}

function isRelease(version: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version);
}

/** An image whose tag may come to mean another one must be asked for each time. */
export function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  const tag = /:([^/@:]+)$/.exec(image)?.[1];
  return image.includes("@") || (tag !== undefined && tag !== "latest") ? "IfNotPresent" : "Always";
}
