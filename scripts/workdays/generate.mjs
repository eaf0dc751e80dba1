// Writes law/workdays/<year>.json and law/workdays/statutory.json from an
// unpacked copy of the npm package chinese-days (MIT). Pure Node, no network.
//
//   npm pack chinese-days@1.5.7 && tar xzf chinese-days-1.5.7.tgz
//   node scripts/workdays/generate.mjs ./package law/workdays
//
// The package gives the days; the titles and numbers of the notices are kept
// here, because the package does not have them. A notice without a number is
// one whose number could not be confirmed.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [packageDir, outDir] = process.argv.slice(2);
if (!packageDir || !outDir) {
  console.error('usage: generate.mjs <unpacked chinese-days> <law/workdays>');
  process.exit(2);
}
const root = resolve(packageDir);
const library = createRequire(import.meta.url)(join(root, 'dist', 'index.min.js'));

// Document numbers (发文字号) of the yearly notices.
const numbers = {
  2007: '国办发明电〔2006〕49号', 2009: '国办发明电〔2008〕42号', 2010: '国办发明电〔2009〕27号',
  2011: '国办发明电〔2010〕40号', 2012: '国办发明电〔2011〕45号', 2013: '国办发明电〔2012〕33号',
  2014: '国办发明电〔2013〕28号', 2015: '国办发明电〔2014〕28号', 2016: '国办发明电〔2015〕18号',
  2017: '国办发明电〔2016〕17号', 2018: '国办发明电〔2017〕12号', 2019: '国办发明电〔2018〕15号',
  2020: '国办发明电〔2019〕16号', 2021: '国办发明电〔2020〕27号', 2022: '国办发明电〔2021〕11号',
  2023: '国办发明电〔2022〕16号', 2024: '国办发明电〔2023〕7号', 2025: '国办发明电〔2024〕12号',
  2026: '国办发明电〔2025〕7号',
};

const notice = (year) =>
  `《国务院办公厅关于${year}年部分节假日安排的通知》` + (numbers[year] ? `（${numbers[year]}）` : '');

// Days that a later notice, or the notice of the following year, arranged.
const victory =
  '《国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知》（国发明电〔2015〕1号）';
const labour2019 = '《国务院办公厅关于调整2019年劳动节假期安排的通知》（国办发明电〔2019〕3号）';
const spring2020 = '《国务院办公厅关于延长2020年春节假期的通知》（国办发明电〔2020〕1号）';
function otherSource(date) {
  const year = Number(date.slice(0, 4));
  if (date >= `${year}-12-29`) return notice(year + 1);
  if (date >= '2015-09-03' && date <= '2015-09-06') return victory;
  if (date >= '2019-04-28' && date <= '2019-05-05') return labour2019;
  if (date >= '2020-01-31' && date <= '2020-02-02') return spring2020;
  return undefined;
}

const fullName = { 清明: '清明节', 端午: '端午节', 中秋: '中秋节' };
const nameOf = (text) => {
  const name = text.split(',')[1];
  return fullName[name] ?? name;
};
const addDays = (date, n) => new Date(Date.parse(date + 'T00:00:00Z') + n * 864e5).toISOString().slice(0, 10);
const isWeekend = (date) => [0, 6].includes(new Date(date + 'T00:00:00Z').getUTCDay());

// A day that its notice names and the package leaves out; a rest day anyway.
const extraHolidays = { '2015-09-05': '中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日' };

// A weekend between two days of one holiday is part of it; the package leaves
// a few out (2011-06-05), since they are rest days anyway.
function fillWeekends(holidays) {
  const all = { ...holidays };
  for (const [date, name] of Object.entries(holidays)) {
    for (let n = 1; n <= 3; n++) {
      const later = addDays(date, n);
      if (holidays[later] === name) {
        for (let m = 1; m < n; m++) all[addDays(date, m)] ??= name;
        break;
      }
      if (!isWeekend(later)) break;
    }
  }
  return all;
}

const line = (value) => JSON.stringify(value);

