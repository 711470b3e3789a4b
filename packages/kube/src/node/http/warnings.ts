/** Texts of the header `Warning` (RFC 7234 5.5) that Kubernetes uses: code 299, no agent. */
const WARNING = /299 \S+ "((?:[^"\\]|\\.)*)"/g;

/** Calls `tell` once for each text that a server warns with. */
export function warningTeller(tell: ((text: string) => void) | undefined): (header: string | undefined) => void {
  const told = new Set<string>();
  return (header) => {
    if (header === undefined || tell === undefined) return;
    for (const [, quoted = ""] of header.matchAll(WARNING)) {
      const text = quoted.replaceAll(/\\(.)/g, "$1");
      if (told.has(text)) continue;
      told.add(text);
      tell(text);
    }
  };
}
