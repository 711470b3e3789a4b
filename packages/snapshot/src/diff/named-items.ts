import { compactJson, own, type TreeMap } from "@slipway/base";

/** The field that names the items of a list of a Snapshot document. */
export function nameOfItem(list: string): "type" | "subtype" | undefined {
  if (list === "measurements") return "type";
  return list === "subtypes" ? "subtype" : undefined;
}

/** The name of an item; what is no text is shown as JSON. */
export function nameIn(item: TreeMap, key: "type" | "subtype"): string {
  const name = own(item, key) ?? "";
  return typeof name === "string" ? name : compactJson(name);
}

/** Items by name; of several with one name, each by its number too. The order stays. */
export function namedItems(items: readonly TreeMap[], key: "type" | "subtype"): ReadonlyMap<string, TreeMap> {
  const counts = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const name = nameIn(item, key);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [`${name}\0${count}`, item];
    }),
  );
}
