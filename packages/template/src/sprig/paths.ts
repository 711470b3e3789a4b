import { functionMap, text, unary, type FunctionMap } from "../functions.ts";

/** Go's path.Clean: the shortest path that means the same, without looking at any file. */
function clean(path: string): string {
  const isRooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isRooted) kept.push(part);
  }
  const joined = kept.join("/");
  if (isRooted) return `/${joined}`;
  return joined === "" ? "." : joined;
}

function base(path: string): string {
  if (path === "") return ".";
  const name = path.replace(/\/+$/, "");
  return name === "" ? "/" : name.slice(name.lastIndexOf("/") + 1);
}

/** Sprig's functions of paths with `/`. */
export const pathFunctions: FunctionMap = functionMap({
  base: unary(text, base),
  clean: unary(text, clean),
  dir: unary(text, (path) => clean(path.slice(0, path.lastIndexOf("/") + 1))),
  ext: unary(text, (path) => /\.[^./]*$/.exec(path)?.[0] ?? ""),
  isAbs: unary(text, (path) => path.startsWith("/")),
});
