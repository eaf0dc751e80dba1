import type { Labels } from "./labels";

export const engines: Labels = { postgres: "PostgreSQL", mysql: "MySQL、MariaDB", sqlite: "SQLite" };

export const runStates: Labels = { waiting: "等待", running: "读取中", done: "已完成", failed: "失败" };

/** Why a table is not catalogued at all. */
export const refusals: Labels = { secret: "标有密级，不得编入目录", too_many_columns: "列数过多，须先拆分" };

export const changeKinds: Labels = { added: "新增", removed: "删除", changed: "变动" };

/** What of a table or column changed. */
export const aspects: Labels = {
  comment: "注释",
  view: "表或视图",
  refused: "密级标志",
  type: "类型",
  nullable: "可空",
  key: "主键",
  domain: "值域",
  references: "外键",
};
