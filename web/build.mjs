/**
 * Bundle the pages' scripts and style and list the licences of what is inside.
 * `node build.mjs` writes the assets; `--check` fails when the committed ones differ.
 */

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "../src/steppe/report/assets");

async function bundle(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    charset: "ascii",
    format: "iife",
    target: ["chrome109", "firefox115", "safari16"],
    legalComments: "none",
    metafile: true,
    write: false,
  });
  const { inputs } = Object.values(result.metafile.outputs)[0];
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  return { text: result.outputFiles[0].text, used };
}

/** Packages that have at least one byte in the bundle, with their licence texts. */
async function licences(paths) {
  const names = paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(names.filter(Boolean))].sort();
  const parts = await Promise.all(packages.map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = await readFile(join(folder, "LICENSE"), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }));
  return `Software inside the report page.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

const SCRIPTS = ["report.js", "pair.js", "plain.js", "claims.js"];
const style = await bundle("src/report.css");
const scripts = await Promise.all(SCRIPTS.map((name) => bundle(`src/${name}`)));
for (const { text } of [style, ...scripts]) {
  if (text.includes("</")) throw new Error("the bundle would end its own element");
}
const files = {
  ...Object.fromEntries(SCRIPTS.map((name, i) => [name, scripts[i].text.trimEnd()])),
  "report.css": style.text.trimEnd(),
  "THIRD_PARTY.txt": await licences(scripts.flatMap((script) => script.used)),
};
let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const path = join(assets, name);
  if (process.argv.includes("--check")) {
    const same = (await readFile(path, "utf8")) === text;
    if (!same) console.error(`${name} is not what the sources give: run npm run build`);
    stale += same ? 0 : 1;
  } else {
    await writeFile(path, text);
    console.log(`${name} ${(text.length / 1024).toFixed(0)} kB`);
  }
}
process.exitCode = stale ? 1 : 0;
