/** The README's components, bundled and run: rendered on a server, hydrated, removed and inserted again. */

import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { openPage } from "../test-support/page.js";
import { snippets } from "../test-support/readme.js";
import { missing, requireTool, TOOLS } from "../test-support/tools.js";

const HTML = '<visitor-counter url="wss://example.org/prod">many visitors</visitor-counter>';
const CLIENT = new URL("..", import.meta.url).pathname;

/** Channels that React leaves open would keep the process alive. */
const channels = [];

class Channel extends MessageChannel {
  constructor() {
    super();
    channels.push(this);
  }
}

after(() => channels.forEach(({ port1 }) => port1.close()));

describe("in frameworks", { skip: missing }, () => {
  let page;
  afterEach(() => page.close());

  test("React hydrates it without a warning, and StrictMode opens one connection", async () => {
    const [component] = snippets("tsx");
    const code = `
      import { hydrateRoot } from "react-dom/client";
      import { renderToString } from "react-dom/server.browser";
      import { StrictMode } from "react";
      import { Visitors } from "component";
      window.html = renderToString(<Visitors />);
      window.hydrate = (root) => hydrateRoot(root, <StrictMode><Visitors /></StrictMode>,
        { onRecoverableError: (error) => console.error(error) });`;
    const { container, logged } = await run(code, component, "tsx");
    page.window.hydrate(container);
    await worked(logged, []);
    assert.equal(page.window.html, HTML);
  });

  test("React calls the listener of what the client renders", async () => {
    const code = `
      import { createRoot } from "react-dom/client";
      import "component";
      window.render = (root) => createRoot(root).render(
        <visitor-counter url="wss://example.org/prod" oncount={({ detail }) => console.log(detail.live)} />);`;
    const { container, logged } = await run(code, 'import "./visitor-counter/visitor-counter.js";', "js");
    container.textContent = "";
    page.window.render(container);
    await worked(logged);
  });

  test("Vue hydrates it without a warning and handles its event", async () => {
    const [component] = snippets("vue");
    const template = component.match(/<template>([^]*)<\/template>/)[1].trim();
    const [, setup] = component.match(/const onCount = (.*);/);
    const code = `
      import { createSSRApp } from "vue/dist/vue.esm-bundler.js";
      import "component";
      window.hydrate = (root) => {
        const app = createSSRApp({ template: ${JSON.stringify(template)}, setup: () => ({ onCount: ${setup} }) });
        app.config.compilerOptions.isCustomElement = (tag) => tag === "visitor-counter";
        app.mount(root);
      };`;
    const { container, logged } = await run(code, 'import "./visitor-counter/visitor-counter.js";', "js");
    page.window.hydrate(container);
    await worked(logged);
  });

  test("Svelte renders it without a warning and handles its event", async () => {
    const [component] = snippets("svelte");
    const { compile } = requireTool("svelte/compiler");
    const { js } = compile(component, { generate: "client", filename: "Visitors.svelte" });
    const code = `
      import { mount } from "svelte";
      import Visitors from "component";
      window.hydrate = (root) => { root.textContent = ""; mount(Visitors, { target: root }); };`;
    const { container, logged } = await run(code, js.code, "js");
    page.window.hydrate(container);
    await worked(logged);
  });

  /** Bundles code that imports a component, and runs it on a page that the server has rendered. */
  async function run(code, component, loader) {
    const { buildSync, build } = requireTool("esbuild");
    assert.ok(buildSync);
    const { outputFiles } = await build({
      stdin: { contents: code, loader: "tsx", resolveDir: TOOLS },
      bundle: true,
      write: false,
      format: "iife",
      jsx: "automatic",
      logLevel: "error",
      conditions: ["browser"],
      define: {
        "process.env.NODE_ENV": '"development"',
        __VUE_OPTIONS_API__: "true",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
      },
      plugins: [
        {
          name: "component",
          setup({ onLoad, onResolve }) {
            onResolve({ filter: /^component$/ }, () => ({ path: "component", namespace: "readme" }));
            onResolve({ filter: /^\.\/visitor-counter\// }, ({ path }) => ({
              path: CLIENT + path.replace("./visitor-counter/", ""),
            }));
            onLoad({ filter: /.*/, namespace: "readme" }, () => ({ contents: component, loader, resolveDir: TOOLS }));
          },
        },
      ],
    });
    page = openPage(`<div id="root">${HTML}</div>`);
    const logged = [];
    page.window.console.log = (text) => logged.push(text);
    page.window.TextEncoder ??= TextEncoder;
    page.window.MessageChannel ??= Channel;
    page.window.eval(outputFiles[0].text);
    return { container: page.document.getElementById("root"), logged };
  }

  async function worked(logged, expected = [5]) {
    for (let i = 0; i < 50 && page.sockets.length === 0; i++) await page.settle();
    // Hydration, effects and StrictMode's second pass.
    for (let i = 0; i < 50; i++) await page.settle();
    assert.equal(page.sockets.length, 1);
    page.sockets[0].receive(5, 5);
    assert.deepEqual(logged, expected);
    assert.match(page.figures(), /5 visitors/);
    assert.deepEqual(page.problems, []);
    assert.equal(page.sockets[0].closed, false);
  }
});
