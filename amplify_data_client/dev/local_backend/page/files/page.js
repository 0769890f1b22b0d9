// Which view is shown, what the search finds, what the buttons do. GraphiQL is loaded when it is first opened.

import { ask } from "./caller.js";

const views = [...document.querySelectorAll(".view")];
const links = [...document.querySelectorAll(".bar nav a")];

function show() {
  const name = decodeURIComponent(location.hash.slice(1)) || "schema";
  const target = find(name) ?? views[0];
  const view = target.closest(".view");
  for (const each of views) each.hidden = each !== view;
  for (const link of links) {
    if (link.hash === `#${view.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (target === view) scrollTo(0, 0);
  else target.scrollIntoView();
  if (view.id === "graphiql") openGraphiql();
}

function find(name) {
  if (!name.startsWith("to.")) return document.getElementById(name);
  return document.getElementById(name.replace("to.", "model.")) ?? document.getElementById(name.replace("to.", "type."));
}

// the search

const cards = [...document.querySelectorAll("article")];

document.getElementById("find").addEventListener("input", ({ target }) => {
  const wanted = target.value.trim().toLowerCase();
  const kept = new Set();
  for (const card of cards) {
    card.hidden = !card.textContent.toLowerCase().includes(wanted);
    if (!card.hidden) kept.add(card.id);
  }
  for (const link of document.querySelectorAll("aside li a")) {
    link.parentElement.hidden = !kept.has(decodeURIComponent(link.hash.slice(1)));
  }
  for (const list of document.querySelectorAll("aside ul")) {
    list.hidden = list.previousElementSibling.hidden = !list.querySelector("li:not([hidden])");
  }
  document.getElementById("nothing").hidden = kept.size > 0;
});

// the buttons

document.addEventListener("click", async ({ target }) => {
  if (target.dataset?.try) {
    wanted = target.dataset.try;
    if (location.hash === "#graphiql") openGraphiql();
    else location.hash = "graphiql";
  }
  if (target.dataset?.copy) {
    await navigator.clipboard.writeText(document.getElementById(target.dataset.copy).textContent);
    target.textContent = "Copied";
    setTimeout(() => (target.textContent = "Copy"), 1500);
  }
});

// GraphiQL

let wanted = document.querySelector('[data-try^="list"]')?.dataset.try;
let root;
let samples;

async function openGraphiql() {
  if (root && !wanted) return;
  root ??= await loadGraphiql();
  samples ??= await (await fetch("/_page/samples.json")).json();
  const { document: query, variables } = samples[wanted] ?? {};
  const { createElement } = window.React;
  root.render(
    createElement(window.GraphiQL, {
      key: `${wanted} ${Date.now()}`, // a new sample is a new start: it comes in a tab beside the others
      fetcher: ask,
      query,
      variables: variables && JSON.stringify(variables, null, 2),
      defaultEditorToolsVisibility: "variables",
    }),
  );
  wanted = undefined;
}

async function loadGraphiql() {
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: "/_page/graphiql/graphiql.css" });
  document.head.append(sheet);
  for (const name of ["react", "react-dom", "graphiql"]) await script(`/_page/graphiql/${name}.js`);
  return window.ReactDOM.createRoot(document.getElementById("graphiql-here"));
}

function script(src) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    Object.assign(element, { src, onload: resolve, onerror: () => reject(new Error(`${src} could not be loaded`)) });
    document.head.append(element);
  });
}

addEventListener("hashchange", show);
show();
