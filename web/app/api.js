/** Talking to the server of this page, and to nobody else. */

/** An answer that says what is wrong; `faults` lie in the files of a case. */
export class Problem extends Error {
  constructor(status, error) {
    super(error.message);
    this.status = status;
    this.faults = error.faults ?? [];
  }
}

async function problemOf(response) {
  let error = { message: `the server answered ${response.status}` };
  try {
    error = (await response.json()).error ?? error;
  } catch {
    // Not every failure has words of its own; the status then has to do.
  }
  return new Problem(response.status, error);
}

async function send(method, path, body) {
  const options = { method, headers: { "X-Steppe": "1" }, credentials: "same-origin" };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem(0, { message: "the laboratory does not answer; is steppe app still running?" });
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export const get = async (path) => (await send("GET", path)).json();
export const remove = async (path) => send("DELETE", path);

export async function post(path, body) {
  const response = await send("POST", path, body);
  return response.status === 204 ? null : response.json();
}

/** Fetch a file made for a body; returns its name and content. */
export async function download(path, body) {
  const response = await send("POST", path, body);
  const disposition = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "");
  return { name: disposition ? disposition[1] : "steppe", blob: await response.blob() };
}

/** Hand a file to the reader. */
export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
