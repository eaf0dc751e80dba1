/** Names of codes. Those of the catalog come from the server: see useWords. */
export type Labels = Readonly<Record<string, string>>;

export const grantStates: Labels = {
  active: "有效",
  not_yet: "未生效",
  expired: "已到期",
  suspended: "已暂停",
  terminated: "已终止",
};

export const modes: Labels = {
  query: "查询（返回数据）",
  verify: "核验（只答是否一致）",
};

export const violationRoles: Labels = {
  provider: "提供部门",
  consumer: "需求部门",
  authority: "主管部门",
  department: "政务部门",
};

export const violationSources: Labels = {
  detected: "平台发现",
  filed: "报告或者检查发现",
};

export const circularKinds: Labels = {
  criticism: "通报批评",
  situation: "情况通报",
  commendation: "通报表扬",
};

/** What a complaint may be about (CN-37.1). */
export const complaintKinds: Labels = {
  leak: "泄露个人信息或者商业秘密",
  misuse: "超出范围或者目的使用",
  wrong_data: "数据错误影响权益",
  repeated_collection: "重复收集",
  other: "其他",
};

/** Domains of base libraries (HB-13). */
export const libraryDomains: Labels = {
  population: "人口",
  legal_entity: "法人",
  natural_resources: "自然资源和空间地理",
  macro_economy: "宏观经济",
  social_credit: "社会信用",
  e_licence: "电子证照",
};

/** What is wrong with data that came (CN-26.2). */
export const correctionKinds: Labels = {
  wrong: "不准确",
  incomplete: "不完整",
  outdated: "未及时更新",
  missing: "缺少该记录",
};

/** What data are kept on when used (XN-18). */
export const mediums: Labels = {
  online: "在线使用不落地",
  database: "数据库",
  file: "电子文件",
  removable: "移动介质",
  paper: "纸质",
  other: "其他",
};

export const qualityDimensions: Labels = {
  completeness: "完整性",
  validity: "规范性",
  uniqueness: "唯一性",
  consistency: "一致性",
  timeliness: "及时性",
};

export const operators: Labels = {
  eq: "等于",
  in: "属于",
  prefix: "开头为",
};

export const roles: Labels = {
  clerk: "经办人",
  office_head: "共享工作机构负责人",
  department_head: "部门负责人",
  supervisor: "主管部门审核人员",
  engineer: "系统对接人员",
  auditor: "审计人员",
  admin: "平台管理员",
};

/** The Chinese word for a code, or the code where there is none. */
export function word(labels: Labels, code: string | null | undefined): string {
  if (!code) return "—";
  return labels[code] ?? code;
}

/** Options of a select drawn from labels. */
export function options(labels: Labels): { value: string; label: string }[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}

/** How indicators of the assessment are measured (HB-28). */
export const measures: Labels = {
  published: "已发布的目录条目占全部目录条目的比例",
  linked: "已发布的目录条目中已挂接数据的比例",
  clocks: "期间内届满或者办结的法定期限中按期办结的比例",
  used: "作为需求部门的有效授权中已实际使用的比例",
  complaints: "期间内每有一件违规或者投诉扣减得分",
};

export const qualityKinds: Labels = {
  required: "必填",
  pattern: "正则表达式",
  domain: "值域",
  range: "范围",
  unique: "唯一",
  type: "类型和长度",
  resident_id: "身份证号校验码",
  phone: "电话号码格式",
  region: "区划代码存在",
  key: "主键唯一",
  parent: "上级记录存在",
  referential: "参照另一资源",
  compare: "与另一数据项比较",
  birth_date: "出生日期与证件一致",
  age: "数据及时更新",
};

export const departmentKinds: Labels = {
  department: "政府部门",
  authorised: "法律法规授权的组织",
  other_state_organ: "其他国家机关",
};