function writeYear(year, raw) {
  const names = (days) => Object.fromEntries(Object.entries(days).map(([d, text]) => [d, nameOf(text)]));
  for (const [date, name] of Object.entries(extraHolidays)) {
    if (date.startsWith(`${year}-`)) raw.holidays[date] ??= `,${name}`;
  }
  const days = [
    ...Object.entries(fillWeekends(names(raw.holidays))).map(([date, name]) => ({ date, name, kind: 'holiday' })),
    ...Object.entries(names(raw.workdays)).map(([date, name]) => ({ date, name, kind: 'workday' })),
  ]
    .map((day) => ({ ...day, source: otherSource(day.date) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const text =
    `{\n  "year": ${year},\n  "source": ${line(notice(year))},\n  "days": [\n` +
    days.map((day) => '    ' + line(day)).join(',\n') + '\n  ]\n}\n';
  writeFileSync(join(outDir, `${year}.json`), text);
}

// The statutory list as each amendment of the 办法 left it. `day` is MM-DD;
// `offset` counts days from the lunar date (spring = 正月初一).
const fixed = (day, name) => ({ day, name });
const lunar = (festival, offset, name) => ({ festival, offset, name });
const springDays = (from, to) =>
  Array.from({ length: to - from + 1 }, (_, i) => lunar('spring', from + i, '春节'));
const solarDays = (month, from, to, name) =>
  Array.from({ length: to - from + 1 }, (_, i) => fixed(`${month}-${String(from + i).padStart(2, '0')}`, name));
const threeFestivals = [
  lunar('qingming', 0, '清明节'), lunar('dragon_boat', 0, '端午节'), lunar('mid_autumn', 0, '中秋节'),
];
const law = '《全国年节及纪念日放假办法》';
const eras = [
  { from: 1990, source: law + '（1949年12月23日政务院发布）',
    fixed: [fixed('01-01', '元旦'), ...solarDays('05', 1, 1, '劳动节'), ...solarDays('10', 1, 2, '国庆节')],
    lunar: springDays(0, 2) },
  { from: 2000, source: law + '（国务院令第270号，1999年修订）',
    fixed: [fixed('01-01', '元旦'), ...solarDays('05', 1, 3, '劳动节'), ...solarDays('10', 1, 3, '国庆节')],
    lunar: springDays(0, 2) },
  { from: 2008, source: law + '（国务院令第513号，2007年修订）',
    fixed: [fixed('01-01', '元旦'), fixed('05-01', '劳动节'), ...solarDays('10', 1, 3, '国庆节')],
    lunar: [...springDays(-1, 1), ...threeFestivals] },
  { from: 2014, source: law + '（国务院令第644号，2013年修订）',
    fixed: [fixed('01-01', '元旦'), fixed('05-01', '劳动节'), ...solarDays('10', 1, 3, '国庆节')],
    lunar: [...springDays(0, 2), ...threeFestivals] },
  { from: 2025, source: law + '（国务院令第795号，2024年修订）',
    fixed: [fixed('01-01', '元旦'), ...solarDays('05', 1, 2, '劳动节'), ...solarDays('10', 1, 3, '国庆节')],
    lunar: [...springDays(-1, 2), ...threeFestivals] },
];

function writeStatutory(version) {
  const years = [];
  for (let year = 2004; year <= 2040; year++) {
    const solar = (lunarDay) => library.getSolarDateFromLunar(`${year}-${lunarDay}`).date;
    years.push({
      year, spring: solar('01-01'), qingming: library.getSolarTermDate(year, 4, 'pure_brightness'),
      dragon_boat: solar('05-05'), mid_autumn: solar('08-15'),
    });
  }
  const rows = (list, indent) => list.map((row) => indent + line(row)).join(',\n');
  const era = (e) =>
    `    {\n      "from": ${e.from},\n      "source": ${line(e.source)},\n      "fixed": [\n${rows(e.fixed, '        ')}\n      ],\n` +
    `      "lunar": [\n${rows(e.lunar, '        ')}\n      ]\n    }`;
  writeFileSync(join(outDir, 'statutory.json'),
    `{\n  "eras": [\n${eras.map(era).join(',\n')}\n  ],\n` +
    `  "lunar_source": ${line(`npm chinese-days ${version}（MIT）的农历表`)},\n  "lunar_years": [\n${rows(years, '    ')}\n  ]\n}\n`);
}

mkdirSync(outDir, { recursive: true });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
for (const file of readdirSync(join(root, 'dist', 'years')).filter((f) => /^\d{4}\.json$/.test(f))) {
  writeYear(Number(file.slice(0, 4)), JSON.parse(readFileSync(join(root, 'dist', 'years', file), 'utf8')));
}
writeStatutory(version);
