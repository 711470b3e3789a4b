/** A type of D-Bus, as a tree: `a(sb)` is an array of a structure. */
export interface BusType {
  readonly type: string;
  readonly child: readonly BusType[];
}

const MICROSECONDS: readonly (readonly [unit: string, size: number])[] = [
  ["y", 31_557_600_000_000],
  ["month", 2_629_800_000_000],
  ["w", 604_800_000_000],
  ["d", 86_400_000_000],
  ["h", 3_600_000_000],
  ["min", 60_000_000],
  ["s", 1_000_000],
  ["ms", 1000],
  ["us", 1],
];

/** Systemd says "no limit" and "not set" with the largest number of 64 bits, which arrives rounded. */
const LARGEST = 2 ** 64;
const LIMIT = /USec$|^Limit|(Max|High|Limit)$/;

/**
 * A property that came over D-Bus as `systemctl show` prints it, so that both ways give the same readings.
 *
 * @returns nothing for bytes, maps and what systemctl does not print either
 */
export function busText(name: string, type: BusType, value: unknown): string | undefined {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(name, type.type, value);
  if (type.type === "a" && Array.isArray(value)) return listText(name, type.child[0], value);
  if (type.type === "(" && Array.isArray(value)) return joined(fieldTexts(name, type, value), " ");
  return undefined;
}

function numberText(name: string, type: string, value: number): string {
  if (value >= LARGEST) return LIMIT.test(name) ? "infinity" : "[not set]";
  if (type === "u" && value === 2 ** 32 - 1) return "[not set]";
  if (type === "u" && /Mode$|^UMask$/.test(name)) return value.toString(8).padStart(4, "0");
  return name.endsWith("USec") ? spanText(value) : String(value);
}

/** A span of time as systemd writes it: `1min 30s`. */
export function spanText(microseconds: number): string {
  let rest = microseconds;
  const parts = MICROSECONDS.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.length === 0 ? "0" : parts.join(" ");
}

function listText(name: string, item: BusType | undefined, values: readonly unknown[]): string | undefined {
  if (item === undefined || item.type === "y" || item.type === "{") return undefined;
  if (name.startsWith("Exec")) return joined(values.map(commandText), "; ");
  if (name === "EnvironmentFiles") return joined(values.map(environmentFileText), "; ");
  return joined(
    values.map((value) => busText(name, item, value)),
    item.type === "(" ? "; " : " ",
  );
}

/** The second field of a command is its arguments. */
function commandText(command: unknown): string | undefined {
  const words: unknown = Array.isArray(command) ? command[1] : undefined;
  return Array.isArray(words) ? words.filter((word) => typeof word === "string").join(" ") : undefined;
}

function environmentFileText(file: unknown): string | undefined {
  if (!Array.isArray(file) || typeof file[0] !== "string") return undefined;
  return `${file[0]} (ignore_errors=${file[1] === true ? "yes" : "no"})`;
}

function fieldTexts(name: string, type: BusType, fields: readonly unknown[]): readonly (string | undefined)[] {
  return fields.map((field, index) => {
    const child = type.child[index];
    return child === undefined ? undefined : busText(name, child, field);
  });
}

function joined(texts: readonly (string | undefined)[], separator: string): string {
  return texts.filter((text) => text !== undefined).join(separator);
}
