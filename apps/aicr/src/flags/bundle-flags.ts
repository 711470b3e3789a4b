import { DEPLOYERS } from "@slipway/bundle";
import { choiceFlag, switchFlag, textFlag } from "@slipway/terminal";

/** The flags of `aicr bundle` beside values, scheduling and catalog. */
export const BUNDLE_FLAGS = {
  recipe: textFlag("recipe", {
    summary: "the recipe: a file, -, an address or cm://NAMESPACE/NAME",
    group: "Input",
    placeholder: "SOURCE",
    short: "r",
    completion: "files",
  }),
  output: textFlag("output", {
    summary: "folder, archive (.tar.gz) or registry (oci://HOST/REPOSITORY[:TAG]) to write (default .)",
    group: "Output",
    placeholder: "TARGET",
    short: "o",
    completion: "files",
  }),
  deployer: choiceFlag("deployer", DEPLOYERS, "helm", {
    summary: "what installs the bundle",
    group: "Deployment",
    placeholder: "DEPLOYER",
    short: "d",
  }),
  repo: textFlag("repo", {
    summary: "where argocd and flux read the bundle: a Git repository or oci://HOST/REPOSITORY",
    group: "Deployment",
    placeholder: "URL",
  }),
  revision: textFlag("revision", {
    summary: "branch, version tag, refs/… or commit there (default main)",
    group: "Deployment",
    placeholder: "NAME",
  }),
  vendorCharts: switchFlag("vendor-charts", {
    summary: "put the chart archives into the bundle, fetched with helm",
    group: "Deployment",
  }),
  plainHttp: switchFlag("plain-http", { summary: "speak HTTP to the registry", group: "Output" }),
  insecureTls: switchFlag("insecure-tls", { summary: "take any certificate of the registry", group: "Output" }),
  imageRefs: textFlag("image-refs", {
    summary: "file that gets the reference of what was pushed",
    group: "Output",
    placeholder: "FILE",
    completion: "files",
    repeat: "last",
  }),
} as const;
