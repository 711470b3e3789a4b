import { SlipwayError } from "@slipway/base";
import type { Log } from "@slipway/terminal";

/** Tells every failure; the worst one ends the program, and with its exit status. Nothing happens without one. */
export function throwWorst(log: Pick<Log, "fail">, failures: readonly unknown[]): void {
  const told = failures.filter((failure) => failure instanceof SlipwayError);
  const stranger = failures.find((failure) => !(failure instanceof SlipwayError));
  const worst = stranger ?? told.toSorted((left, right) => right.exitCode - left.exitCode)[0];
  for (const failure of told) if (failure !== worst) log.fail(failure);
  if (worst !== undefined) throw worst;
}
