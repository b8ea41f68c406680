/**
 * Bundle the scripts and styles of the report pages and the app, and list the licences of what is
 * inside. `node build.mjs` writes the committed files; `--check` fails with the names of those that
 * are not what the sources give.
 */

import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const FOLDERS = [
  { folder: "report", entries: ["report/report.js", "report/pair.js", "report/plain.js", "report/claims.js", "report/report.css"], inside: "the report page" },
  { folder: "app", entries: ["app/main.js", "app/app.css", "wizard/main.js", "wizard/wizard.css"], inside: "the app's pages",
    names: { "app/main.js": "app.js", "app/app.css": "app.css", "wizard/main.js": "wizard.js", "wizard/wizard.css": "wizard.css" } },
];

/** The text of a bundle and the paths of the files that have at least one byte in it. */
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
  const text = result.outputFiles[0].text.trimEnd();
  if (text.includes("</")) throw new Error(`${entry} would end its own element`);
  const { inputs } = Object.values(result.metafile.outputs)[0];
  return { text, used: Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0) };
}

/** The packages among `paths`, each with its licence text; `inside` says of what. */
async function licences(inside, paths) {
  const names = paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(names.filter(Boolean))].sort();
  const parts = await Promise.all(packages.map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = await readFile(join(folder, "LICENSE"), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }));
  return `Software inside ${inside}.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

async function put(folder, name, text) {
  const path = join(here, "../src/steppe", folder, "assets", name);
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
    console.log(`${folder}/${name} ${(text.length / 1024).toFixed(0)} kB`);
  } else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
    console.error(`${folder}/assets/${name} is not what the sources give: run npm run build`);
    process.exitCode = 1;
  }
}

for (const { folder, entries, names = {}, inside } of FOLDERS) {
  const bundles = await Promise.all(entries.map((entry) => bundle(entry)));
  for (const [i, entry] of entries.entries()) await put(folder, names[entry] ?? basename(entry), bundles[i].text);
  await put(folder, "THIRD_PARTY.txt", await licences(inside, bundles.flatMap((one) => one.used)));
}
