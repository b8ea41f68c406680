/** What the builds of the report and of the app share: bundling, licences, writing or comparing. */

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** The text of a bundle and the paths of the files that have at least one byte in it. */
export async function bundle(entry, plugins = []) {
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
    plugins,
  });
  const { inputs } = Object.values(result.metafile.outputs)[0];
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  return { text: result.outputFiles[0].text.trimEnd(), used };
}

/** The packages among `paths`, each with its licence text; `what` they are inside of. */
export async function licences(what, paths) {
  const names = paths.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const packages = [...new Set(names.filter(Boolean))].sort();
  const parts = await Promise.all(packages.map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = await readFile(join(folder, "LICENSE"), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  }));
  return `Software inside ${what}.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

/** Write `files` into a folder of the package; with `--check` only say which differ. */
export async function put(folder, files, command) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(here, "../src/steppe", folder, name);
    if (!process.argv.includes("--check")) {
      await writeFile(path, text);
      console.log(`${name} ${(text.length / 1024).toFixed(0)} kB`);
    } else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
      console.error(`${name} is not what the sources give: run ${command}`);
      process.exitCode = 1;
    }
  }
}
