/**
 * Bundle the pages' scripts and style and list the licences of what is inside.
 * `node build.mjs` writes the assets; `--check` fails when the committed ones differ.
 */

import { bundle, licences, put } from "./bundle.mjs";

const SCRIPTS = ["report.js", "pair.js", "plain.js", "claims.js"];
const style = await bundle("src/report.css");
const scripts = await Promise.all(SCRIPTS.map((name) => bundle(`src/${name}`)));
for (const { text } of [style, ...scripts]) {
  if (text.includes("</")) throw new Error("the bundle would end its own element");
}
await put("report/assets", {
  ...Object.fromEntries(SCRIPTS.map((name, i) => [name, scripts[i].text])),
  "report.css": style.text,
  "THIRD_PARTY.txt": await licences("the report page", scripts.flatMap((script) => script.used)),
}, "npm run build");
