/** `npm run bench NAME [RUNS]`: runs one of the benchmarks. */
const [name = "", runs = "21"] = process.argv.slice(2);

if (name === "aicr") {
  const { benchProcesses } = await import("./aicr-process.ts");
  const { benchLibrary } = await import("./aicr-library.ts");
  benchProcesses(Number(runs));
  await benchLibrary();
} else if (name === "snapshot") {
  const { benchSnapshot } = await import("./snapshot.ts");
  await benchSnapshot(Number(runs));
} else if (name === "kubectl-nim") {
  const { benchKubectlNim } = await import("./kubectl-nim.ts");
  await benchKubectlNim(Number(runs));
} else {
  console.error(`bench: there is no benchmark "${name}". Known: aicr, snapshot, kubectl-nim`);
  process.exitCode = 2;
}
