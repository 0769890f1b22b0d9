// As whom does GraphiQL ask? The backend verifies whatever it sends, as it does for everybody.

import { sign } from "./sign.js";

const { credentials, modes, region } = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("caller");
const said = document.getElementById("caller-said");

const choices = [
  ["function", "the function (IAM)", credentials && modes.includes("iam") && window.isSecureContext],
  ["key", "an API key", modes.includes("apiKey")],
  ["user", "a signed-in user", credentials && modes.includes("userPools") && window.isSecureContext],
  ["headers", "what the Headers tab says", true],
];
for (const [value, label, isThere] of choices) if (isThere) form.elements.as.add(new Option(label, value));
form.elements.key.value = credentials?.apiKey ?? "";
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", explain);
explain();

function explain() {
  const chosen = form.elements.as.value;
  for (const label of form.querySelectorAll("[data-for]")) label.hidden = label.dataset.for !== chosen;
  said.textContent = {
    function: "Requests are signed; no rule of a model limits a function.",
    headers: "There, for example: {\"Authorization\": \"…\"}",
  }[chosen] ?? "";
}

// GraphiQL's fetcher
export async function ask(request, { headers = {} } = {}) {
  const body = JSON.stringify(request);
  const url = new URL("/graphql", location);
  const reply = await fetch(url, { method: "POST", headers: { ...(await proof(url, body)), ...headers }, body });
  return reply.json();
}

async function proof(url, body) {
  const plain = { "content-type": "application/json" };
  switch (form.elements.as.value) {
    case "function":
      return sign(url, body, plain, credentials, region, "appsync");
    case "key":
      return { ...plain, "x-api-key": form.elements.key.value.trim() };
    case "user":
      return { ...plain, authorization: await token() };
    default:
      return plain;
  }
}

const tokens = new Map();

// the function may be anybody, so it may ask for anybody's token
async function token() {
  const groups = form.elements.groups.value.split(",").map((group) => group.trim());
  const body = JSON.stringify({ username: form.elements.username.value.trim(), groups: groups.filter(Boolean) });
  const known = tokens.get(body);
  if (known && known.until > Date.now()) return known.token;
  const url = new URL("/_page/token", location);
  const headers = await sign(url, body, { "content-type": "application/json" }, credentials, region, "appsync");
  const reply = await fetch(url, { method: "POST", headers, body });
  if (!reply.ok) throw new Error(await reply.text());
  const made = (await reply.json()).token;
  tokens.set(body, { token: made, until: Date.now() + 50 * 60_000 });
  return made;
}
