package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/shuqiao/shuqiao/data/regions"
	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Words that names are made of. How often one is drawn falls with its place
// (Zipf), as with the words of real catalogs.
var (
	business = strings.Fields(`公安 民政 教育 卫生健康 人力资源社会保障 住房城乡建设 交通运输 自然资源 生态环境 市场监管 税务 医疗保障 农业农村 水利 应急 文化旅游
		统计 财政 审计 司法 科技 工业信息化 商务 退役军人 体育 林业 气象 地震 粮食 残联 档案 发展改革 民族宗教 城市管理 行政审批 数据管理 信访 国资 人防 海洋`)
	subjects = strings.Fields(`企业 人口 户籍 婚姻登记 机动车 驾驶人 不动产 社会救助 低保对象 医疗机构 药品 学生学籍 教师 教育机构 社会保险参保 就业 建设项目 施工许可
		道路运输 船舶 土地 矿产 排污许可 环境监测 食品生产 特种设备 纳税人 发票 医保定点机构 农机 畜禽养殖 水库 取水许可 安全生产 消防 旅行社 文物 财政预算 政府采购
		公证 律师 专利 高新技术 工业园区 外商投资 退役士兵 体育场馆 林权 气象观测 地震台站 粮库 残疾人 档案目录 行政处罚 行政许可 信用承诺 公共资源交易 招标投标
		殡葬 养老机构 儿童福利 社会组织 行政区划 地名 出租房屋 流动人口 出入境 车辆违法 交通事故 网约车 公交线路 桥梁 隧道 公路养护 港口 航道 渔船 农药 种子 化肥
		灌溉 防汛 河道 地下水 森林火灾 病虫害 野生动物 湿地 自然保护区 测绘 地质灾害 规划 拆迁 保障房 公积金 物业 燃气 供热 供水 污水 垃圾 路灯 公园 绿化 广告牌`)
	aspects  = strings.Fields(`基本 登记 年度 变更 注销 许可 备案 检查 处罚 监测 统计 审批 证照 名录 公示 评价 缴费 发放 申报 分布 异常 历史 明细 汇总 投诉 培训 等级 编号 责任 预警`)
	suffixes = strings.Fields(`信息 数据 信息表 目录 清单 记录 台账 证明 库 报表`)
	owners   = strings.Fields(`人员 企业 机构 项目 车辆 房屋 证件 申请人 法人 经办人 单位 设备 产品 许可证 合同 案件 学校 医院 土地 资金`)
	nouns    = strings.Fields(`名称 编号 代码 类型 状态 日期 地址 电话 金额 数量 等级 备注 姓名 性别 证件号码 有效期 负责人 面积 来源 批准文号 统一社会信用代码 出生日期 联系人 所在区划 登记机关`)
	letters  = "abcdefghijklmnopqrstuvwxyz"
)

// generator makes the same catalog for the same seed.
type generator struct {
	rng       *rand.Rand
	places    []regions.Region
	providers int
	zipfs     map[int]*rand.Zipf
}

const providersWanted = 20_000

func newGenerator(seed uint64) (*generator, error) {
	all, err := regions.Load()
	if err != nil {
		return nil, err
	}
	g := &generator{rng: rand.New(rand.NewPCG(seed, 7)), zipfs: map[int]*rand.Zipf{}, providers: providersWanted}
	for _, r := range all {
		if r.Level <= regions.LevelCounty && r.Code != regions.Nation {
			g.places = append(g.places, r)
		}
	}
	return g, nil
}

// pick draws a word, the first ones most.
func (g *generator) pick(words []string) string {
	z, ok := g.zipfs[len(words)]
	if !ok {
		z = rand.NewZipf(g.rng, 1.15, 4, uint64(len(words)-1))
		g.zipfs[len(words)] = z
	}
	return words[z.Uint64()]
}

func (g *generator) any(words []string) string { return words[g.rng.IntN(len(words))] }

// provider is department i.
func (g *generator) provider(i int) (id, name, region string) {
	place := g.places[i%len(g.places)]
	b := business[(i/len(g.places))%len(business)]
	name = place.Name + b + "局"
	if n := i / (len(g.places) * len(business)); n > 0 {
		name = fmt.Sprintf("%s%s局第%d中心", place.Name, b, n)
	}
	return uuid("01910000", i), name, place.Code
}

// uuid has the form of a UUIDv7.
func uuid(prefix string, i int) string { return fmt.Sprintf("%s-0000-7000-8000-%012x", prefix, i) }

// resource is one entry with its code.
type resource struct {
	id, provider, region, code string
	entry                      catalog.Entry
	items                      int
}

