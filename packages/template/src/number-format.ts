/** The digits of a number: `0.d1d2d3 * 10^point`, without trailing zeros; none for zero. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

/** The verbs with which Go formats a float. */
export type FloatVerb = "b" | "e" | "f" | "g" | "x";

/**
 * Formats a float as Go's `strconv.FormatFloat` with 64 bits does.
 *
 * @param precision digits after the point (`e`, `f`, `x`) or significant digits (`g`); nothing for the shortest text
 * that reads back as the same number
 */
export function formatFloat(value: number, verb: FloatVerb, precision?: number): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (size === Infinity) return sign === "-" ? "-Inf" : "+Inf";
  if (verb === "b") return sign + binary(size);
  if (verb === "x") return sign + hexFloat(size, precision);
  if (verb === "f") return sign + fixed(size, precision);
  if (verb === "e") return sign + exponential(size, precision);
  return sign + general(size, precision);
}

function fixed(size: number, precision: number | undefined): string {
  if (precision === undefined) {
    const { digits, point } = shortestDigits(size);
    return plain({ digits, point }, Math.max(digits.length - point, 0));
  }
  const scaled = scaledInteger(size, precision)
    .toString()
    .padStart(precision + 1, "0");
  return precision === 0 ? scaled : `${scaled.slice(0, -precision)}.${scaled.slice(-precision)}`;
}

function exponential(size: number, precision: number | undefined): string {
  const digits = precision === undefined ? shortestDigits(size) : significantDigits(size, precision + 1);
  return scientific(digits, precision ?? Math.max(digits.digits.length - 1, 0));
}

function general(size: number, precision: number | undefined): string {
  const wanted = precision === 0 ? 1 : precision;
  const digits = wanted === undefined ? shortestDigits(size) : significantDigits(size, wanted);
  const count = digits.digits.length;
  // The shortest form goes over to an exponent at 10^6, a given precision where its digits end.
  const limit = wanted === undefined ? 6 : wanted > count && count >= digits.point ? count : wanted;
  const exponent = count === 0 ? 0 : digits.point - 1;
  if (exponent < -4 || exponent >= limit) return scientific(digits, Math.max(count - 1, 0));
  return plain(digits, Math.max(count - digits.point, 0));
}

function plain({ digits, point }: Digits, decimals: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (decimals === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.padEnd(decimals, "0")}`;
}

function scientific({ digits, point }: Digits, decimals: number): string {
  const padded = digits.padEnd(decimals + 1, "0");
  const exponent = digits === "" ? 0 : point - 1;
  const power = Math.abs(exponent).toString().padStart(2, "0");
  const mantissa = decimals === 0 ? padded.slice(0, 1) : `${padded.slice(0, 1)}.${padded.slice(1)}`;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${power}`;
}

function shortestDigits(size: number): Digits {
  return splitDigits(size.toExponential());
}

function significantDigits(size: number, count: number): Digits {
  if (size === 0) return { digits: "", point: 0 };
  const exponent = shortestDigits(size).point - 1;
  const scaled = scaledInteger(size, count - 1 - exponent).toString();
  // Rounding 9.99 up gives one digit more than asked for.
  return { digits: scaled.replace(/0+$/, ""), point: exponent + 1 + scaled.length - count };
}

function splitDigits(text: string): Digits {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const digits = mantissa.replace(".", "").replace(/0+$/, "");
  return { digits, point: digits === "" ? 0 : Number(exponent) + 1 };
}

/** `size * 10^decimals` as the nearest integer, ties to even, computed exactly. */
function scaledInteger(size: number, decimals: number): bigint {
  const { mantissa, exponent } = binaryParts(size);
  let above = BigInt(mantissa);
  let below = 1n;
  if (decimals >= 0) above *= 10n ** BigInt(decimals);
  else below *= 10n ** BigInt(-decimals);
  if (exponent >= 0) above *= 2n ** BigInt(exponent);
  else below *= 2n ** BigInt(-exponent);
  const quotient = above / below;
  const twice = (above % below) * 2n;
  const up = twice > below || (twice === below && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/** The parts of `mantissa * 2^exponent`, with an integer mantissa. */
function binaryParts(size: number): { readonly mantissa: number; readonly exponent: number } {
  if (size === 0) return { mantissa: 0, exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const biased = (view.getUint32(0) >>> 20) & 0x7ff;
  const fraction = (view.getUint32(0) & 0xfffff) * 2 ** 32 + view.getUint32(4);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction + 2 ** 52, exponent: biased - 1075 };
}

function binary(size: number): string {
  const { mantissa, exponent } = binaryParts(size);
  const power = size === 0 ? -1074 : exponent;
  return `${mantissa}p${power < 0 ? "" : "+"}${power}`;
}

function hexFloat(size: number, precision: number | undefined): string {
  if (size === 0) return `0x0${precision === undefined || precision === 0 ? "" : `.${"0".repeat(precision)}`}p+00`;
  const { mantissa, exponent } = binaryParts(size);
  const shift = 53 - mantissa.toString(2).length;
  const { bits, carry } = roundedBits(BigInt(mantissa) << BigInt(shift), precision ?? 13);
  const power = exponent - shift + 52 + carry;
  const all = (bits & ((1n << 52n) - 1n)).toString(16).padStart(13, "0");
  const digits = precision === undefined ? all.replace(/0+$/, "") : all.slice(0, precision).padEnd(precision, "0");
  const tail = `p${power < 0 ? "-" : "+"}${Math.abs(power).toString().padStart(2, "0")}`;
  return `0x1${digits === "" ? "" : `.${digits}`}${tail}`;
}

/** 53 bits rounded to a number of hexadecimal digits after the first bit, ties to even. */
function roundedBits(bits: bigint, digits: number): { readonly bits: bigint; readonly carry: number } {
  if (digits >= 13) return { bits, carry: 0 };
  const drop = BigInt(4 * (13 - digits));
  const [kept, rest, half] = [bits >> drop, bits & ((1n << drop) - 1n), 1n << (drop - 1n)];
  const isUp = rest > half || (rest === half && kept % 2n === 1n);
  const rounded = (isUp ? kept + 1n : kept) << drop;
  return rounded >> 53n === 1n ? { bits: rounded >> 1n, carry: 1 } : { bits: rounded, carry: 0 };
}
