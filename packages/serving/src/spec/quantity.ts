/** A number with a suffix, as Kubernetes writes amounts (resource.Quantity). */
const QUANTITY = /^([+-]?)(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,2})?$/;

const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
/** 10^-9 is the finest amount that Kubernetes knows. */
const NANO = 9;

/** An amount in units of 10^-9, and how it was written; nothing for what is none. */
interface Amount {
  readonly nanos: bigint;
  readonly isBinary: boolean;
}

/** Whether a text is an amount above nothing. */
export function isPositiveQuantity(text: string): boolean {
  const amount = amountOf(text);
  return amount !== undefined && amount.nanos > 0n;
}

/** Whether a text is an amount above nothing and below 1Mi: as a number of bytes it is hardly meant. */
export function isTinyQuantity(text: string): boolean {
  const amount = amountOf(text);
  return amount !== undefined && amount.nanos > 0n && amount.nanos < 1024n * 1024n * 10n ** BigInt(NANO);
}

/**
 * An amount as Kubernetes itself writes it: `8000m` as `8`, `1024Mi` as `1Gi`.
 *
 * @returns the text itself when it is no amount
 */
export function canonicalQuantity(text: string): string {
  const amount = amountOf(text);
  if (amount === undefined) return text;
  const { nanos, isBinary } = amount;
  const one = 10n ** BigInt(NANO);
  if (isBinary && nanos % one === 0n && nanos / one >= 1024n) return binaryText(nanos / one);
  return decimalText(nanos);
}

/** What somebody most likely meant: `50GB` and `50gb` as `50Gi`; nothing when that is no amount either. */
export function nearestQuantity(text: string): string | undefined {
  const [, number = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([kmgtpe])i?b?\s*$/i.exec(text) ?? [];
  const better = `${number}${unit.toUpperCase()}i`;
  return number !== "" && better !== text && isPositiveQuantity(better) ? better : undefined;
}

function amountOf(text: string): Amount | undefined {
  const [, sign, number = "", suffix = ""] = QUANTITY.exec(text) ?? [];
  if (sign === undefined || number.length > MOST_DIGITS) return undefined;
  const [whole = "", fraction = ""] = number.split(".");
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const binary = BINARY.findIndex((name) => name === suffix);
  const isBinary = binary >= 0;
  const factor = isBinary ? 1024n ** BigInt(binary + 1) : 1n;
  const exponent = NANO - fraction.length + (isBinary ? 0 : exponentOf(suffix));
  return { nanos: scaled(digits * factor, exponent), isBinary };
}

/** A number times a power of ten; what is finer than 1 counts up, as for Kubernetes. */
function scaled(value: bigint, exponent: number): bigint {
  if (exponent >= 0) return value * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return value / divisor + (value > 0n && value % divisor !== 0n ? 1n : 0n);
}

/** More digits than any amount needs; keeps hostile input from costing time. */
const MOST_DIGITS = 40;

function exponentOf(suffix: string): number {
  if (/^[eE][+-]?\d/.test(suffix)) return Number(suffix.slice(1));
  return (DECIMAL.findIndex((name) => name === suffix) - DECIMAL.indexOf("")) * 3;
}

function binaryText(units: bigint): string {
  let [left, step] = [units, -1];
  while (left % 1024n === 0n && left !== 0n && step + 1 < BINARY.length) [left, step] = [left / 1024n, step + 1];
  return `${left}${BINARY[step] ?? ""}`;
}

function decimalText(nanos: bigint): string {
  let [left, step] = [nanos, 0];
  while (left % 1000n === 0n && left !== 0n && step + 1 < DECIMAL.length) [left, step] = [left / 1000n, step + 1];
  return left === 0n ? "0" : `${left}${DECIMAL[step] ?? ""}`;
}
