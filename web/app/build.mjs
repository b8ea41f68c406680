/**
 * Bundle the app's script and style and list the licences of what is inside.
 * `node app/build.mjs` writes the assets; `--check` fails when the committed ones differ.
 */

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "../node_modules");
const assets = join(here, "../../src/steppe/app/assets");

/** Plot writes a style element into every chart, which the page's policy forbids: our own style has its rules. */
const plainPlot = {
  name: "plain-plot",
  setup(one) {
    one.onLoad({ filter: /@observablehq\/plot\/src\/plot\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const plain = text.replace(/svg\.append\("style"\)\.text\(\s*`[^`]*`\s*\)/, "svg");
      if (plain === text || plain.includes('append("style")')) throw new Error("Plot styles itself in another way");
      return { contents: plain };
    });
  },
};

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
    plugins: [plainPlot],
  });
  const { inputs } = Object.values(result.metafile.outputs)[0];
  return { text: result.outputFiles[0].text, used: Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0) };
}

/** Packages that have at least one byte in the bundle, with their licence texts. */
async function licences(paths) {
  const names = paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(names.filter(Boolean))].sort();
  const parts = await Promise.all(packages.map(async (name) => {
    const folder = join(modules, name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = await readFile(join(folder, "LICENSE"), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }));
  return `Software inside the app's page.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

const script = await bundle("main.js");
const style = await bundle("app.css");
const files = {
  "app.js": script.text.trimEnd(),
  "app.css": style.text.trimEnd(),
  "THIRD_PARTY.txt": await licences(script.used),
};
let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const path = join(assets, name);
  if (process.argv.includes("--check")) {
    const same = (await readFile(path, "utf8").catch(() => "")) === text;
    if (!same) console.error(`${name} is not what the sources give: run npm run build:app`);
    stale += same ? 0 : 1;
  } else {
    await writeFile(path, text);
    console.log(`${name} ${(text.length / 1024).toFixed(0)} kB`);
  }
}
process.exitCode = stale ? 1 : 0;
