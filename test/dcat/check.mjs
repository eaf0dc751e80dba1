// Checks DCAT documents with parsers and a SHACL validator that are not ours.
// Reads a JSON array of questions from standard input and writes the array of
// answers. A question: {op: "compare", jsonld, turtle} or
// {op: "validate", turtle, shapes: [file], drop: {class, property}}, where drop
// takes every value of a property away from the resources of a class first.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import jsonld from "jsonld";
import { DataFactory, Parser } from "n3";
import canonize from "rdf-canonize";
import datasets from "@rdfjs/dataset";
import SHACLValidator from "rdf-validate-shacl";

const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

// Nothing is fetched: a document has its context inside.
const refuseToFetch = (url) => Promise.reject(new Error(`the document is not complete: it wants ${url}`));

const parseTurtle = (source) => new Parser({ factory: DataFactory, format: "text/turtle" }).parse(source);

// A graph is a set: what is said twice is said.
const asSet = (quads) => [...new Map(quads.map((q) => [JSON.stringify(q), q])).values()];

const canonical = (quads) => canonize.canonize(asSet(quads), { algorithm: "RDFC-1.0", format: "application/n-quads" });

async function compare({ jsonld: first, turtle }) {
  const expanded = await jsonld.toRDF(JSON.parse(first), { documentLoader: refuseToFetch, safe: true });
  const a = await canonical(expanded);
  const b = await canonical(parseTurtle(turtle).map(plainQuad));
  return { equal: a === b, quads: a.split("\n").length - 1, difference: a === b ? [] : difference(a, b) };
}

// plainQuad gives a quad in the form that the canonizer knows.
function plainQuad(q) {
  const term = (t) => {
    if (t.termType !== "Literal") return { termType: t.termType, value: t.termType === "BlankNode" ? `_:${t.value}` : t.value };
    return { termType: "Literal", value: t.value, language: t.language, datatype: { termType: "NamedNode", value: t.datatype.value } };
  };
  return { subject: term(q.subject), predicate: term(q.predicate), object: term(q.object), graph: { termType: "DefaultGraph", value: "" } };
}

function difference(a, b) {
  const left = new Set(a.split("\n"));
  const right = new Set(b.split("\n"));
  const only = (x, y, sign) => [...x].filter((line) => !y.has(line)).slice(0, 5).map((line) => sign + line);
  return [...only(left, right, "JSON-LD: "), ...only(right, left, "Turtle: ")];
}

async function validate({ turtle, shapes, drop }) {
  let data = parseTurtle(turtle);
  let dropped = 0;
  if (drop) {
    const members = new Set(data.filter((q) => q.predicate.value === TYPE && q.object.value === drop.class).map((q) => q.subject.value));
    const kept = data.filter((q) => !(members.has(q.subject.value) && q.predicate.value === drop.property));
    dropped = data.length - kept.length;
    data = kept;
  }
  const rules = shapes.flatMap((file) => parseTurtle(readFileSync(file, "utf8")));
  const report = await new SHACLValidator(datasets.dataset(rules)).validate(datasets.dataset(data));
  return {
    dropped,
    results: report.results.map((r) => ({
      focus: r.focusNode?.value, path: r.path?.value, value: r.value?.value,
      constraint: r.sourceConstraintComponent?.value, severity: r.severity?.value,
    })),
  };
}

const answer = async (q) => {
  try {
    return q.op === "compare" ? await compare(q) : await validate(q);
  } catch (e) {
    return { error: String(e?.stack ?? e) };
  }
};

const questions = JSON.parse(await text(process.stdin));
const answers = [];
for (const q of questions) answers.push(await answer(q));
process.stdout.write(JSON.stringify(answers));
