/**
 * Builds `visitor-counter.min.js`, the one file that a site copies, and its copies in the example stacks; writes its hash
 * into the README. With `--check` writes nothing and fails if a file differs from what would be written.
 */

import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { minify } from "terser";
import { gzipSync } from "node:zlib";

/** Bytes, minified and gzipped. */
const MAXIMUM_SIZE = 6500;
const MINIFIED = "visitor-counter.min.js";
const STACKS = ["../examples-sam/page/site/", "../examples-cdk/page/site/"];

const pathOf = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (name) => readFileSync(pathOf(name), "utf8");

/** Properties that nothing outside of the file reads: the file exports nothing, and gives away only the element. */
const INTERNAL_PROPERTIES = new RegExp(
  "Ms$|^(" +
    "openSocket|isOnline|setTimer|clearTimer|onOpen|onMessage|onEnd|isOpen|ping|useStyles|showFallback|showCount|" +
    "announced|announce|stale|quiet|users|timer|release|reconnect|node|before|after|number|label|timing|browser|accept|text|" +
    "readJson|sendAction|onError|start|stop|counterName|setState|addCounter|removeCounter|follow|isFollowing|countUrl|" +
    "chooseConnection|options|spoken" +
    ")$",
);

/** The style sheet is a template literal, which minifiers of JavaScript leave as it is. */
const minifyStyles = {
  name: "minify-styles",
  setup({ onLoad }) {
    onLoad({ filter: /internal[\\/]view\.js$/ }, async ({ path }) => {
      const source = readFileSync(path, "utf8");
      const [declaration, styles] = source.match(/const STYLE = `([^`]*)`;/);
      const { code } = await transform(styles, { loader: "css", minify: true, charset: "utf8" });
      if (/[\\`$]/.test(code)) throw new Error("The styles have characters that mean something in a template literal");
      return { contents: source.replace(declaration, () => `const STYLE = \`${code.trim()}\`;`), loader: "js" };
    });
  },
};

async function minified() {
  const { version, license } = JSON.parse(read("package.json"));
  const { outputFiles } = await build({
    entryPoints: [pathOf("visitor-counter.js")],
    bundle: true,
    minify: true,
    mangleProps: INTERNAL_PROPERTIES,
    // Runs as a module and as a classic script.
    format: "iife",
    target: "es2022",
    write: false,
    plugins: [minifyStyles],
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2022,
    toplevel: true,
    compress: { passes: 4, unsafe_arrows: true, unsafe_methods: true },
  });
  return `/*! visitor-counter ${version} | ${license} | generated */\n${code}\n`;
}

/** The README's hashes are those of the file beside it. */
function withHash(readme, content) {
  const hash = createHash("sha384").update(content).digest("base64");
  return readme.replaceAll(/sha384-[A-Za-z0-9+/]{64}/g, `sha384-${hash}`);
}

const content = await minified();
const files = new Map([
  [MINIFIED, content],
  ["README.md", withHash(read("README.md"), content)],
  ...STACKS.filter((folder) => existsSync(pathOf(folder))).map((folder) => [folder + MINIFIED, content]),
]);

for (const [name, expected] of files) {
  if (existsSync(pathOf(name)) && read(name) === expected) continue;
  if (process.argv.includes("--check")) {
    console.error(`js-client/${name} is not what the sources give: run "npm run build" in js-client/tools.`);
    process.exitCode = 1;
  } else {
    writeFileSync(pathOf(name), expected);
    console.log(`Wrote ${name}`);
  }
}

const size = gzipSync(content, { level: 9 }).length;
console.log(`${MINIFIED}: ${size} bytes gzipped, of at most ${MAXIMUM_SIZE}`);
if (size > MAXIMUM_SIZE) {
  console.error(
    `js-client: ${size - MAXIMUM_SIZE} bytes too large. Make it smaller, or raise MAXIMUM_SIZE in tools/build.js.`,
  );
  process.exitCode = 1;
}