var (
	attributes  = []catalog.Attribute{catalog.Conditional, catalog.Unconditional, catalog.Withheld}
	frequencies = []string{"daily", "monthly", "yearly", "realtime", "irregular", "weekly", "quarterly", "half_yearly"}
	levels      = []catalog.Level{catalog.General2, catalog.General1, catalog.General3, catalog.General4, catalog.Important}
	kinds       = []catalog.FormatKind{catalog.FormatDatabase, catalog.FormatSpreadsheet, catalog.FormatService, catalog.FormatDocument, catalog.FormatGraphic}
	methods     = []catalog.Method{catalog.ServiceAPI, catalog.BatchExchange, catalog.FileDownload}
)

// resource makes entry i of n, its provider by a skewed share. perItem is the
// mean number of items.
func (g *generator) resource(i int) resource {
	p := g.rng.IntN(g.providers)
	if g.rng.IntN(3) == 0 {
		p = g.rng.IntN(g.providers / 20) // some have many
	}
	providerID, providerName, region := g.provider(p)
	subject := g.pick(subjects)
	name := subject + g.pick(aspects) + g.pick(suffixes)
	if g.rng.IntN(2) == 0 {
		name = g.places[p%len(g.places)].Name + name
	}
	if g.rng.IntN(3) == 0 {
		name += fmt.Sprintf("(%d年)", 2010+g.rng.IntN(16))
	}
	class := classOf(i)
	r := resource{id: uuid("01920000", i), provider: providerID, region: region, code: g.codeOf(i)}
	n := 4 + g.rng.IntN(6)
	if i%6 == 0 {
		n++ // 6.67 on average
	}
	e := catalog.Entry{
		Name: name, ClassCode: class, Abstract: providerName + "在履行" + g.any(business) + "管理职责中形成的" + subject + g.pick(aspects) + "信息,用于" + g.any(subjects) + "核验和" + g.any(aspects) + "。",
		Format: "数据库", FormatKind: kinds[g.zipf(len(kinds))], Frequency: frequencies[g.zipf(len(frequencies))], Attribute: attributes[g.zipf(len(attributes))],
		Methods: methods[:1+g.rng.IntN(len(methods))], UseConditions: "依申请", ScopeOfUse: "各级政务部门", Level: levels[g.zipf(len(levels))],
		SourceSystem: subject + "管理平台", DutyBasis: "部门职责规定", Contact: "0311-80000000", OpenAttribute: "not_open",
	}
	switch g.rng.IntN(5) {
	case 0, 1:
		e.Collection = catalog.HostedCopy
	case 2, 3:
		e.Collection = catalog.LinkedService
	}
	seen := map[string]bool{}
	for len(e.Items) < n {
		item := g.item()
		if !seen[item.Code] {
			seen[item.Code] = true
			e.Items = append(e.Items, item)
		}
	}
	r.entry, r.items = e, n
	return r
}

func (g *generator) zipf(n int) int {
	z, ok := g.zipfs[n]
	if !ok {
		z = rand.NewZipf(g.rng, 1.15, 4, uint64(n-1))
		g.zipfs[n] = z
	}
	return int(z.Uint64())
}

// item draws one of some 20,000 items.
func (g *generator) item() catalog.Item {
	noun, owner := g.pick(nouns), ""
	if g.rng.IntN(3) > 0 {
		owner = g.pick(owners)
	}
	if g.rng.IntN(4) == 0 {
		owner = g.pick(subjects) + owner
	}
	h := 0
	for _, r := range owner + noun {
		h = h*31 + int(r)
	}
	h &= 1<<40 - 1
	code := make([]byte, 0, 8)
	for n := 0; n < 3+h%4; n++ {
		code = append(code, letters[(h>>(n*5))%26])
	}
	if h%3 == 0 {
		code = append(code, "_id"...)
	}
	return catalog.Item{Code: string(code), Name: owner + noun, Type: "C", Length: 50, Level: catalog.General1, Description: owner + noun}
}

func entryJSON(e catalog.Entry) string {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// codeOf gives the code of entry i, whose class depends on it alone.
func (g *generator) codeOf(i int) string { return fmt.Sprintf("%s/%06d", classOf(i), i) }

// classOf is the class of entry i.
func classOf(i int) string {
	h := uint32(i) * 2654435761
	return fmt.Sprintf("%d%02d%03d", 1+h%3, 1+(h>>4)%20, 1+(h>>10)%12)
}

// forked makes a generator of the same catalog with numbers of its own.
func (g *generator) forked(seed uint64) *generator {
	return &generator{rng: rand.New(rand.NewPCG(seed, 8)), zipfs: map[int]*rand.Zipf{}, places: g.places, providers: g.providers}
}
