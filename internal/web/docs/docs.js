// Draws the interface documentation from /openapi.json. Everything is put in
// as text nodes: nothing from the document is ever read as HTML.
"use strict";

const el = (tag, attrs = {}, ...children) => {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) e.setAttribute(k, v);
  e.append(...children.filter((c) => c !== undefined && c !== null));
  return e;
};

let doc;

const deref = (x) => {
  while (x && x.$ref) x = x.$ref.slice(2).split("/").reduce((o, k) => o?.[k], doc);
  return x ?? {};
};

const typeName = (s) => {
  if (!s) return "";
  if (s.$ref) return s.$ref.split("/").pop();
  if (s.type === "array") return typeName(s.items) + "[]";
  if (s.type === "object" && s.additionalProperties) return "object";
  return [s.type ?? "任意", s.format].filter(Boolean).join(" · ");
};

const limits = (s) => {
  const out = [];
  const values = s.enum ?? s.items?.enum;
  if (values) out.push("可选：" + values.join("、"));
  if (s.minLength !== undefined || s.maxLength !== undefined) out.push(`长度 ${s.minLength ?? 0}–${s.maxLength ?? "不限"}`);
  if (s.minimum !== undefined || s.maximum !== undefined) out.push(`范围 ${s.minimum ?? "不限"}–${s.maximum ?? "不限"}`);
  if (s.minItems !== undefined || s.maxItems !== undefined) out.push(`项数 ${s.minItems ?? 0}–${s.maxItems ?? "不限"}`);
  if (s.pattern) out.push("格式 " + s.pattern);
  if (s.default !== undefined) out.push("缺省 " + JSON.stringify(s.default));
  return out.join("；");
};

const row = (name, schema, text, required) =>
  el("tr", {},
    el("td", {}, el("code", required ? { class: "need", title: "必填" } : {}, name)),
    el("td", {}, typeName(schema)),
    el("td", {}, text ?? "", limits(schema) ? el("div", {}, el("small", {}, limits(schema))) : null));

const table = (rows) =>
  el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "名称"), el("th", {}, "类型"), el("th", {}, "说明"))), el("tbody", {}, ...rows));

// members draws the members of an object; members that are objects unfold.
const members = (schema, above = []) => {
  const s = deref(schema.type === "array" ? schema.items : schema);
  const props = Object.entries(s.properties ?? {});
  if (!props.length) return el("p", {}, typeName(schema));
  const required = new Set(s.required ?? []);
  const box = el("div", {}, table(props.map(([n, p]) => row(n, p, p.description, required.has(n)))));
  for (const [name, p] of props) {
    const inner = p.type === "array" ? p.items : p;
    const ref = inner?.$ref;
    if (!ref || above.includes(ref)) continue;
    const d = el("details", {}, el("summary", {}, el("code", {}, name), " 的成员（", typeName(inner), "）"));
    d.addEventListener("toggle", () => { if (d.open && d.childElementCount === 1) d.append(members(inner, [...above, ref])); });
    box.append(d);
  }
  return box;
};

const drawOperation = (method, path, op) => {
  const open = op.security && op.security.length === 0;
  const s = el("section", { class: "op", id: op.operationId },
    el("h3", {}, op.summary),
    el("p", {}, el("span", { class: "method " + method }, method.toUpperCase()), " ", el("span", { class: "path" }, path), " ",
      el("span", { class: "lock" }, open ? "无需登录" : "需要登录")));
  if (op.description) s.append(el("p", {}, op.description));
  if (op.parameters?.length) {
    const where = { path: "地址", query: "查询", header: "首部", cookie: "Cookie" };
    s.append(el("h4", {}, "参数"), table(op.parameters.map((p) => row(p.name, p.schema, `（${where[p.in]}）${p.description ?? ""}`, p.required))));
  }
  const body = op.requestBody?.content?.["application/json"]?.schema;
  if (body) s.append(el("h4", {}, "请求体"), members(body, [body.$ref]));
  for (const [code, r] of Object.entries(op.responses)) {
    if (code[0] !== "2") continue;
    const [type, media] = Object.entries(deref(r).content ?? {})[0] ?? [];
    s.append(el("h4", {}, `成功 ${code}${type ? "（" + type + "）" : "：没有内容"}`));
    if (media?.schema) s.append(el("details", {}, el("summary", {}, "应答：" + typeName(media.schema)), members(media.schema, [media.schema.$ref])));
  }
  const refused = Object.entries(op.responses).filter(([code]) => code[0] !== "2");
  s.append(el("details", {}, el("summary", {}, "可能的拒绝（application/problem+json）"),
    el("ul", {}, ...refused.map(([code, r]) => el("li", {}, el("code", {}, code), " ", deref(r).description ?? "")))));
  return s;
};

const draw = () => {
  const nav = document.getElementById("nav");
  const main = document.getElementById("main");
  main.replaceChildren(el("h1", {}, `${doc.info.title} 接口`), el("pre", { class: "about" }, doc.info.description ?? ""),
    el("p", {}, el("a", { href: "/openapi.json" }, "openapi.json"), " · ", el("a", { href: "/openapi.yaml" }, "openapi.yaml")));
  for (const tag of doc.tags) {
    nav.append(el("h2", {}, tag.name));
    main.append(el("h2", {}, tag.name), el("p", {}, tag.description ?? ""));
    for (const [path, item] of Object.entries(doc.paths)) {
      for (const method of ["get", "post", "put", "patch", "delete"]) {
        const op = item[method];
        if (!op || !op.tags.includes(tag.name)) continue;
        nav.append(el("a", { href: "#" + op.operationId, "data-text": `${op.summary} ${path} ${op.operationId}`.toLowerCase() }, op.summary));
        main.append(drawOperation(method, path, op));
      }
    }
  }
  const problem = doc.components.schemas.Problem;
  main.append(el("h2", {}, "拒绝的形式"), members(problem));
  document.getElementById("find").addEventListener("input", (e) => {
    const q = e.target.value.trim().toLowerCase();
    for (const a of nav.querySelectorAll("a")) a.hidden = !a.dataset.text.includes(q);
  });
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
};

fetch("/openapi.json")
  .then((r) => { if (!r.ok) throw new Error(String(r.status)); return r.json(); })
  .then((d) => { doc = d; draw(); })
  .catch((e) => document.getElementById("main").replaceChildren(el("p", {}, "接口文档载入失败：" + e.message)));
