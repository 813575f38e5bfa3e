// Tells the host what a framework found, over descriptor 3: the part that the reporters share.
const { writeSync } = require("node:fs");

const { stringify } = JSON;
const { from } = Buffer;
const { nonce, labels } = JSON.parse(process.env.AGENTOS_REPORT);
delete process.env.AGENTOS_REPORT;
const MESSAGE_LIMIT = 4000;

function send(value) {
  const bytes = from(`${nonce} ${stringify(value)}\n`);
  let sent = 0;
  while (sent < bytes.length) sent += writeSync(3, bytes, sent);
}

/** An error's text without colours and without frames of the framework. */
function plain(text) {
  const lines = String(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .filter((line) => !/^\s+at .*(?:node:|node_modules|\/harness\/)/.test(line));
  const all = lines.join("\n").replaceAll("file:///work/", "").replaceAll("/work/", "").trim();
  return all.length > MESSAGE_LIMIT ? `${all.slice(0, MESSAGE_LIMIT)}\n[...]` : all;
}

exports.labelOf = (path) => labels[path];

/** One test. `errors`: texts. */
exports.tellTest = (file, name, status, errors, durationMs) => {
  const message = errors.length > 0 ? errors.map(plain).join("\n\n") : undefined;
  send({ test: { file, name, status, message, durationMs } });
};

/** The end of a file, whose tests are told. */
exports.tellFinished = (file, tests) => {
  if (tests === 0) exports.tellTest(file, file, "failed", ["No tests found in this file."]);
  send({ finished: file });
};
