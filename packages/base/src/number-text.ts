/**
 * A number as Go prints it with `%v`: an integer as its digits, anything else as {@link floatText}. Integers beyond
 * 2^53 are bigint; a larger number without a fraction is therefore a float.
 */
export function numberText(value: number | bigint): string {
  return typeof value === "bigint" || Number.isSafeInteger(value) ? String(value) : floatText(value);
}

/** A float as Go prints it with `%v`: the shortest digits, with an exponent below 10^-4 and from 10^6 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const [mantissa = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
