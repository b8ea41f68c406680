/**
 * Bundle the app's script and style and list the licences of what is inside.
 * `node app/build.mjs` writes the assets; `--check` fails when the committed ones differ.
 */

import { readFile } from "node:fs/promises";
import { bundle, licences, put } from "../bundle.mjs";

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

const script = await bundle("app/main.js", [plainPlot]);
const style = await bundle("app/app.css");
await put("app/assets", {
  "app.js": script.text,
  "app.css": style.text,
  "THIRD_PARTY.txt": await licences("the app's page", script.used),
}, "npm run build:app");
