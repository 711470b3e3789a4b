import type { Play } from "./script.ts";

/** What a container needs. */
export interface Needs {
  readonly image: string;
  readonly secret: string;
}

/** What the kubelet says of a container in trouble; empty for none. */
export function kubeletSays(play: Play | undefined, { image, secret }: Needs): string {
  if (play === "image-pull-error") {
    const url = `https://${image.split("/")[0]}/v2/`;
    return `Back-off pulling image "${image}": ErrImagePull: failed to resolve reference "${image}": unexpected status from HEAD request to ${url}: 401 Unauthorized`;
  }
  if (play === "missing-secret-key") return `couldn't find key NGC_API_KEY in Secret ${secret}`;
  return play === "crash" || play === "out-of-memory" ? "back-off 5m0s restarting failed container" : "";
}
